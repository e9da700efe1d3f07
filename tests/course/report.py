"""What a student is told of a grading: one text for each, in the folder REPORTS."""
import hashlib
import os
import re

from catalogue import printable

DETAILS = ("full", "visible", "none")


def open_words(verdict, details):
    """What the student may read of a verdict. Of a hidden case only that it is one, unless the lecturer shows all."""
    if details == "none":
        return []
    counted = [f"{verdict.cases[0]} of {verdict.cases[1]} cases are right"] if verdict.cases else []
    if verdict.hidden and details != "full" and not verdict.passed:
        return counted + ["in a hidden case: one that `make check` does not try"]
    return counted + [printable(word) for word in verdict.words]


def told(verdict, details):
    """The lines under a verdict: also what the program printed, unless hidden cases may be in it."""
    open_to_all = details == "visible" and not verdict.hidden and not verdict.cases
    printed = verdict.printed if details == "full" or open_to_all else []
    return open_words(verdict, details) + [printable(line) for line in printed]


def file_name(student):
    """Another one for every student: what had to be changed, or cut, gets letters of its own (a:b is not a_b)."""
    name = re.sub(r"[/\\:]", "_", student).lstrip(".")[:50]
    own = hashlib.sha256(student.encode("utf-8", "backslashreplace")).hexdigest()[:8]
    return (name if name == student else f"{name}-{own}") + ".txt"


def write(folder, student, rows, details):
    """In folder/file_name(); rows: (exercise, verdict, points)."""
    rows = list(rows)
    lines = [student, f"{round(sum(row[2] for row in rows), 1)} of {sum(row[0].points for row in rows)} points", ""]
    for exercise, verdict, points in rows:
        lines.append(f"{exercise.id}  {verdict.state}  {points} of {exercise.points}")
        words = told(verdict, details)
        if verdict.state == "missing" and not words and details != "none":
            words = [f"no {exercise.file} was found"]
        lines += ["    " + line for line in words]
    with open(os.path.join(folder, file_name(student)), "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write("\n".join(lines) + "\n")
