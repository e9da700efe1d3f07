#!/usr/bin/env python3
"""Every stage's golden output, each case a test; and the comparison itself, which must be able to say no.

BUILD=build/asan runs the sanitized programs. A case without its data is skipped. README.md tells what a case is.
"""
import os
import re
import shutil
import subprocess
import sys
import unittest.mock

import golden
from golden import compare, house

LONGEST_QUOTE = 90                                      # characters: a line of the story


def check(case):
    if case.missing():
        raise house.Skip(f"data/{', data/'.join(case.missing())} not there. Try: data/fetch.sh "
                         + " ".join(case.missing()))
    assert case.recorded() is not None, f"{case.record}: not there. Try: make golden STAGE={case.stage[:2]}"
    text, problem = case.run()
    assert problem is None, f"{case.command}: {problem}"
    difference = case.difference(text)
    assert not difference, f"{difference}\nTry: make golden STAGE={case.stage[:2]}"


def as_test(case):
    def test():
        check(case)
    test.__name__ = case.name
    return test


def every_stage_has_a_case():
    stages = {name for name in os.listdir(os.path.join(house.ROOT, "stages")) if all(
        os.path.exists(os.path.join(house.ROOT, "stages", name, file)) for file in ("main.c", "README.md"))}
    have = {case.stage for case in golden.cases()}
    house.expect_none([f"tests/golden/{name}: no case" for name in sorted(stages - have)])
    house.expect_none([f"tests/golden/{name}: there is no such stage" for name in sorted(have - stages)])


def every_record_has_its_command():
    folder = os.path.join(house.ROOT, golden.HERE)
    known = {case.record for case in golden.cases()} | {case.path for case in golden.cases()}
    found = [os.path.join(golden.HERE, stage, file) for stage in os.listdir(folder)
             if os.path.isdir(os.path.join(folder, stage)) and stage != "__pycache__"
             for file in os.listdir(os.path.join(folder, stage))]
    commands = "\n".join(house.read(case.path) for case in golden.cases())     # a case may have its input beside it
    house.expect_none([f"{path}: no CASE.cmd belongs to it or names it" for path in found
                       if path not in known and path not in commands])


def quotes(text, story):
    """The places of a text that hold more than a line of a story, however it is broken into lines."""
    text, story = (re.sub(r"\s+", " ", t) for t in (text, story))
    return [text[at:at + LONGEST_QUOTE] for at in range(0, max(0, len(text) - LONGEST_QUOTE), 5)
            if text[at:at + LONGEST_QUOTE - 5] in story]


def the_story_is_not_quoted():
    assert not quotes("x" * 200, "y" * 200) and quotes("--" + "ab cd\n" * 40, "ab cd " * 100), "it sees no quotation"
    records = {case.record: (case.recorded() or "", case) for case in golden.cases()}
    house.expect_none([f"{path}: says Verdict, so its case needs the line `needs: the-verdict`"
                       for path, (text, case) in records.items() if "erdict" in text and not case.partial()])
    if not os.path.exists(os.path.join(house.ROOT, "data", "the-verdict.txt")):
        raise house.Skip("data/the-verdict.txt is not there. Try: data/fetch.sh the-verdict")
    story = house.read("data/the-verdict.txt")
    house.expect_none([f"{path}: more than a line of The Verdict: {quotes(text, story)[:1]}"
                       for path, (text, _) in records.items() if quotes(text, story)])


def a_difference_is_seen():
    def differs(a, b, tolerance=1e-4, elide=False):
        return compare.first_difference(a.split("\n"), b.split("\n"), tolerance, elide) is not None

    assert not differs("a 1.00000  x\nb", "a  1.00009 x\nb") and differs("a 1.00000", "a 1.00011")
    assert not differs("1000.05", "1000.14") and differs("1000.05", "1000.26"), "relative above 1"
    assert differs("n 13", "n 14") and not differs("w 1", "w 0.99999"), "whole numbers"
    assert not differs("1e-5", "2e-5") and differs("1e-3", "2e-3") and differs("-0.5", "0.5") and differs("0.5", "nan")
    assert differs("a", "a\nb") and differs("a\nb", "a") and differs("a b", "ab") and differs("a", "")
    assert differs("v1.2.3", "v1.2.4") and differs("x0.5", "x0.6"), "a name is no number"
    assert differs("a\n...\nc", "a\nb\nc") and not differs("a\n...\nc", "a\nb\nb\nc", elide=True)
    assert differs("...\nc", "a\nb", elide=True) and not differs("a\n...", "a\nb\nc", elide=True)
    assert differs("a\nc\n...", "a\nb\nc", elide=True) and differs("...\na", "a\nb", elide=True)


MADE_UP = {"tests/golden/01_a/one.cmd": "# why\ntolerance: 0.1\nshows: b.txt\nbuild/01_a 'x y' $z",
           "tests/golden/01_a/one.out": "[x y] [$z] 1.25\n---- b.txt\n7\n",
           "build/01_a": '#!/bin/sh\necho "[$1] [$2] 1.2"\necho 7 >"$4/b.txt"\n'}


def a_case_is_run_as_it_is_written():
    with house.made_up(MADE_UP) as root, unittest.mock.patch.object(golden, "BUILD", "build"):
        os.chmod(root + "/build/01_a", 0o755)
        case, = golden.cases("01", root)
        text, problem = case.run()
        assert problem is None and text == "[x y] [$z] 1.2\n---- b.txt\n7\n", f"{text} {problem}"
        assert not case.difference(text)
        difference = case.difference(text.replace("7", "8"))
        assert "-7" in difference and "+8" in difference and "1.2\n" not in difference, difference
        case.needs = ["no-such-data"]
        assert case.missing() == ["no-such-data"]


def make_golden_asks_before_it_writes():
    files = dict(MADE_UP, **{"tests/golden/01_a/one.out": "[x y] [$z] 1.25\n---- b.txt\n9\n"})
    with house.made_up(files) as root:
        os.chmod(root + "/build/01_a", 0o755)
        for folder in ("house", "golden"):
            for file in ("golden.py", "compare.py", "house.py"):
                if os.path.exists(os.path.join(house.ROOT, "tests", folder, file)):
                    os.makedirs(f"{root}/tests/{folder}", exist_ok=True)
                    shutil.copy(os.path.join(house.ROOT, "tests", folder, file), f"{root}/tests/{folder}")
        environment = {k: v for k, v in os.environ.items() if k != "BUILD"}

        def make_golden(*words, answer=""):
            done = subprocess.run([sys.executable, root + "/tests/golden/golden.py", *words], cwd=root, input=answer,
                                  env=environment, capture_output=True, text=True)
            return done.returncode, done.stdout, house.read("tests/golden/01_a/one.out", root)

        before = files["tests/golden/01_a/one.out"]
        for answer in ("", "n\n", "\n"):
            code, said, record = make_golden(answer=answer)
            assert code == 1 and "-9\n+7" in said and record == before, f"{code} {said} {record}"
        code, said, record = make_golden("01", "--yes")
        assert code == 0 and "-9\n+7" in said and record == "[x y] [$z] 1.2\n---- b.txt\n7\n", f"{code} {said} {record}"
        assert make_golden()[:2] == (0, "same 01_a/one\n")
        assert make_golden("02")[0] == 2


if __name__ == "__main__":
    house.main([every_stage_has_a_case, every_record_has_its_command, the_story_is_not_quoted, a_difference_is_seen,
                a_case_is_run_as_it_is_written, make_golden_asks_before_it_writes]
               + [as_test(case) for case in golden.cases()])
