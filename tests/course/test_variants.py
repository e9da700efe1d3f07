#!/usr/bin/env python3
"""Variants: forty students, forty answer keys, from their ids alone; each gets full marks, and no neighbour's does."""
import csv
import math
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "house"))

import answers
import catalogue
import house
import truths
import variants
from mini import Course, git, surroundings

STUDENTS = [f"s{1000 + 37 * i}" for i in range(40)]
NUMBERS = " | ".join(map(str, range(2, 3000)))
ROOT_CHECK = '''#include "judge.h"
#include <math.h>
void check(void) {
    input("the root");
    answer_number("root", sqrt(variant_number("number", 2)), 1e-4);
}
'''


def small():
    """The small course with a question that has a number in it."""
    c = Course()
    c.write("stages/01_one/exercises/ex2.txt", "Exercise 01.2: a root\nCheck: make check-01.2\n\n"
            "Of 2, I mean.\n\nanswer:\n")
    c.write("tests/course/01_one/ex2.c", ROOT_CHECK)
    c.write("tests/course/01_one/ex2.variant", f"# told\nnumber\t{NUMBERS}\tOf {{}}, I mean\n")
    return c


def key_of(c, student, code=0, **more):
    """{exercise: answer} as `make key` tells it."""
    done = c.run("key", VARIANT=student, EXERCISES="01.2 01.3", **more)
    assert done.returncode == code, done.stderr
    return {line.split("  ")[0]: line.split("  ")[1] for line in done.stdout.strip().split("\n")}


def a_question_is_reworded_in_one_go():
    """A value that was put in is not put out again by another knob's place."""
    mine = [variants.Knob("made", "a\t3 | 4\tfrom {}\tto {} too"), variants.Knob("made", "b\t4 | 3\t{} is b")]
    text = variants.reworded("from 3 and 4; to 3 too; 4 is b", mine, {"a": "4", "b": "3"})
    assert text == "from 4 and 4; to 4 too; 3 is b", text


def choices_of(text):
    return {match.group(1): match.group()[2:] for match in variants.CHOICE.finditer(text)}


def letters_are_dealt_anew():
    """Each choice keeps its words, the right one is there for everybody, and every letter is somebody's answer."""
    think = [e for e in catalogue.exercises() if e.kind == "think"]
    right = {}
    for exercise in think:
        words = choices_of(catalogue.read(exercise.starter))
        wanted = next(words[letter] for letter in words if answers.is_right(exercise, letter))
        for student in STUDENTS:
            mine = variants.Mine(exercise, student)
            dealt = choices_of(mine.texts["starter"])
            assert list(dealt) == list("abcdef")[:len(dealt)] and set(dealt.values()) <= set(words.values()), dealt
            assert dealt[mine.right()] == wanted and 3 <= len(dealt) >= min(4, len(words)), (exercise.id, dealt)
            assert mine.texts["why"].count("\n") == len(dealt) - 1, exercise.id
            right.setdefault(exercise.id, set()).add(mine.right())
    assert all(len(letters) >= 3 for letters in right.values()), right


def lowest_temperature(share):
    """In tenths from 1.0 on, until the largest of the book's nine logits has less than this share."""
    logits, tenths = (4.51, 0.89, -1.90, 6.75, 1.63, -1.62, -1.89, 6.28, 1.79), 10
    while 1 / sum(math.exp((z - 6.75) / (tenths / 10)) for z in logits) >= float(share):
        tenths += 1
    return [tenths / 10]


FORMULAS = {
    "01.1": lambda line: [len(line), len(line.encode()), 4 * len(line)],
    "10.1": lambda window: [1000 * (2 * window + 1) - window * (window + 1)],
    "10.5": lambda narrow, wide: [-(-999 // narrow), -(-999 // wide)],
    "12.1": lambda width: [12 * width ** 2 + 10 * width],
    "16.1": lowest_temperature,
    "18.1": lambda places: [124439808 + 50257 * 768 + (places - 1024) * 768],
}


def forty_students_have_forty_keys():
    """The course's own, worked out in C; those of FORMULAS are worked out here, too."""
    every = [e for e in catalogue.exercises(["01", "05", "06", "07", "09", "10", "12", "13", "16", "18"])
             if e.kind != "code"]
    keys, formulas = {}, 0
    with truths.Truths() as known:
        for student in STUDENTS:
            made = [variants.Mine(exercise, student) for exercise in every]
            keys[student] = tuple(known.answer(mine) for mine in made)
            for mine, answer in zip(made, keys[student]):
                if mine.usual.id in FORMULAS:
                    values = {name: int(value.replace(",", "")) if value.replace(",", "").isdecimal() else value
                              for name, value in mine.exercise.values.items()}
                    wanted = FORMULAS[mine.usual.id](**values)
                    assert [float(word) for word in answer.split()] == wanted, (mine.usual.id, values, answer)
                    formulas += 1
    assert len(set(keys.values())) == len(STUDENTS) and formulas == len(FORMULAS) * len(STUDENTS), keys


def each_key_is_graded_and_no_neighbours():
    with small() as c:
        keys = {student: key_of(c, student) for student in STUDENTS}
        assert len({tuple(key.values()) for key in keys.values()}) == len(STUDENTS), keys
        assert key_of(c, STUDENTS[0].upper()) == keys[STUDENTS[0]], "an id has no capitals"
        for at, student in enumerate(STUDENTS):
            handed = [(f"Own, {student}_file", keys[student])]
            handed += [(f"next {student}", keys[STUDENTS[at - 1]])] if at % 4 == 0 else []
            for folder, key in handed:
                for k, text in key.items():
                    c.write(f"in/{folder}/work/01_one/ex{k[-1]}.txt", f"answer: {text}\n")
        for folder in ("nobody", f"{STUDENTS[0]} {STUDENTS[1]}", f"x{STUDENTS[0]}"):
            c.write(f"in/{folder}/work/01_one/ex2.txt", f"answer: {keys[STUDENTS[0]]['01.2']}\n")
        for k, text in keys[STUDENTS[2]].items():                       # Moodle's own name for it, and the id in it
            c.write(f"in/Li_7_assignsubmission_file_/{STUDENTS[2]}/work/01_one/ex{k[-1]}.txt", f"answer: {text}\n")
        c.write("ids.txt", "# the class\n" + "\n".join(STUDENTS) + "\n")
        c.says("grade", DIR="in", CSV="grades.csv", VARIANT="ids.txt", EXERCISES="1.2 1.3",
               holds=["54 submissions graded", f"the id {STUDENTS[0].lower()} is in the names of "
                      f"Own, {STUDENTS[0]}_file, next {STUDENTS[0]}"])
        with open(c.path("grades.csv"), encoding="utf-8", newline="") as file:
            rows = {row["student"]: row for row in csv.DictReader(file)}
        assert all(row["total"] == row["possible"] == "2" for name, row in rows.items() if name.startswith("Own")), rows
        assert not [row for name, row in rows.items() if name.startswith("next") and row["01.2"] != "0"], rows
        assert rows["Li_7_assignsubmission_file_"]["total"] == "2", rows["Li_7_assignsubmission_file_"]
        for name, why in (("nobody", "no id"), (f"{STUDENTS[0]} {STUDENTS[1]}", "more than one id"),
                          (f"x{STUDENTS[0]}", "no id")):
            assert rows[name]["01.2 verdict"] == "cannot be judged here", rows[name]
            assert f"holds {why} of ids.txt" in rows[name]["why"], rows[name]
        c.says("grade", DIR="in", CSV="x.csv", VARIANT="s1", code=2, holds="no file (expected the ids")
        c.write("twice.txt", "a1\nA1\n")
        c.says("grade", DIR="in", CSV="x.csv", VARIANT="twice.txt", code=1, holds="a1 is there twice")


def a_handout_is_one_students():
    with small() as c:
        for link in ("data", "docs", "common"):
            os.remove(c.path(link))
        c.write(".gitignore", "/build/\n/work/\n/handout*/\n")
        c.write("README.md", "# Us\n\n## Course\n\nx\n")
        git(c.root, "init", "-q")
        git(c.root, "add", "-A")
        git(c.root, "commit", "-q", "-m", "first")
        c.says("handout", OUT="handout", VARIANT="S 1", code=2, holds="is no id")
        c.says("handout", OUT="handout", STAGES="01", VARIANT=STUDENTS[3], holds="3 exercises")
        os.symlink(os.path.join(house.ROOT, "common"), c.path("common"))
        os.symlink(os.path.join(house.ROOT, "common"), c.path("handout/common"))
        key, other = key_of(c, STUDENTS[3]), key_of(c, STUDENTS[4])
        mine = variants_of(c, "01.2", STUDENTS[3])
        assert f"Of {mine}, I mean." in c.read("handout/stages/01_one/exercises/ex2.txt")
        assert f"those of **{STUDENTS[3]}**" in c.read("handout/README.md")
        files = git(c.path("handout"), "ls-files")
        assert not [word for word in (".variant", "truths.py", "solutions", "test_") if word in files], files
        here = lambda *words, **more: subprocess.run(                                   # noqa: E731
            [sys.executable, "tests/course/course.py", *words], cwd=c.path("handout"), capture_output=True, text=True,
            env=c.environment(**more))
        for name, answer in [*other.items(), *key.items()]:
            c.write(f"handout/work/01_one/ex{name[-1]}.txt", f"answer: {answer}\n")
            code = here("check", name).returncode
            assert code == 0 if answer == key[name] else code == 1, (name, answer, code)
        refused = here("key", VARIANT=STUDENTS[3])
        assert refused.returncode == 2 and not refused.stdout and "a handout has no answers" in refused.stderr


def variants_of(c, name, student):
    """The number that `make key` names beside the answer."""
    said = c.run("key", VARIANT=student, EXERCISES=name).stdout.split()
    return said[said.index("number") + 1]


if __name__ == "__main__":
    os.environ.update(surroundings())
    house.main([a_question_is_reworded_in_one_go, letters_are_dealt_anew, forty_students_have_forty_keys,
                each_key_is_graded_and_no_neighbours, a_handout_is_one_students])
