"""Functions of the course that have a judge of their own (bodies/): a handout which came with them empty (BLANK) is
graded as an exercise is. The verdict is made outside, by the course's own function or its definition, and the student's
file runs alone, with random cases that nobody has seen.

bodies/bodies.tsv has a row for each: name, place (its file), judge, points, minutes. bodies/JUDGE.c gives the cases,
bodies/JUDGE.run.c is compiled behind the student's file, so it may call functions that are static there, and
bodies/JUDGE.tried holds wrong answers that the judge must see (tried.py), as changes of the file."""
import os
from concurrent.futures import ThreadPoolExecutor
from glob import glob

import judge
from apart import RUNNING, Handed, Room
from catalogue import Trouble, counted, path, read, shown, source
from tried import answers_of

COLUMNS = ["name", "place", "judge", "points", "minutes"]
HOME = path("tests", "course", "bodies")
POINTS = 3                  # for a function that is not in the table: a stage's hardest exercise has about as many


class Body:
    """A row of the table, with what a Room, a judge and tried.py want of an exercise."""
    kind, hidden = "code", ""

    def __init__(self, row):
        self.name, self.place, stem = row["name"], row["place"], row["judge"]
        self.points, self.minutes = int(row["points"]), int(row["minutes"])
        self.id, self.file = f"body-{stem}", os.path.basename(self.place)
        self.checker, self.runner = os.path.join(HOME, stem + ".c"), os.path.join(HOME, stem + ".run.c")
        self.tried, self.solution = os.path.join(HOME, stem + ".tried"), path(self.place)

    def points_text(self):
        return counted(self.points)

    def handed(self, text, halves=None):
        """A student's file, this text, with ours around it. A stage's has its headers, and the stage's other files.
        halves: of the file, when others of its bodies are asked for, too."""
        line, alone = f'#line 1 "{self.place}"\n', "#define main main_of_the_stage\n"
        alone = alone if self.place.startswith("stages/") else ""
        runner = f'\n#line 1 "{shown(self.runner)}"\n{read(self.runner)}'
        objects = judge.our_objects(RUNNING, False) + siblings(self.place)
        if halves:
            objects.append(judge.our_text(alone + line + halves.ours + runner, os.path.dirname(self.place)))
        text = line + halves.theirs if halves else alone + line + text + runner
        return Handed(text.encode("utf-8", "replace"), headers_of(self.place), objects, self.place,
                      halves.renamed if halves else ())


def siblings(place):
    """Objects of the other files of a stage; none for a file of common/."""
    names = sorted(glob(path(os.path.dirname(place), "*.c"))) if place.startswith("stages/") else []
    return [judge.our_object(name, False) for name in names if name != path(place)]


def headers_of(place):
    """{name: bytes}, what lies beside a file of a stage."""
    names = sorted(glob(path(os.path.dirname(place), "*.h"))) if place.startswith("stages/") else []
    return {os.path.basename(name): source(name) for name in names}


def table():
    """{(name, place): Body}; empty in a copy of the course that has none."""
    name = os.path.join(HOME, "bodies.tsv")
    lines = read(name).rstrip("\n").split("\n") if os.path.exists(name) else ["\t".join(COLUMNS)]
    rows = [line.split("\t") for line in lines]
    if rows[0] != COLUMNS or any(len(row) != len(COLUMNS) for row in rows):
        raise Trouble(f"{shown(name)}: not a table of {', '.join(COLUMNS)}, between tabs")
    bodies = [Body(dict(zip(COLUMNS, row))) for row in rows[1:]]
    return {(body.name, body.place): body for body in bodies}


def surprises(kind, judges=None):
    """(how many answers were tried, lines on those that a judge got wrong), of all judges or of those named. kind: of
    sandbox. Our own file must pass, too."""
    room = Room(kind)

    def complaint(tried):
        body, right, title, text = tried
        verdict = room.verdict(body, body.handed(text))
        return None if verdict.passed == right and verdict.state != "does not compile" else (
            f"{body.id}: {'right' if right else 'wrong'}: {title}: {verdict.state}: " + " / ".join(verdict.words))

    try:
        chosen = [body for body in {body.id: body for body in table().values()}.values()
                  if judges is None or body.id[len("body-"):] in judges]
        every = [(body, True, "ours", read(body.solution)) for body in chosen]
        every += [(body, answer.right, answer.title, answer.text) for body in chosen for answer in answers_of(body)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            complaints = list(pool.map(complaint, every))
    finally:
        room.close()
    return len(every), [line for line in complaints if line]
