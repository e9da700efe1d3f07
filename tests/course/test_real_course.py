#!/usr/bin/env python3
"""The real course: its exercises, its checkers, a handout of it, and the page of idioms that quotes the library."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "house"))

import house
from mini import REAL, Course, git


# ---- Its pages ---------------------------------------------------------------------------------------------------

BLOCK = re.compile(r"^```c\n(.*?)^```", re.M | re.S)


def untrue_snippets(page):
    """What docs/c_idioms.md quotes must stand in the file that it names, line by line, and so must the function."""
    for block in BLOCK.findall(page):
        head, *lines = block.rstrip("\n").split("\n")
        named = re.fullmatch(r"/\* (\S+): (\w+) \*/", head)
        if not named:
            yield f"{head}: not a comment `FILE: function`"
            continue
        file, name = named.groups()
        text = house.read(file) if os.path.exists(os.path.join(REAL, file)) else ""
        if not re.search(rf"^[A-Za-z_][^;\n]*\b{name}\(", text, re.M):
            yield f"{file}: no function {name}"
        there = [line.rstrip() for line in text.split("\n")]
        yield from (f"{file}: no line `{line}`" for line in lines if line.rstrip() not in there)


def the_idioms_are_quoted_from_the_library():
    page = house.read("docs/c_idioms.md")
    assert len(BLOCK.findall(page)) >= 10
    house.expect_none(list(untrue_snippets(page)))
    false = "```c\n/* common/math/mat.h: mat_cols */\nint x;\n```\n```c\n/* common/math/mat.h: no_such */\n```\n"
    assert len(list(untrue_snippets(false))) == 2


# ---- The real course ----------------------------------------------------------------------------------------------

def the_real_exercises_are_whole_and_can_be_walked():
    """Lint judges every solution, and build/course remembers that for the walk."""
    with Course(real=True) as c:
        c.says("lint", holds=" 0 complaints", COURSE_SECONDS="10")
        c.says("walk", program="walk.py", holds="walked", COURSE_SECONDS="10")


def the_real_checkers_see_what_was_tried_on_them():
    """Every third of what is compiled, since all of it takes minutes: make tried-exercises."""
    with Course(real=True) as c:
        c.says("tried", holds=" 0 complaints", COURSE_SECONDS="3", TRIED_EVERY="3")


def a_real_handout_builds_and_checks():
    """From a copy in which everything is committed, whatever the state of the one that is tested."""
    with tempfile.TemporaryDirectory(prefix="headlight-handout-") as folder:
        copy, out = os.path.join(folder, "copy"), os.path.join(folder, "handout")
        for name in house.own_files():
            os.makedirs(os.path.dirname(os.path.join(copy, name)), exist_ok=True)
            shutil.copy2(os.path.join(REAL, name), os.path.join(copy, name))
        git(copy, "init", "-q")
        git(copy, "add", "-A")
        git(copy, "commit", "-q", "-m", "all")
        environment = {key: value for key, value in os.environ.items()
                       if not key.startswith("MAKE") and key not in ("MFLAGS", "BUILD")}
        done = subprocess.run([sys.executable, os.path.join(copy, "tests/course/course.py"), "handout"], cwd=copy,
                              env=dict(environment, OUT=out, STAGES="17", BLANK="mat_cols mask_print"),
                              capture_output=True, text=True)
        assert done.returncode == 0 and "2 bodies emptied" in done.stdout, done.stdout + done.stderr
        make_in(out, environment, "start", 0, "copied 6 exercises")
        make_in(out, environment, "check", 2, "17.1")
        for name in ("ex2.c", "ex3.c"):
            shutil.copyfile(os.path.join(REAL, "tests/course/17_bert/solutions", name),
                            os.path.join(out, "work/17_bert", name))
        make_in(out, environment, "check-17.2", 2, "17.2 wrong")       # its mat_cols is empty: wrong, and no crash
        make_in(out, environment, "solution-17.2", 2, "there are no solutions in this copy")
        make_in(out, environment, "lint-exercises", 2, "nothing to lint")
        with open(os.path.join(REAL, "common/math/mat.h"), encoding="utf-8") as whole:
            with open(os.path.join(out, "common/math/mat.h"), "w", encoding="utf-8") as emptied:
                emptied.write(whole.read())
        make_in(out, environment, "check-17.2", 0, "17.2 passed")


def make_in(folder, environment, target, code_wanted, words):
    done = subprocess.run([os.environ.get("MAKE", "make"), "-s", "CFLAGS=-O0", target], cwd=folder, env=environment,
                          capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert done.returncode == code_wanted and words in said, f"make {target}: exit {done.returncode}\n{said}"

if __name__ == "__main__":
    solutions = [the_real_exercises_are_whole_and_can_be_walked]  # all that make test-course repeats
    house.main(solutions if os.environ.get("HOSTILE") == "all" else [
        the_idioms_are_quoted_from_the_library, *solutions, the_real_checkers_see_what_was_tried_on_them,
        a_real_handout_builds_and_checks])
