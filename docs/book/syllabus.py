#!/usr/bin/env python3
"""The course as one table: minutes told, exercises, points, terms told, picture of each stage.

    python3 docs/book/syllabus.py      prints docs/syllabus.md; `make docs` writes it there, and a test compares

Nothing is counted by hand: minutes stand in a lecture's first line, exercises in exercises.tsv, the picture is the
lecture's first of its own."""
import os
import re

from markdown import ROOT, read

# The exercises that ask for a whole function of attention, from a row of scores to a layer of a real model: the
# learner's own function takes the place of one that the stage tells or common/attention has.
WHOLE = ("07.2 08.3 09.2 09.6 10.2 10.3 11.2 12.2 12.5 12.6 13.2 13.3 14.3 14.6 17.2 17.3 17.6 18.2 19.3 20.5").split()


class Stage:
    """One row: folder, number, title, tells, minutes to read, exercises, picture (words; the first file)."""

    def __init__(self, row):
        self.folder, self.title, self.tells, _, self.shows = row[:5]
        self.number = self.folder[:2]
        self.path = f"stages/{self.folder}/README.md"
        text = read(self.path)
        self.minutes = int(re.search(r"\((\d+) min\)", text.split("\n")[0]).group(1))
        rows = [line.split("\t") for line in read(f"stages/{self.folder}/exercises/exercises.tsv").split("\n")[1:]]
        columns = ("id", "stars", "minutes", "kind", "points", "title")
        self.exercises = [dict(zip(columns, row)) for row in rows if row[0]]
        self.whole = [row["id"] for row in self.exercises if f"{self.number}.{row['id']}" in WHOLE]
        first = re.search(r'<img src="((?:(?!machine_)[^"])+)"', text)     # the machine is in every lecture
        self.picture = first and os.path.normpath(os.path.join("stages", self.folder, first.group(1)))

    def total(self, column):
        return sum(int(row[column]) for row in self.exercises)


def terms():
    """(term, number of the stage that tells it, what it is, its forms) of each row of docs/terms.md."""
    if not os.path.exists(os.path.join(ROOT, "docs/terms.md")):
        return []
    lines = [line for line in read("docs/terms.md").split("\n") if line.startswith("|")]
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [row for row in rows if re.fullmatch(r"\d\d", row[1])]


def stages():
    rows = [line.split("\t") for line in read("stages/stages.tsv").split("\n") if line and line[0] != "#"]
    return [Stage(row) for row in rows if os.path.exists(os.path.join(ROOT, "stages", row[0], "exercises"))]


def markdown():
    course, told = stages(), [row[1] for row in terms()]
    lines = ["# Syllabus", "",
             "Minutes are for reading a lecture and for solving its exercises when nothing holds you up. *Attention* "
             "counts the exercises that ask for a whole function of it.", "",
             "| stage | minutes told | exercises | minutes | points | attention | terms told | the picture |",
             "|---|---:|---:|---:|---:|---:|---:|---|"]
    rows = [(stage.minutes, len(stage.exercises), stage.total("minutes"), stage.total("points"), len(stage.whole),
             told.count(stage.number)) for stage in course]
    for stage, row in zip(course, rows):
        numbers = " | ".join(map(str, row))
        lines.append(f"| [{stage.number} {stage.title}](../{stage.path}) | {numbers} | {stage.shows} |")
    sums = " | ".join(str(sum(column)) for column in zip(*rows))
    return "\n".join([*lines, f"| {len(course)} stages | {sums} | |"]) + "\n"


if __name__ == "__main__":
    print(markdown(), end="")
