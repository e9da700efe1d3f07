"""Which exercises there are, and where their files lie. A new one is found by its place; there is no list to edit."""
import codecs
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KINDS = ("code", "measure", "think")
COLUMNS = ["id", "stars", "minutes", "kind", "points", "title"]


# (coding, its byte-order mark, which bytes of the first character are not 0), the longer ones first
WIDE = (("utf-32-le", codecs.BOM_UTF32_LE, (True, False, False, False)),
        ("utf-32-be", codecs.BOM_UTF32_BE, (False, False, False, True)),
        ("utf-16-le", codecs.BOM_UTF16_LE, (True, False)), ("utf-16-be", codecs.BOM_UTF16_BE, (False, True)))


class Trouble(Exception):
    """Ends the program with one line on stderr. code: 1 bad data, 2 usage, 3 the machine."""

    def __init__(self, words, code=1):
        super().__init__(words)
        self.code = code


def path(*parts):
    return os.path.join(ROOT, *parts)


def shown(name):
    """A path as people type it: from the course's root."""
    inside = os.path.relpath(name, ROOT)
    return name if inside.startswith("..") else inside


def source(name):
    """The bytes of a text as a compiler likes them: UTF-8 without a byte-order mark, which some editors write, or even
    UTF-16 or UTF-32; without a mark those show by the zeros around the first character, which is a sign of ASCII."""
    with open(name, "rb") as file:
        text = file.read()
    for wide, mark, first in WIDE:
        if text.startswith(mark) or len(text) >= 4 and tuple(map(bool, text[:len(first)])) == first:
            return text.removeprefix(mark).decode(wide, "replace").encode("utf-8", "replace")
    return text.removeprefix(codecs.BOM_UTF8)


def read(name):
    return source(name).decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")


class Exercise:
    """One exercise K of stage NN: `17.2`. All paths are absolute."""

    def __init__(self, stage, row, after=""):
        self.stage, self.number, self.after = stage, stage[:2], after     # after: the stage that it waits for, or ""
        self.k, self.stars, self.minutes, self.points = (int(row[c]) for c in ("id", "stars", "minutes", "points"))
        self.kind, self.title = row["kind"], row["title"]
        self.id = f"{self.number}.{self.k}"
        self.file = f"ex{self.k}.{'c' if self.kind == 'code' else 'txt'}"
        self.starter = path("stages", stage, "exercises", self.file)
        self.work = path("work", stage, self.file)
        self.pristine = path("work", ".starters", stage, self.file)
        self.home = path("tests", "course", stage)
        self.checker = os.path.join(self.home, f"ex{self.k}.c")             # none for kind think
        self.runner = os.path.join(self.home, f"ex{self.k}.run.c")          # kind code
        self.tried = os.path.join(self.home, f"ex{self.k}.tried")           # kind code
        self.hidden = os.path.join(self.home, f"ex{self.k}.hidden.c")       # may be missing
        self.hint = os.path.join(self.home, f"ex{self.k}.hint")
        self.why = os.path.join(self.home, f"ex{self.k}.why")               # kind think
        self.solution = os.path.join(self.home, "solutions", self.file)
        self.answers = os.path.join(self.home, "answers.tsv")
        self.variant = os.path.join(self.home, f"ex{self.k}.variant")       # may be missing
        self.values = values_of(self.home, self.k)      # of a student's own handout: what the question asks for

    def hints(self):
        """The steps of its hint, none when there is no file."""
        if not os.path.exists(self.hint):
            return []
        return [part.strip("\n") for part in ("\n" + read(self.hint)).split("\n--\n")]

    def points_text(self):
        return counted(self.points)


def counted(points):
    return f"{points} point{'' if points == 1 else 's'}"


def values_of(home, k):
    """{name: value} of an exercise in a stage's variant.tsv, which a student's own handout has (variants.py)."""
    name = os.path.join(home, "variant.tsv")
    rows = [line.split("\t") for line in read(name).split("\n")] if os.path.exists(name) else []
    return {row[1]: row[2] for row in rows if len(row) == 3 and row[0] == str(k)}


def table(name):
    """Rows of exercises.tsv as dictionaries; says FILE:line when one is wrong."""
    lines = read(name).split("\n")
    if lines[0].split("\t") != COLUMNS:
        raise Trouble(f"{shown(name)}:1: not the header (expected {' '.join(COLUMNS)}, between tabs)")
    rows = []
    for number, line in enumerate(lines[1:], 2):
        if not line:
            continue
        cells = line.split("\t")
        where = f"{shown(name)}:{number}: "
        if len(cells) != len(COLUMNS):
            raise Trouble(f"{where}{len(cells)} columns (expected {len(COLUMNS)}: {' '.join(COLUMNS)}, between tabs)")
        row = dict(zip(COLUMNS, cells))
        for column, most in (("id", 99), ("stars", 4), ("minutes", 120), ("points", 100)):
            if not re.fullmatch(r"[1-9]\d*", row[column]) or int(row[column]) > most:
                raise Trouble(f"{where}{column} is {row[column]!r} (expected a whole number from 1 to {most})")
        if row["kind"] not in KINDS:
            raise Trouble(f"{where}kind is {row['kind']!r} (expected {', '.join(KINDS)})")
        if row["id"] in [other["id"] for other in rows]:
            raise Trouble(f"{where}exercise {row['id']} is there twice")
        rows.append(row)
    return rows


def stages():
    """Names of the stages that have exercises, in the order of the course."""
    folder = path("stages")
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    return [name for name in names if re.match(r"\d\d_", name)
            and os.path.exists(os.path.join(folder, name, "exercises", "exercises.tsv"))]


def waiting(stage):
    """{K: NN} of a stage's after.tsv: exercises that need what stage NN tells, and so come behind it."""
    name = path("stages", stage, "exercises", "after.tsv")
    lines = read(name).split("\n") if os.path.exists(name) else ["id\tafter"]
    if lines[0] != "id\tafter" or not all(re.fullmatch(r"(\d+\t\d\d)?", line) for line in lines[1:]):
        raise Trouble(f"{shown(name)}: not a table of exercises and stages (expected id, a tab, after)")
    return {int(k): after for k, after in (line.split("\t") for line in lines[1:] if line)}


def exercises(chosen=None):
    """All exercises, or those of the stages (by number) in `chosen`, in the order in which they can be solved."""
    found = []
    for stage in stages():
        if chosen is None or stage[:2] in chosen:
            rows, later = table(path("stages", stage, "exercises", "exercises.tsv")), waiting(stage)
            found += [Exercise(stage, row, later.get(int(row["id"]), "")) for row in rows]
    return sorted(found, key=lambda e: (e.after or e.number, bool(e.after)))


def full_name(name):
    """2.3 is 02.3, and 2 is 02."""
    return re.sub(r"^(\d)(\.|$)", r"0\1\2", name)


def one(name, verb="check"):
    """The exercise called NN.K; verb: what somebody wants of it, for the advice when there is none."""
    every = exercises()
    name = full_name(name)
    for exercise in every:
        if exercise.id == name:
            return exercise
    same = [exercise.id for exercise in every if exercise.number == name.split(".")[0]]
    known = ", ".join(stage[:2] for stage in stages()) or "none"
    if name in [stage[:2] for stage in stages()]:
        raise Trouble(f"{name} is a stage, and its exercises are {', '.join(same)}. Try: make {verb}-{same[0]}", 2)
    there = ", ".join(same) if same else f"stages with exercises: {known}"
    raise Trouble(f"no exercise {name} (there are {there})", 2)


def chosen_stages(words):
    """The text of STAGES="10 11" as numbers, or None for all. Unknown ones are an error."""
    numbers = [word[:2] if word in stages() else word for word in words.replace(",", " ").split()]
    known = [stage[:2] for stage in stages()]
    for number in numbers:
        if number not in known:
            raise Trouble(f"no stage {number} with exercises (there are {', '.join(known) or 'none'})", 2)
    return sorted(set(numbers)) or None


def chosen_exercises(every, words):
    """Of these, the ones in EXERCISES="10.2 10.3": all without it, none for `none`."""
    names = [full_name(word) for word in words.replace(",", " ").split()]
    if names == ["none"]:
        return []
    for name in names:
        if name not in [exercise.id for exercise in every]:
            raise Trouble(f"EXERCISES: no exercise {name} (there are {', '.join(e.id for e in every)}; or none)", 2)
    return [exercise for exercise in every if not names or exercise.id in names]


TURNING = r"[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"          # letters that turn or break a line of text


def printable(text):
    """One line of what others wrote: it may hold bytes that are no UTF-8, that a terminal obeys, or that turn the line
    around."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return re.sub(r"[\x00-\x1f\x7f-\x9f]|" + TURNING, lambda match: ascii(match.group(0))[1:-1], text)


def student_name(student):
    """As in a table, one for each: a backslash of their own is doubled."""
    return printable(student.replace("\\", "\\\\"))


def warn(words):
    print(f"course: note: {words}", file=sys.stderr)
