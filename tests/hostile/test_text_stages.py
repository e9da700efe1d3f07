#!/usr/bin/env python3
"""Stages 01, 03 and 05 from the outside: files that are missing, empty, binary or in another encoding, and sizes that
make no sense. Each run is judged by program.py: one line, the right exit code, nothing half-written, little cost.

    python3 tests/hostile/test_text_stages.py [WORD...]     only the tests whose name holds one of the words
    BUILD=build/asan HEADLIGHT_SLACK=20 python3 tests/hostile/test_text_stages.py
"""
import os
import sys

import program
from program import check, failed, silent, succeeded, test

BUILD = os.path.join(program.REPO, os.environ.get("BUILD") or "build")
STAGES = ("01_characters", "03_bpe_training", "05_windows")
OUR_OWN = str(program.REPO / "data" / "lamplighter.txt")
# name: bytes, characters (a wrong byte counts as one), is it UTF-8?
TEXTS = {
    "crlf": (b"one\r\ntwo\r\n\r\nthree", 17, True),
    "bom": (b"\xef\xbb\xbfone two one two", 16, True),
    "nul": (b"a\0b\0\0a\0b", 8, True),
    "latin": (b"caf\xe9 caf\xe9 caf\xe9", 14, False),
    "binary": (bytes(range(256)) * 8, 2048, False),
    "cut": ("日本".encode()[:-1], 3, False),
    "controls": ("\x1b[31mred\x07\x7f\u0085\u202e".encode(), 12, True),
    "one_line": (b"x" * 300000, 300000, True),
    "newlines": (b"\n" * 300000, 300000, True),
}


def use(stage):
    program.PROGRAM, program.NAME = os.path.join(BUILD, stage), stage
    if not os.access(program.PROGRAM, os.X_OK):
        raise program.Skip(f"{stage} is not built. Try: make build/{stage}")


def quiet(stage):
    """Arguments for an answer without a picture, on a few bytes or many."""
    return ["--terminal"] + (["--tokens", "bytes"] if stage == "05_windows" else [])


@test
def files_that_cannot_be_read(box):
    folder = box.folder("folder")
    for stage in STAGES:
        use(stage)
        for more in ([], ["--terminal"], ["--time", "1"]):
            failed(box.run(*more, "--file", box.path("nowhere.txt")), 3, "nowhere.txt", "No such file")
            failed(box.run(*more, "--file", folder), 3, "folder", "directory")
            failed(box.run(*more, "--file", ""), 3, "No such file")
            failed(box.run(*more, "--file", box.path("x\n\x1b[31mred")), 3, "\\n\\x1b[31mred", "No such file")


@test
def neither_text_of_the_course(box):
    for stage in STAGES:
        use(stage)
        failed(box.run("--terminal"), 3, "the-verdict.txt", "lamplighter.txt", "--file")


@test
def our_own_text_stands_in(box):
    with open(OUR_OWN, "rb") as file:
        box.write("data/lamplighter.txt", file.read())
    for stage in STAGES:
        use(stage)
        run = succeeded(box.run(*quiet(stage)), "data/lamplighter.txt", "data/fetch.sh the-verdict")
        check(b"data/lamplighter.txt: 1" in run.out, "the text is not named:", run)
        check(len(run.remarks) == 1, "expected one line of notice:", run)


@test
def empty_texts(box):
    empty = box.write("empty.txt", b"")
    for stage in STAGES:
        use(stage)
        words = "at least 5 tokens, got 0" if stage == "05_windows" else "the text is empty"
        failed(box.run(*quiet(stage), "--file", empty), 1, words)
        failed(box.run(*quiet(stage), "-"), 1, words)
    use("03_bpe_training")
    failed(box.run("--merges", box.path("m.txt"), empty), 1, "the text is empty")
    use("01_characters")
    check(silent(box.run("--ids", "--file", empty)).out == b"\n", "the ids of nothing")
    check(silent(box.run("--ids", "")).out == b"\n", "the ids of nothing")


@test
def strange_bytes(box):
    for name, (content, characters, valid) in TEXTS.items():
        path = box.write(name + ".txt", content)
        for stage in STAGES:
            use(stage)
            if stage == "05_windows" and len(content) < 6:
                continue
            run = succeeded(box.run(*quiet(stage), "--file", path))
            check(b"told and common agree" in run.out or b"no character: " in run.out, "no proof:", run)
            piped = succeeded(box.run(*quiet(stage), "-", stdin=content))
            check(piped.out.split(b"\n")[1:] == run.out.split(b"\n")[1:], "a pipe says something else:", piped)
            # \n is the only control character in an answer, and bytes that are no UTF-8 are not handed on
            for c in run.out.decode("utf-8"):
                plain = c == "\n" or c >= " " and c not in "\x7f\u0085\u202e"
                check(plain, "a control character on stdout:", ascii(c), run)
            if stage == "01_characters":
                check(b" %d characters" % characters in run.out, "expected", characters, "characters:", run)
                check(valid or "not UTF-8" in run.err, "no warning:", run)


@test
def every_character_has_an_id(box):
    use("01_characters")
    for name, (content, characters, _) in TEXTS.items():
        ids = succeeded(box.run("--ids", "--file", box.write(name, content))).out.split()
        check(len(ids) == characters, name, "has", len(ids), "ids, expected", characters)


@test
def sizes_that_make_no_sense(box):
    use("03_bpe_training")
    for option, values in {"--vocab-size": ("255", "-1", "1e3", "99999999999", ""), "--min-frequency": ("0", "x"),
                           "--log": ("-1", "257")}.items():
        for value in values:
            failed(box.run(option, value, OUR_OWN), 2, option, "expected a whole number")
    use("05_windows")
    for option in ("--context", "--stride", "--batch"):
        for value in ("0", "-1", "4.5", "4294967297", "x"):
            failed(box.run("--tokens", "bytes", option, value, "--file", OUR_OWN), 2, option, "expected a whole number")
    for value in ("-0.1", "1.1", "nan", "x"):
        failed(box.run("--train", value, "--file", OUR_OWN), 2, "--train", "expected a number")
    failed(box.run("--tokens", "words", "--file", OUR_OWN), 2, "--tokens", "bpe|bytes")
    use("01_characters")
    for value in ("0", "101", "many"):
        failed(box.run("--top", value, "--file", OUR_OWN), 2, "--top")


@test
def sizes_beyond_the_text(box):
    use("05_windows")
    size = os.path.getsize(OUR_OWN)
    common = ("--tokens", "bytes", "--terminal", "--file", OUR_OWN)
    failed(box.run(*common, "--context", str(size)), 1, f"at least {size + 1} tokens, got {size}")
    run = silent(box.run(*common, "--context", str(size - 1), "--stride", "1000000000", "--batch", "1000000000"))
    check(b": 1 windows, 1 batches" in run.out, "expected one window:", run)
    for share in ("0", "1"):
        silent(box.run(*common, "--train", share))
    use("03_bpe_training")
    run = succeeded(box.run("--vocab-size", "1000000", "--terminal", "--file", OUR_OWN), "no pair is left")
    check(b"told and common agree" in run.out, "no proof:", run)
    succeeded(box.run("--vocab-size", "300", "--terminal", "-", stdin=b"a"), "0 merges, not 44")


@test
def merges_are_written_whole_or_not_at_all(box):
    use("03_bpe_training")
    merges = box.path("merges.txt")
    run = succeeded(box.run("--vocab-size", "300", "--merges", merges, OUR_OWN))
    check(run.out == b"" and run.new_files() == ["merges.txt"], "expected the file and nothing else:", run)
    with open(merges, "rb") as file:
        lines = file.read().split(b"\n")
    check(len(lines) == 45 and lines[0] == b"104 101 747" and lines[-1] == b"", "the merges:", lines[:3])
    failed(box.run("--merges", box.path("no/such/folder/m.txt"), OUR_OWN), 3, "no/such/folder")
    failed(box.run("--merges", box.folder("taken"), OUR_OWN), 3, "taken")
    if os.path.exists("/dev/full"):
        failed(box.run("--merges", "/dev/full", OUR_OWN), 3, "/dev/full")


@test
def answers_that_do_not_fit(box):
    if not os.path.exists("/dev/full"):
        raise program.Skip("there is no /dev/full here")
    for stage in STAGES:
        use(stage)
        failed(box.run(*quiet(stage), "--file", OUR_OWN, stdout="/dev/full"), 3, "standard output")


@test
def two_texts(box):
    for stage in STAGES:
        use(stage)
        failed(box.run("one", "two"), 2, "two texts")
        failed(box.run("one", "--file", OUR_OWN), 2, "--file")


@test
def colours_only_for_a_screen(box):
    for stage in STAGES:
        use(stage)
        run = silent(box.run(*quiet(stage), "--file", OUR_OWN, env={"COLORTERM": "truecolor", "TERM": "xterm"}))
        check(b"\x1b" not in run.out, "colours in a pipe:", run)


def main():
    counts = {"ok": 0, "FAIL": 0, "skip": 0}
    for name, run in program.TESTS:
        if sys.argv[1:] and not any(word in name for word in sys.argv[1:]):
            continue
        try:
            run()
            state, words = "ok", ""
        except program.Skip as reason:
            state, words = "skip", str(reason)
        except AssertionError as problem:
            state, words = "FAIL", str(problem)
        counts[state] += 1
        print(f"{state:4} {name}{': ' + words if words else ''}", flush=True)
    print(f"{counts['ok']} passed, {counts['FAIL']} failed, {counts['skip']} skipped")
    return 1 if counts["FAIL"] or not sum(counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
