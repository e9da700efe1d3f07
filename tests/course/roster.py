"""Tables that Moodle and Canvas export, filled with points and handed back for import. Both want the very columns that
they gave out, so nothing is added and nothing reordered.

Moodle's grading worksheet (Identifier, Full name, Grade, Feedback comments, ...) knows who handed in what: its folders
are called NAME_NUMBER_assignsubmission_file, and NUMBER stands in the Identifier. Moodle's gradebook and Canvas's
export have a column for each assignment, which TITLE names; Canvas's submissions are called NAME_NUMBER_..., NUMBER
being the student's ID. Else a folder is found by name, e-mail address or login."""
import csv
import io
import os
import re

from catalogue import Trouble, read, warn

WHO = ("Identifier", "Full name", "Email address", "ID number", "Username", "Student", "ID", "SIS User ID",
       "SIS Login ID")                                          # columns that may name a student
GRADE, FEEDBACK, MOST = "Grade", "Feedback comments", "Maximum grade"


def plain(name):
    """For comparing: `Hopper, Grace` and `grace hopper` are one."""
    last, comma, first = name.partition(",")
    return " ".join((f"{first} {last}" if comma else name).lower().split())


def numbers_of(student):
    """What a folder or archive of Moodle's or Canvas's says of whose it is."""
    return re.findall(r"_(\d+)(?=_)", student)


class Roster:
    """kind: moodle or canvas; column: the grade's."""

    def __init__(self, name, title):
        self.rows = [row for row in csv.reader(io.StringIO(read(name))) if row]
        self.header = self.rows.pop(0) if self.rows else []
        self.kind = "canvas" if "Student" in self.header and "ID" in self.header else "moodle"
        columns = [GRADE] if "Identifier" in self.header else [
            column for column in self.header if title and re.search(rf"(^|: ){re.escape(title)}( \(|$)", column)]
        if not any(word in self.header for word in WHO) or len(columns) != 1 or columns[0] not in self.header:
            raise Trouble(f"{name}: no column for the grades was found, or several. Try: the grading worksheet of "
                          "Moodle, or an exported gradebook and TITLE=\"the assignment's name\"", 2)
        self.column, self.name = columns[0], name

    def cell(self, row, column):
        at = self.header.index(column) if column in self.header else len(row)
        return row[at].strip() if at < len(row) else ""

    def is_of(self, row, student):
        numbers = numbers_of(student)[:1 if self.kind == "canvas" else None]        # then comes the attachment's
        if numbers and ("Identifier" in self.header or self.kind == "canvas"):
            return (self.cell(row, "Identifier").split()[-1:] or [self.cell(row, "ID")])[0] in numbers
        stem = plain(re.sub(r"\.(zip|tar\.gz|tgz)$", "", student))
        return any(stem == plain(self.cell(row, column)) for column in WHO if self.cell(row, column)) or stem == plain(
            f"{self.cell(row, 'First name')} {self.cell(row, 'Last name') or self.cell(row, 'Surname')}")

    def filled(self, grades):
        """(header, rows) with the points of grades: (student, points, possible, why)."""
        rows, nobody, whose = [list(row) + [""] * (len(self.header) - len(row)) for row in self.rows], [], {}
        for student, points, possible, why in grades:
            mine = [row for row in rows if self.is_of(row, student)]
            if len(mine) != 1:
                nobody.append(student)
                continue
            if id(mine[0]) in whose:
                warn(f"{self.name}: {whose[id(mine[0])]} and {student} are one row, which has the points of the first")
                continue
            whose[id(mine[0])] = student
            mine[0][self.header.index(self.column)] = str(points)
            if FEEDBACK in self.header:
                mine[0][self.header.index(FEEDBACK)] = why
            most = self.cell(mine[0], MOST)
            if re.fullmatch(r"[\d.]+", most) and float(most) != possible:
                warn(f"{self.name}: {MOST} is {most}, but {possible} points are possible")
        if nobody:
            warn(f"{self.name}: no row, or several, for {', '.join(nobody[:5])}"
                 + (f" and {len(nobody) - 5} more" if len(nobody) > 5 else ""))
        return self.header, rows


def opened(name, title):
    if not name:
        return None
    if not os.path.isfile(name):
        raise Trouble(f"ROSTER: {name} is no file (expected what Moodle or Canvas exports)", 2)
    return Roster(name, title)
