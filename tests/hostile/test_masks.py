#!/usr/bin/env python3
"""Stage 10 from the outside: what --print promises, parameters and files that make no sense, and a mask student's afternoon.

    python3 tests/hostile/test_masks.py [WORD...]      only the tests whose name holds one of the words
    PROGRAM=build/asan/10_masks HEADLIGHT_SLACK=20 python3 tests/hostile/test_masks.py

program.py says how a run is judged. Python's standard library only.
"""
import os
import random
import sys

os.environ.setdefault("PROGRAM", os.path.join(os.path.dirname(__file__), "..", "..", os.environ.get("BUILD") or "build",
                                              "10_masks"))
import program  # noqa: E402
from program import check, failed, MODELS, needs_minilm, silent, succeeded, test  # noqa: E402

LARGE = 2 ** 31 - 1
SENTENCE = "The lamp in the old tower went dark because it had no oil"
COLUMNS = ("mask scope allowed_cells lost_mass row_shift layers_to_reach normalised_entropy milliseconds bytes layer head "
           "context_shift tokens").split()


# ---- --print against the definitions ---------------------------------------------------------------------------------

RULES = {                                               # parameters, and the rule on them
    "none": ("", lambda i, j, p: True),
    "causal": ("", lambda i, j, p: j <= i),
    "local": ("W", lambda i, j, p: abs(i - j) <= p["W"]),
    "global-local": ("WG", lambda i, j, p: i < p["G"] or j < p["G"] or abs(i - j) <= p["W"]),
    "sliding": ("W", lambda i, j, p: 0 <= i - j < p["W"]),
    "dilated": ("WD", lambda i, j, p: abs(i - j) <= p["D"] * p["W"] and (i - j) % p["D"] == 0),
    "prefix": ("P", lambda i, j, p: j <= i or (i < p["P"] and j < p["P"])),
    "chunked": ("C", lambda i, j, p: i // p["C"] == j // p["C"]),
}
OPTIONS = {"W": "--window", "G": "--global", "D": "--dilation", "P": "--prefix", "C": "--chunk"}


def value(letter, name, n, chance):
    least = 1 if letter in "DC" or (letter, name) == ("W", "sliding") else 0
    return max(least, chance.choice([least, least + 1, 2, 3, chance.randrange(n + 4), n - 1, n, n + 1, 2 ** 16, LARGE - 1,
                                     LARGE]))


def drawn(n, allowed):
    return "".join("".join(".#"[bool(allowed(i, j))] for j in range(n)) + "\n" for i in range(n)).encode()


def globals_open(name, given, i, j, rule, p):
    """--global-at lifts the limit on distance, and no other."""
    if i in given or j in given:
        return j <= i if name == "sliding" else True if name in ("local", "global-local", "dilated") else rule(i, j, p)
    return rule(i, j, p)


@test
def what_is_printed_is_the_definition(box):
    chance = random.Random(int(os.environ.get("SEED", "10")))
    for _ in range(400):
        name, n = chance.choice(list(RULES)), chance.randrange(1, 34)
        letters, rule = RULES[name]
        p = {letter: value(letter, name, n, chance) for letter in letters}
        words = ["--mask", name, "--tokens", n, "--print"]
        for letter in letters:
            words += [OPTIONS[letter], p[letter]]
        causal, valid, given = chance.random() < 0.3, chance.choice([None, None, 1, n, n + 5, LARGE]), set()
        words += ["--causal"] * causal + (["--valid", valid] if valid else [])
        if chance.random() < 0.2:
            given = {chance.randrange(n) for _ in range(2)}
            words += ["--global-at", ",".join(map(str, given))]
        run = silent(box.run(*words))
        expected = drawn(n, lambda i, j: globals_open(name, given, i, j, rule, p) and (not causal or j <= i)
                         and (valid is None or j < valid))
        check(run.out == expected, "expected\n" + expected.decode(), "got\n", run.out.decode(), run)


@test
def twenty_thousand_lines_are_quick(box):
    """400 MB: asking about each pair takes several seconds, walking ranges well under one."""
    for rule in ("sliding --window 7", "dilated --window 2147483647 --dilation 3", "global-local --window 1 --global 2"):
        silent(box.run("--mask", *rule.split(), "--tokens", 20000, "--print", stdout=os.devnull))


@test
def print_says_nothing_else(box):
    run = silent(box.run("--mask", "causal", "--tokens", 3, "--print"))
    check(run.out == b"#..\n##.\n###\n", run)
    check(not run.new_files(), "it leaves files", run.new_files())
    run = succeeded(box.run("--mask", "causal", "--window", 2, "--tokens", 3, "--print"), "--window is not used")
    check(run.out == b"#..\n##.\n###\n", run)
    run = silent(box.run("--print", "--mask", "causal", "three words here"))
    check(run.out == b"#..\n##.\n###\n", "without --tokens it has the text's length:", run)


@test
def what_is_printed_can_be_read_again(box):
    first = silent(box.run("--mask", "dilated", "--window", 2, "--dilation", 3, "--tokens", 19, "--print")).out
    box.write("drawn.txt", first)
    box.write("windows.txt", first.replace(b"\n", b"\r\n"))
    box.write("cut.txt", first[:-1])
    for name in ("drawn.txt", "windows.txt", "cut.txt"):
        again = silent(box.run("--mask-file", box.path(name), "--tokens", 19, "--print")).out
        check(again == first, f"{name}: another pattern:\n", again.decode())


# ---- what makes no sense ----------------------------------------------------------------------------------------------

@test
def parameters_that_make_no_sense(box):
    for words, *says in (("--mask sliding --window 0", "--window 0", "1 or more"),
                         ("--mask local --window -1", "--window -1", "0 to 2147483647"),
                         ("--mask local --window 2147483648", "2147483648", "0 to 2147483647"),
                         ("--mask local --window 1.5", "1.5", "whole number"),
                         ("--mask local --window", "window"),
                         ("--mask dilated --dilation 0", "--dilation 0", "1 to"),
                         ("--mask chunked --chunk 0", "--chunk 0", "1 to"),
                         ("--mask prefix --prefix -2", "--prefix -2", "0 to"),
                         ("--mask global-local --global -1", "--global -1", "0 to"),
                         ("--mask lokal", "lokal", "none|causal|local"),
                         ("--valid 0", "--valid 0", "1 to"), ("--tokens 0", "--tokens 0", "1 to"),
                         ("--tokens 99999999999", "99999999999", "1 to"),
                         ("--global-at 6 --tokens 6", "--global-at 6", "0 to 5"),
                         ("--global-at 3-1", "--global-at"), ("--global-at x", "--global-at"),
                         ("--compare foo", "foo", "local:W", "padding:L"), ("--compare local:1:2", "too many"),
                         ("--compare sliding:0", "1 to"), ("--compare none,,none", "no mask"),
                         ("--compare file", "--mask-file"), ("--tsv x", "--compare"),
                         ("--mask-scope model", "--model"), ("--layer 1", "--model"), ("--head 1", "0 to 0"),
                         ("--heads 0", "--heads 0", "1 to 64")):
        failed(box.run(*words.split(), *([] if "--compare" in words or "--tsv" in words or "--head" in words else
                                         ["--print"])), 2, *says)


@test
def mask_files_that_are_none(box):
    good = "####\n" * 4
    for name, content, *says in (
            ("few", "####\n" * 3, "3 lines", "expected 4"), ("many", good + "####\n", "5 lines"),
            ("narrow", "####\n###\n####\n####\n", ":2:", "3 cells", "expected 4"),
            ("wide", "####\n####\n#####\n####\n", ":3:", "5 cells"), ("empty", "", "0 lines"),
            ("blank", "####\n\n####\n####\n", ":2:", "0 cells"), ("letters", "####\n##a#\n####\n####\n", ":2:", "0x61"),
            ("zero", b"##\0#\n" + good.encode(), ":1:", "0x00"), ("spaces", "# # \n" * 4, ":1:", "0x20"),
            ("utf16", ("####\n" * 4).encode("utf-16"), ":1:", "0xff"), ("bom", "\ufeff" + good, ":1:", "0xef"),
            ("mac", good.replace("\n", "\r"), "0x0d"), ("huge", "#" * 3_000_000 + "\n", "3000000 cells"),
            ("long", good * 100_000, "400000 lines")):
        box.write(name, content)
        failed(box.run("--mask-file", box.path(name), "--tokens", 4, "--print"), 1, name, *says)
        failed(box.run("--mask-file", box.path(name), "four words are here"), 1, name, *says)
    failed(box.run("--mask-file", box.path("nowhere"), "--print"), 3, "nowhere")
    failed(box.run("--mask-file", box.folder("folder"), "--print"), 3, "folder")


@test
def disks_and_models_that_fail(box):
    failed(box.run("--compare", "none", "--tsv", "/nowhere/x.tsv", "--terminal"), 3, "/nowhere/x.tsv")
    failed(box.run("--model", box.path("nowhere")), 3, "nowhere", "data/fetch.sh")
    failed(box.run("--model", box.folder("empty")), 3, "config.json")
    failed(box.run("--model", MODELS / "plain", "--layer", 99, "a lamp"), 2, "--layer 99", "0 to")
    failed(box.run("--model", MODELS / "plain", "--terminal", "lamp " * 3000), 1, "tokens, model takes")
    failed(box.run("--terminal", "  \n "), 1, "no words")
    failed(box.run("--terminal", "--heads", 64, " ".join("w%d" % i for i in range(2000))), 1, "the maps of", "a shorter text")
    failed(box.run("--mask", "causal", "--tokens", 3000, "--print", stdout="/dev/full"), 3)


@test
def words_that_no_terminal_expects(box):
    for text in ("\u00fcber \u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8\u3067\u3059 \u0645\u0631\u062d\u0628\u0627",
                 b"\xff\xfe \xc3 ok", "x" * 5000 + " y", "\x1b[31mred\x07 %s %n"):
        run = silent(box.run("--terminal", text))
        run.out.decode("utf-8")                         # no character was cut in two
        check(b"\x1b" not in run.out and b"\x07" not in run.out, "a control character on stdout", run)


# ---- the afternoon ----------------------------------------------------------------------------------------------------

def table(text):
    rows = [line.split("\t") for line in text.decode().rstrip("\n").split("\n")]
    check(rows[0] == COLUMNS, "the header is", rows[0])
    return [dict(zip(COLUMNS, row)) for row in rows[1:]]


@test
def an_afternoon_with_one_head(box):
    """docs/masks.md. What was lost is summed again from the weights that stage 17's own table gives."""
    model = needs_minilm()
    rows = table(silent(box.run("--model", model, "--layer", 3, "--head", 1, "--tokens", 16000, "--tsv", "-", "--compare",
                                "local:3,sliding:6,dilated:4:2,global-local:3:1", SENTENCE), seconds=20).out)
    rules = [lambda i, j: abs(i - j) <= 3, lambda i, j: 0 <= i - j < 6,
             lambda i, j: abs(i - j) <= 8 and (i - j) % 2 == 0, lambda i, j: i < 1 or j < 1 or abs(i - j) <= 3]
    bert = os.path.join(os.path.dirname(program.PROGRAM), "17_bert")
    weights = None
    if os.path.exists(bert):
        ours, program.PROGRAM = program.PROGRAM, bert
        lines = box.run("--model", model, "--layer", 3, "--head", 1, "--tsv", "-", SENTENCE).out.decode().split("\n")[1:-1]
        program.PROGRAM = ours
        weights = {(int(i), int(j)): float(w) for _, _, i, j, w in (line.split("\t") for line in lines)}
    n, layers = 15, ["5", "inf", "2", "1"]
    for row, rule, reach in zip(rows, rules, layers):
        allowed = sum(rule(i, j) for i in range(n) for j in range(n))
        check(int(row["allowed_cells"]) == allowed, row)
        check(row["layers_to_reach"] == reach and row["scope"] == "head" and row["head"] == "1", row)
        check(abs(float(row["lost_mass"]) - float(row["row_shift"])) < 1e-5, "what is lost is handed to the rest:", row)
        check(0 < float(row["normalised_entropy"]) < 1 and float(row["milliseconds"]) > 0, row)
        check(1000 < int(row["bytes"]) < 16000 * 16000, "memory that grows with n x n:", row)
        if weights:
            lost = sum(w for (i, j), w in weights.items() if not rule(i, j)) / n
            check(abs(float(row["lost_mass"]) - lost) < 1e-5, "lost_mass, expected", lost, "got", row)


@test
def every_head_of_a_layer_in_both_scopes(box):
    for scope in ("head", "model"):
        rows = table(silent(box.run("--model", MODELS / "plain", "--mask-scope", scope, "--tsv", "-", "--compare",
                                    "none,local:1,chunked:2+causal", "the old clock")).out)
        heads = {row["head"] for row in rows}
        check(len(rows) == 3 * len(heads) and len(heads) > 1, "rows", len(rows), "heads", heads)
        check(all(float(row["lost_mass"]) == float(row["context_shift"]) == 0 for row in rows[:len(heads)]),
              "no mask takes something away:", rows[0])
        check(all(row["scope"] == scope for row in rows), rows[0])


@test
def a_drawn_pattern_has_no_other_length(box):
    box.write("p", "##\n.#\n")
    rows = table(silent(box.run("--mask-file", box.path("p"), "--compare", "file,none", "--tokens", 64, "--tsv", "-",
                                "two words")).out)
    check(rows[0]["milliseconds"] == rows[0]["bytes"] == "nan" and rows[0]["allowed_cells"] == "3", rows[0])
    check(float(rows[1]["milliseconds"]) > 0 and rows[1]["tokens"] == "64", rows[1])


if __name__ == "__main__":
    import test_cli
    sys.exit(test_cli.main(modules=()))
