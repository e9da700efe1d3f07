#!/usr/bin/env python3
"""What a learner reads of a wrong answer: a change of the solution goes to the judge of the course, and the words of
the verdict are looked at. What is wrong and what is right is in the exercises' .tried files."""
import functools
import glob
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "house")]
import house  # noqa: E402
from catalogue import one, read, shown  # noqa: E402
from mini import Course  # noqa: E402

LONGEST = 400       # characters of a line that somebody still reads


@functools.cache
def course():
    """One for all tests, with the exercises in its work/; gone when they end."""
    made = Course(real=True)
    made.run("start")
    return made


def says(name, *changes, behind="", state="wrong", holds=(), lacks=()):
    """Of a solution in which each (text, other text) was exchanged, `make check` says these words."""
    exercise = one(name)
    code = read(exercise.solution)
    for text, other in changes:
        assert text in code, f"{exercise.solution} has no {text!r}"
        code = code.replace(text, other)
    c = course()
    c.write(shown(exercise.work), code + behind)
    said = c.says("check", name, code=1, holds=[f"{name} {state}", *holds], lacks=lacks)
    long = [line for line in said.split("\n") if len(line) > LONGEST]
    assert not long, f"a line of {len(long[0])} characters: {long[0]}"


def a_main_of_ones_own_is_named():
    says("02.2", behind="int main(void) { return 0; }\n", state="does not compile", lacks="judge.c",
         holds=["your file has a main()", "the checker brings its own"])


def a_missing_header_is_named():
    says("01.2", ("    int length", '    printf("%d", character);\n    int length'), state="does not compile",
         holds=["#include <stdio.h> is missing at the top of your file"])
    says("01.2", ('#include "course.h"\n#include <stdint.h>\n', ""), state="does not compile",
         holds=["#include <stdint.h> is missing at the top of your file"])


def what_only_reads_is_told_from_what_writes():
    says("06.3", ("mat_row(x, i)[c] +=", "mat_at(x, i, c) +="), state="does not compile",
         holds=["mat_at(m, i, j) only reads; mat_row(m, i)[j] = ... writes"])


def a_text_without_an_end_is_short():
    says("02.2", ("    *out = '\\0';\n", ""), holds=["n = 6; tokens [Is] [it]", "No,Z"])


def bytes_beside_a_room_are_named():
    says("02.2", ("*out = '\\0';", "*out = '\\0'; for (int i = 1; i < 60; i++) out[i] = '#';"), lacks="##",
         holds=["nothing beside `out` is written"])


def of_long_texts_the_difference_is_shown():
    says("02.2", ("char *out) {", "char *out) {\n    char *first = out;"),
         ("*out = '\\0';", "*out = '\\0';\n    if (out - first > 3000) first[2000] = 'X';"),
         holds=["they differ from byte 2000 on", '..."_that_is', "liXe_of", "line_of", 'was_wi"...', "(68 bytes)"])


def nothing_is_called_nothing():
    says("02.3", ("return unknown;", "return n == 0 ? 9 : unknown;"), holds=["tokens (none)", "got       9"])


def a_mask_is_shown_by_its_row():
    says("10.3", ("band || border", "(i == 5 && j == 3) || band || border"),
         holds=["row 5 of the mask, query 5 and key 3", 'got       "'])


def a_view_is_called_a_view():
    says("14.2", ("mat_row(dweight, o)", "(dweight.data + o * dweight.cols)"),
         holds=["a Mat here is a view: row i begins at data + i * stride"])


def every_case_stands_alone():
    """A learner sees one case, the first that is wrong: "the same, causal" says nothing to them."""
    for file in sorted(glob.glob(os.path.join(house.ROOT, "tests", "course", "*", "ex*.c"))):
        leaning = re.findall(r'\binput\("(?:the same\b|again\b|as before)[^"]*', read(file))
        assert not leaning, f"{shown(file)}: {leaning}"


def a_reader_who_stops_is_not_scolded():
    c = course()
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run([sys.executable, c.path("tests/course/course.py"), "progress"], cwd=c.root, text=True,
                          env=c.environment(), stdout=write_end, stderr=subprocess.PIPE)
    os.close(write_end)
    assert (done.returncode, done.stderr) == (0, ""), (done.returncode, done.stderr)


if __name__ == "__main__":
    house.main([a_main_of_ones_own_is_named, a_missing_header_is_named,
                what_only_reads_is_told_from_what_writes, a_text_without_an_end_is_short, bytes_beside_a_room_are_named,
                of_long_texts_the_difference_is_shown, nothing_is_called_nothing, a_mask_is_shown_by_its_row,
                a_view_is_called_a_view, every_case_stands_alone, a_reader_who_stops_is_not_scolded])
