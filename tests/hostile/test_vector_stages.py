#!/usr/bin/env python3
"""Stages 06 to 09 and 11 to 14 from the outside: wrong command lines, odd texts, outputs that cannot be written.

Each case is one run: exit code, the one line on stderr, nothing on stdout after a failure, and no file left half-way.
The last line is `N passed, N failed, N skipped`.
"""
import math
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("BUILD") or "build")
STAGES = ("06_embeddings", "08_dot_product", "09_queries_keys_values", "11_causal", "12_multi_head", "14_backprop")
ANY = None                                      # every one of the stages
NO_TEXT = ("07_positions", "13_efficient")      # they work on numbers of their own

# stage, arguments, standard input, exit code, what the line says
WRONG = [
    (ANY, ["--nothing"], b"", 2, "nothing"),
    (ANY, ["one", "two"], b"", 2, "two"),
    (ANY, ["--threads", "0"], b"", 2, "--threads"),
    (ANY, ["--time", "-1"], b"", 2, "--time"),
    (ANY, ["--format", "gif"], b"", 2, "gif"),
    (ANY, ["--out", "/dev/null/folder"], b"", 3, "/dev/null"),
    (ANY, ["--file", "no/such/file"], b"", 3, "no/such/file"),
    ("06_embeddings", ["--width", "1"], b"", 2, "--width"),
    ("06_embeddings", ["--model", "no/such/model", "abc"], b"", 3, "no/such/model"),
    ("06_embeddings", ["--words", "", "abc"], b"", 1, "no words"),
    ("06_embeddings", ["a"], b"", 1, "expected more than"),
    ("08_dot_product", ["--query", "6"], b"", 2, "expected 0 to 5"),
    ("08_dot_product", [""], b"", 1, "no words"),
    ("08_dot_product", ["-"], b" \n\t", 1, "no words"),
    ("08_dot_product", ["-"], b"a " * 5000, 1, "more than 4096 words"),
    ("09_queries_keys_values", ["--from", "nobody"], b"", 2, "nobody"),
    ("09_queries_keys_values", ["--temperature", "0"], b"", 2, "--temperature"),
    ("09_queries_keys_values", ["--weights", "none"], b"", 2, "none"),
    ("11_causal", ["--dropout", "1"], b"", 2, "--dropout"),
    ("11_causal", ["--head-seed", "-1"], b"", 2, "--head-seed"),
    ("12_multi_head", ["--heads", "0"], b"", 2, "--heads"),
    ("12_multi_head", ["--heads", "3"], b"", 2, "--out-width 3"),
    ("12_multi_head", ["--pair", ""], b"", 1, "no words"),
    ("12_multi_head", ["--mask", "sliding", "--window", "0"], b"", 2, "window"),
    ("07_positions", ["--width", "3"], b"", 2, "--width 4"),
    ("07_positions", ["--tokens", "1"], b"", 2, "from 2 to 1024"),
    ("07_positions", ["--heads", "65"], b"", 2, "from 1 to 64"),
    ("13_efficient", ["--tokens", "0"], b"", 2, "from 1 to"),
    ("13_efficient", ["--tokens", "1025"], b"", 2, "at most 1024"),
    ("13_efficient", ["--mask", "local", "--window", "-1"], b"", 2, "from 0 to"),
    ("13_efficient", ["--mask", "sliding", "--window", "0"], b"", 2, "1 or more"),
    ("13_efficient", ["--mask", "chunked", "--chunk", "0"], b"", 2, "from 1 to"),
    ("13_efficient", ["--global-at", "320"], b"", 2, "from 0 to 319"),
    ("13_efficient", ["--heads", "64", "--head-width", "65"], b"", 2, "at most 4096"),
    ("13_efficient", ["--tokens", "524287", "--how", "plain", "--heads", "64", "--time", "1"], b"", 2,
     "--how streaming"),
    ("13_efficient", ["--mask-file", "/dev/null"], b"", 1, "expected 320"),
    ("13_efficient", ["--export", "/dev/null/x", "--tokens", "9"], b"", 3, "/dev/null/x"),
]

# What must work, to the end, with a picture or without.
RIGHT = [
    (["one"], b""),
    (["a b"], b""),
    (["-"], "caf\u00e9 \u732b \U0001f600 e\u0301".encode()),
    (["-"], b"\xff\xfe\x00 \x01 `touch canary` $(touch canary) \"quoted\" 'x' @a {b}_c ]]>"),
    (["--terminal", "the cat sat on the mat"], b""),
    (["--time", "2", "the cat sat"], b""),
    (["--format", "svg,pdf", "the cat sat"], b""),
    (["--help"], b""),
]


# The same for those that read no text, and one word that their answer must hold.
RIGHT_ALONE = [
    ("07_positions", ["--terminal", "--heads", "5", "--tokens", "9"], "Shaw: which row"),
    ("07_positions", ["--format", "svg"], "told and common agree"),
    ("07_positions", ["--time", "2"], "positions/s"),
    ("13_efficient", ["--mask", "prefix", "--tokens", "1", "--heads", "1", "--head-width", "1", "--terminal"],
     "megabytes"),
    ("13_efficient", ["--time", "2", "--tokens", "40", "--mask", "global-local"], "peak memory"),
    ("13_efficient", ["--time", "1", "--tokens", "40", "--how", "plain"], "peak memory"),
]


def run(stage, arguments, given, folder):
    command = [os.path.join(BUILD, stage), *arguments]
    if "--out" not in arguments:
        command += ["--out", folder]
    if stage == "06_embeddings":
        command += ["--vocab", "none", "--context", "1"]  # a text of two bytes will do
    return subprocess.run(command, input=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, timeout=60,
                          check=False, env=dict(os.environ, NO_COLOR="1"))


def wrong(stage, arguments, given, code, words, folder):
    done = run(stage, arguments, given, folder)
    lines = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if ": note:" not in line]
    assert done.returncode == code, f"exit {done.returncode}, expected {code}: {lines}"
    assert len(lines) == 1 and ": error: " in lines[0], f"one line, please: {lines}"
    assert words in lines[0], f"{words!r} is not in {lines[0]!r}"
    assert not done.stdout, f"stdout after a failure: {done.stdout[:200]!r}"


def right(stage, arguments, given, folder):
    done = run(stage, arguments, given, folder)
    assert done.returncode == 0, f"exit {done.returncode}: {done.stderr.decode('utf-8', 'replace')}"
    assert done.stdout, "nothing was printed"
    left = [name for _, _, names in os.walk(folder) for name in names]
    assert "canary" not in left, "a text was run"
    assert not [name for name in left if name.startswith(".")], f"left aside: {left}"
    if "--time" in arguments:
        numbers = done.stdout.split()[:2]
        assert 0 <= float(numbers[1]) <= float(numbers[0]), f"median and minimum: {numbers}"
        assert not left, f"--time draws nothing, but there is {left}"


def right_alone(stage, arguments, word, folder):
    done = run(stage, arguments, b"", folder)
    assert done.returncode == 0, f"exit {done.returncode}: {done.stderr.decode('utf-8', 'replace')}"
    assert word in done.stdout.decode(), f"{word!r} is not in {done.stdout[-300:]!r}"


def cross_attention_has_the_mask_that_is_asked_for(folder):
    """Causal is the heads' usual mask, and cross-attention's only when it is named: word 0 then sees key 0 alone."""
    rows = {}
    for arguments in ((), ("--mask", "causal"), ("--mask", "chunked", "--chunk", "3")):
        done = run("12_multi_head", ["--terminal", *arguments], b"", folder)
        lines = done.stdout.decode().split("cross-attention: ")[1].split("\n")
        rows[arguments[1:2]] = [[float(weight) for weight in line.split()[1:]] for line in lines[3:9]]
        sums = [round(sum(row), 3) for row in rows[arguments[1:2]]]
        assert lines[1].endswith("whatever the map's shape" if not arguments else "0 without an allowed key"), lines[1]
        assert sums == ([1, 1, 1, 0, 0, 0] if "chunked" in arguments else [1] * 6), f"{arguments}: {sums}"
    assert min(rows[()][0]) > 0, "without --mask all keys are seen"
    assert rows[("causal",)][0] == [1, 0, 0], f"--mask causal: {rows[('causal',)][0]}"


def a_cell_by_hand_stays_readable(folder):
    """However cold: numbers of a few digits, the softmax's own weight, and a line for the score that is taken away."""
    for temperature, shifted in ((1, False), (0.25, False), (0.1, True), (0.01, True), (0.001, True)):
        weights = []
        for key in range(6):
            done = run("09_queries_keys_values", ["--terminal", "--from", "1", "--to", str(key), "--temperature",
                                                  str(temperature)], b"", folder)
            cell = done.stdout.decode().split("one cell by hand")[1].split("told and common")[0]
            numbers = re.findall(r"-?\d+\.\d+", cell)
            assert "inf" not in cell and "nan" not in cell and max(map(len, numbers)) <= 10, f"{temperature}: {cell}"
            assert ("- the largest" in cell) == shifted, f"{temperature}: {cell}"
            weights.append((float(re.search(r"/ temperature = (\S+)", cell + "/ temperature = 0").group(1)),
                            float(cell.split()[-1])))
        top = max(score for score, _ in weights)
        shares = [math.exp(score - top) for score, _ in weights]
        if temperature != 1:
            assert all(abs(share / sum(shares) - weight) < 2e-4 for share, (_, weight) in zip(shares, weights)), weights
        assert abs(sum(weight for _, weight in weights) - 1) < 4e-4, weights


def full_output(stage, folder):
    command = f"'{os.path.join(BUILD, stage)}' --help > /dev/full"
    done = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, cwd=folder, check=False)
    assert done.returncode == 3, f"exit {done.returncode}, expected 3"


def main():
    passed, failed = 0, 0

    def judge(name, work, *arguments):
        nonlocal passed, failed
        with tempfile.TemporaryDirectory() as folder:
            try:
                work(*arguments, folder)
                passed += 1
            except (AssertionError, subprocess.TimeoutExpired, ValueError, IndexError) as problem:
                failed += 1
                print(f"FAIL {name}: {problem}", flush=True)

    for stage, arguments, given, code, words in WRONG:
        for name in STAGES if stage is ANY else (stage,):
            judge(f"{name} {' '.join(arguments)}", wrong, name, arguments, given, code, words)
    for stage in NO_TEXT:
        judge(f"{stage} with a text", wrong, stage, ["some"], b"", 2, "expected no TEXT")
        for arguments, words in ((["--nothing"], "nothing"), (["--threads", "0"], "--threads"),
                                 (["--format", "gif"], "gif")):
            judge(f"{stage} {' '.join(arguments)}", wrong, stage, arguments, b"", 2, words)
        judge(f"{stage} --out", wrong, stage, ["--out", "/dev/null/folder"], b"", 3, "/dev/null")
    for stage, arguments, word in RIGHT_ALONE:
        judge(f"{stage} {' '.join(arguments)}", right_alone, stage, arguments, word)
    judge("cross-attention's mask", cross_attention_has_the_mask_that_is_asked_for)
    judge("a cell by hand", a_cell_by_hand_stays_readable)
    for stage in STAGES:
        for arguments, given in RIGHT:
            judge(f"{stage} {' '.join(arguments)}", right, stage, arguments, given)
        if os.path.exists("/dev/full"):
            judge(f"{stage} > /dev/full", full_output, stage)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
