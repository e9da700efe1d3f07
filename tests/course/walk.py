#!/usr/bin/env python3
"""Walks the course as a newcomer, in the work/ of the copy that it lies in: at each exercise once with nothing done,
then with a wrong answer where one can be made up (think), then with the solution. test_real_course.py runs it in a
copy."""
import contextlib
import io
import os
import sys

import answers
import learner
from catalogue import exercises, read


def check():
    """(exit code, what `make check` says)"""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = learner.check()
    return code, said.getvalue()


def expect(condition, exercise, said):
    if not condition:
        sys.exit(f"at {exercise.id}: {said}")


def put(exercise, text):
    with open(exercise.work, "w", encoding="utf-8") as file:
        file.write(text)


def solve(exercise):
    """Writes the solution into the learner's file; of kind think, first a wrong one."""
    if exercise.kind != "think":
        put(exercise, read(exercise.solution))
        return
    letters, question = answers.choices(exercise), read(exercise.starter).rstrip()
    right = next(letter for letter in letters if answers.is_right(exercise, letter))
    put(exercise, f"{question} {next(letter for letter in letters if letter != right)}\n")
    code, said = check()
    expect(code == 1 and f"{exercise.id} wrong" in said, exercise, said)
    put(exercise, f"{question} {right}\n")


def main():
    every = exercises()
    with contextlib.redirect_stdout(io.StringIO()):
        learner.start()
    for exercise in every:
        code, said = check()
        helpful = f"{exercise.id} not started" in said and f"make check-{exercise.id}" in said \
            and os.path.relpath(exercise.work) in said
        expect(code == 1 and helpful, exercise, said)
        solve(exercise)
    code, said = check()
    waiting = said.count("passed over")
    expect(code == (1 if waiting else 0) and (waiting or f"All {len(every)} exercises pass" in said), every[-1], said)
    print(f"walked {len(every)} exercises" + (f", {waiting} of which could not be judged here" if waiting else ""))


if __name__ == "__main__":
    main()
