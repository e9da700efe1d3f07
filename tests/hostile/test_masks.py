#!/usr/bin/env python3
"""Stage 10 from the outside: what --print promises, what makes no sense, and a mask student's afternoon.

    python3 tests/hostile/test_masks.py [WORD...]      only the tests whose name holds one of the words
    PROGRAM=build/asan/10_masks HEADLIGHT_SLACK=20 python3 tests/hostile/test_masks.py

program.py says how a run is judged. Python's standard library only.
"""
import os
import random
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(HERE, "..", "..", os.environ.get("BUILD") or "build")
FOLDER = os.path.abspath(os.path.dirname(os.environ["PROGRAM"]) if "PROGRAM" in os.environ else BUILD)
os.environ["PROGRAM"] = os.path.join(FOLDER, "10_masks")    # run.py names stage 17's, in the folder under test
import program  # noqa: E402
from program import check, failed, MODELS, needs_minilm, silent, succeeded, test  # noqa: E402

LARGE = 2 ** 31 - 1
SENTENCE = "The lamp in the old tower went dark because it had no oil"
COLUMNS = ("mask scope allowed_cells lost_mass row_shift layers_to_reach normalised_entropy milliseconds bytes layer "
           "head context_shift tokens").split()


# ---- --print against the definitions ------------------------------------------------------------------------------

RULES = {                                               # parameters, and the rule on them
    "none": ("", lambda i, j, p: True),
    "causal": ("", lambda i, j, p: j <= i),
    "local": ("W", lambda i, j, p: abs(i - j) <= p["W"]),
    "global-local": ("WG", lambda i, j, p: i < p["G"] or j < p["G"] or abs(i - j) <= p["W"]),
    "sliding": ("W", lambda i, j, p: 0 <= i - j < p["W"]),
    "dilated": ("WD", lambda i, j, p: abs(i - j) <= p["D"] * p["W"] and (i - j) % p["D"] == 0),
    "prefix": ("P", lambda i, j, p: j <= i or (i < p["P"] and j < p["P"])),
    "chunked": ("C", lambda i, j, p: i // p["C"] == j // p["C"]),
    "strided": ("W", lambda i, j, p: j <= i and (i - j < p["W"] or (i - j) % p["W"] == 0)),
    "sinks": ("WS", lambda i, j, p: j <= i and (i - j < p["W"] or j < p["S"])),
}
OPTIONS = {"W": "--window", "G": "--global", "D": "--dilation", "P": "--prefix", "C": "--chunk", "S": "--sinks"}
OF_KEYS = ("sliding", "sinks", "strided")               # a window of so many keys: all of them in the past


def value(letter, name, n, chance):
    least = 1 if letter in "DC" or letter == "W" and name in OF_KEYS else 0
    return max(least, chance.choice([least, least + 1, 2, 3, chance.randrange(n + 4), n - 1, n, n + 1, 2 ** 16,
                                     LARGE - 1, LARGE]))


def drawn(n, allowed):
    return "".join("".join(".#"[bool(allowed(i, j))] for j in range(n)) + "\n" for i in range(n)).encode()


def globals_open(name, given, i, j, rule, p):
    """--global-at lifts the limit on distance, and no other."""
    if i in given or j in given:
        return j <= i if name in OF_KEYS else True if name in ("local", "global-local", "dilated") else rule(i, j, p)
    return rule(i, j, p)


@test
def what_is_printed_is_the_definition(box):
    chance = random.Random(int(os.environ.get("SEED", "10")))
    for _ in range(500):
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
    for rule in ("sliding --window 7", "sinks --window 7 --sinks 4", "strided --window 100",
                 f"dilated --window {LARGE} --dilation 3", "global-local --window 1 --global 2"):
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


# ---- what makes no sense -------------------------------------------------------------------------------------------

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
                         ("--mask sinks --window 0", "--window 0", "1 or more"),
                         ("--mask strided --window 0", "--window 0", "1 or more"),
                         ("--mask sinks --sinks -1", "--sinks -1", "0 to"),
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
def options_that_would_not_be_used(box):
    """Each was once read and forgotten: the answer was to another question."""
    box.write("p", "##\n.#\n")
    for words, *says in (("--tokens 5", "--tokens 5", "--print or --compare"),
                         ("--tokens 5 --mask local", "--tokens 5", "the text decides"),
                         ("--mask sliding --compare none,local:1", "--mask and --compare", "none,sliding"),
                         ("--mask none --compare causal", "--mask and --compare"),
                         ("--mask-file p --compare none,local:1", "--mask-file", "none,local:1,file")):
        failed(box.run("--terminal", *words.split(), "two words"), 2, *says)


@test
def lengths_that_would_take_a_day(box):
    """Counted they cost nothing; timed they would."""
    words = ("--terminal", "--compare", "local:1,none", "--tokens", 16_000_000)
    failed(box.run(*words, "--tsv", "-", "two words"), 2, "--tokens 16000000", "`none`", "without --tsv")
    run = silent(box.run(*words, "two words"))
    check(b"256000000000000" in run.out, "16 million squared", run)
    failed(box.run("--terminal", "--compare", "local:1", "--tokens", LARGE, "--tsv", "-", "two words"), 2,
           f"--tokens {LARGE}", "GB", "without --tsv")


def costs(run):
    """pairs, first>last of each mask: the last table of --compare."""
    lines = run.out.decode().split("what one layer costs")[1].split("told and common")[0].split("\n")[2:-1]
    return [(int(line[36:].split()[0]), line.split()[-1]) for line in lines]


@test
def the_longest_text(box):
    """Pairs by a formula, whatever is global, padded or cut; walks that end. Each line took minutes, or for ever."""
    n, words = LARGE, ("--terminal", "--tokens", LARGE, "two words", "--compare")
    half = (n + 1) // 2 * n
    run = silent(box.run(*words, f"none,causal,local:1,sliding:3,local:1+causal,chunked:{n - 1},prefix:5,local:{n},"
                                 f"dilated:1:{n}", "--global-at", 0))
    expected = [(n * n, "1"), (half, "never"), (5 * n - 6, "1"), (3 * n - 3 + n - 3, "never"),
                (2 * n - 1 + n - 2, "never"), ((n - 1) ** 2 + 1, ">1"), (half + 10, "never"), (n * n, "1"),
                (3 * n - 2, "1")]
    for got, pairs in zip(costs(run), expected, strict=True):
        check(got == pairs, "expected", pairs, "got", got, run)
    run = silent(box.run(*words, f"none,local:1,chunked:4,prefix:{n},global-local:0:3", "--valid", 5))
    expected = [(5 * n, "never"), (14, "never"), (16 + 4, "never"), (5 * n, "never"), (3 * n + 8, "never")]
    for got, pairs in zip(costs(run), expected, strict=True):
        check(got == pairs, "with padding: expected", pairs, "got", got, run)
    run = silent(box.run(*words, f"sinks:4:4,sinks:1:{n},strided:1,strided:{n - 1}"))
    check(costs(run) == [(8 * n - 28, "never"), (half, "never"), (half, "never"), (half, "never")], run)
    run = silent(box.run(*words, "local:1,local:2+causal"))
    check(costs(run)[0][1].startswith(">") and costs(run)[1] == (3 * n - 3, "never"), "more layers than it walks", run)


@test
def no_mask_can_be_asked_for(box):
    """Not the lesson's usual mask."""
    run = silent(box.run("--terminal", "--mask", "none", "two words"))
    check(run.out.startswith(b"none: word i sees word j when always\n4 of 4 pairs (100%)"), run)
    run = silent(box.run("--terminal", "two words"))
    check(run.out.startswith(b"local, window 1:"), "the lesson has a mask of its own:", run)


@test
def every_table_names_its_head_and_scope(box):
    for scope, says in (("head", b"the finished head masked (scope head)"),
                        ("model", b"every layer masked (scope model)")):
        words = ["--model", MODELS / "plain", "--head", 1, "--terminal", "--mask-scope", scope, "a lamp"]
        noted = ["so there is no proof"] if scope == "model" else []
        run = succeeded(box.run(*words, "--mask", "causal"), *noted)
        check(b"head 1 (scope " + scope.encode() + b")" in run.out and says in run.out, run)
        run = succeeded(box.run(*words, "--compare", "causal,local:1"), *noted)
        check(b"head 1, under each mask, " + says in run.out, run)


@test
def mask_files_that_are_none(box):
    good = "####\n" * 4
    for name, content, *says in (
            ("few", "####\n" * 3, "3 lines", "expected 4"), ("many", good + "####\n", "5 lines"),
            ("narrow", "####\n###\n####\n####\n", ":2:", "3 cells", "expected 4"),
            ("wide", "####\n####\n#####\n####\n", ":3:", "5 cells"), ("empty", "", "0 lines"),
            ("blank", "####\n\n####\n####\n", ":2:", "0 cells"), ("letters", "####\n##a#\n####\n####\n", ":2:", "'a'"),
            ("zero", b"##\0#\n" + good.encode(), ":1:", "0x00"), ("spaces", "# # \n" * 4, ":1:", "2 cells"),
            ("utf16", ("####\n" * 4).encode("utf-16"), ":1:", "0xff"), ("two", "\ufeff\ufeff" + good, ":1:", "0xef"),
            ("mac", good.replace("\n", "\r"), "0x0d"), ("huge", "#" * 3_000_000 + "\n", "3000000 cells"),
            ("long", good * 100_000, "400000 lines")):
        box.write(name, content)
        failed(box.run("--mask-file", box.path(name), "--tokens", 4, "--print"), 1, name, *says)
        failed(box.run("--mask-file", box.path(name), "four words are here"), 1, name, *says)
    box.write("mark", "\ufeff" + good)
    run = succeeded(box.run("--mask-file", box.path("mark"), "--tokens", 4, "--print"), "byte-order mark")
    check(run.out.decode() == good, run)
    failed(box.run("--mask-file", box.path("nowhere"), "--print"), 3, "nowhere")
    failed(box.run("--mask-file", box.folder("folder"), "--print"), 3, "folder")


@test
def disks_and_models_that_fail(box):
    failed(box.run("--compare", "none", "--tsv", "/nowhere/x.tsv", "--terminal"), 3, "/nowhere/x.tsv")
    failed(box.run("--model", box.path("nowhere")), 3, "nowhere", "data/fetch.sh")
    failed(box.run("--model", box.folder("empty")), 3, "tokenizer.json", "data/fetch.sh")
    failed(box.run("--model", MODELS / "plain", "--layer", 99, "a lamp"), 2, "--layer 99", "0 to")
    failed(box.run("--model", MODELS / "plain", "--terminal", "lamp " * 3000), 1, "tokens, model takes")
    failed(box.run("--terminal", "  \n "), 1, "no words")
    many = " ".join(f"w{i}" for i in range(2000))
    failed(box.run("--terminal", "--heads", 64, many), 1, "the maps of", "a shorter text")
    failed(box.run("--mask", "causal", "--tokens", 3000, "--print", stdout="/dev/full"), 3)


@test
def words_that_no_terminal_expects(box):
    for text in ("\u00fcber \u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8\u3067\u3059 \u0645\u0631\u062d",
                 b"\xff\xfe \xc3 ok", "x" * 5000 + " y", "\x1b[31mred\x07 %s %n"):
        run = silent(box.run("--terminal", text))
        run.out.decode("utf-8")                         # no character was cut in two
        check(b"\x1b" not in run.out and b"\x07" not in run.out, "a control character on stdout", run)


@test
def pictures_of_a_lesson(box):
    """Each is there with its data and script, and says what its colours and its grey mean."""
    succeeded(box.run("--out", box.path("out"), "--mask", "chunked", "--chunk", 2, "four words are here"), "drawn into",
              seconds=20)
    says = {"mask": "hatched: forbidden", "gallery": "grey: forbidden by the mask", "cost": "pairs",
            "reach": "grey: never, however deep the model", "gallery_2_words": "Rain  fell",
            "gallery_9_words": "gardener", "gallery_25_words": "harbour"}
    for name, words in says.items():
        picture = (box.root / "out" / f"{name}.png").read_bytes()
        check(picture[:4] == b"\x89PNG" and b"IEND" in picture[-12:], name, "is no whole PNG")
        script = (box.root / "out" / f"{name}.gp").read_text()
        check(words in script, f"{name}.gp does not say {words!r}")
    check("\"layers\"" in (box.root / "out" / "reach.gp").read_text(), "the bar of reach counts layers")


# ---- the afternoon -------------------------------------------------------------------------------------------------

def table(text):
    rows = [line.split("\t") for line in text.decode().rstrip("\n").split("\n")]
    check(rows[0] == COLUMNS, "the header is", rows[0])
    return [dict(zip(COLUMNS, row)) for row in rows[1:]]


@test
def an_afternoon_with_one_head(box):
    """docs/masks.md. What was lost is summed again from the weights that stage 17's own table gives."""
    model = needs_minilm()
    masks = "local:3,sliding:6,dilated:4:2,global-local:3:1"
    rows = table(silent(box.run("--model", model, "--layer", 3, "--head", 1, "--tokens", 16000, "--tsv", "-",
                                "--compare", masks, SENTENCE), seconds=20).out)
    rules = [lambda i, j: abs(i - j) <= 3, lambda i, j: 0 <= i - j < 6,
             lambda i, j: abs(i - j) <= 8 and (i - j) % 2 == 0, lambda i, j: i < 1 or j < 1 or abs(i - j) <= 3]
    bert, weights = os.path.join(FOLDER, "17_bert"), None
    if os.path.exists(bert):
        lines = subprocess.run([bert, "--model", model, "--layer", "3", "--head", "1", "--tsv", "-", SENTENCE],
                               capture_output=True, text=True, check=True).stdout.split("\n")[1:-1]
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


# lost_mass, row_shift, normalised_entropy, context_shift of the four masks by transformers 5.23 and torch 2.13 (eager
# attention; q, k and v of layer 3 by forward hooks, scope model by a four-dimensional attention mask).
ORACLE = {"head": ((0.446644, 0.446644, 0.459746, 2.060332), (0.652237, 0.652237, 0.585947, 2.206342),
                   (0.503042, 0.503042, 0.465605, 1.613152), (0.178582, 0.178582, 0.368663, 0.274489)),
          "model": ((0.446644, 0.499654, None, 2.563113), (0.652237, 0.695334, None, 2.912577),
                    (0.503042, 0.622521, None, 1.833941), (0.178582, 0.217883, None, 0.439743))}


@test
def the_afternoon_as_transformers_has_it(box):
    model, columns = needs_minilm(), ("lost_mass", "row_shift", "normalised_entropy", "context_shift")
    for scope, masks in ORACLE.items():
        rows = table(silent(box.run("--model", model, "--layer", 3, "--head", 1, "--tsv", "-", "--mask-scope", scope,
                                    "--compare", "local:3,sliding:6,dilated:4:2,global-local:3:1", SENTENCE)).out)
        for row, numbers in zip(rows, masks, strict=True):
            for column, number in zip(columns, numbers):
                check(number is None or abs(float(row[column]) - number) < 2e-4 * max(1, number), scope, row["mask"],
                      column, row[column], "expected", number)


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


def trained(box, name, *words):
    """A folder with a GPT of two steps, context 24."""
    train = os.path.join(FOLDER, "15_training")
    if not os.path.exists(train):
        raise program.Skip("15_training is not built")
    box.write("text.txt", "the lamp in the tower went dark. " * 60)
    made = subprocess.run([train, "--data", box.path("text.txt"), "--steps", "2", "--layers", "2", "--heads", "2",
                           "--width", "8", "--context", "24", "--batch", "2", "--sample", "40", "--out", box.path(name),
                           "--terminal", *words], capture_output=True, cwd=box.root, check=False)
    check(made.returncode == 0, made.stderr.decode())
    return box.path(name)


@test
def a_model_comes_back_under_its_mask(box):
    """Its heads lose nothing under the mask that they have learnt, and something under another."""
    n, text = 24, "the lamp in the dark tow"
    drawn_file = box.write("drawn.txt", drawn(n, lambda i, j: j <= i and ((i * j) % 3 != 1 or i == j)))
    far = f"dilated:1:{LARGE}+causal"
    for words, item, more in (("--mask sliding --window 3", "sliding:3", ()),
                              ("--mask sliding --window 2 --global-at 0,7", "sliding:2", ("--global-at", "0,7")),
                              ("--mask sinks --window 3 --sinks 2", "sinks:3:2", ()),
                              ("--mask strided --window 3", "strided:3", ()),
                              ("--mask dilated --window 2 --dilation 3 --causal", "dilated:2:3+causal", ()),
                              ("--mask global-local --window 1 --global 2 --causal", "global-local:1:2+causal", ()),
                              ("--mask chunked --chunk 5 --causal", "chunked:5+causal", ()),
                              (f"--mask dilated --window 1 --dilation {LARGE} --causal", far, ()),
                              ("--mask-file FILE", "file", ("--mask-file", drawn_file))):
        gpt = trained(box, "gpt", *[drawn_file if word == "FILE" else word for word in words.split()])
        for scope in ("head", "model"):
            rows = table(silent(box.run("--model", gpt, "--layer", 1, "--mask-scope", scope, "--tsv", "-", "--compare",
                                        item + ",chunked:2", *more, text)).out)
            check(all(float(row["lost_mass"]) == float(row["context_shift"]) == 0 for row in rows[:2]), words, rows[0])
            alone = item == far                         # each sees itself: nothing is left to lose
            check(alone or all(float(row["lost_mass"]) > 0 for row in rows[2:]), words, rows[2])


@test
def a_gpt_that_was_trained_here(box):
    """Its heads never see the future, whatever the mask; the characters of its vocabulary are all it can read."""
    trained(box, "gpt")
    gpt = box.path("gpt")
    for scope in ("head", "model"):
        rows = table(silent(box.run("--model", gpt, "--layer", 1, "--mask-scope", scope, "--tsv", "-", "--compare",
                                    "none,causal,prefix:4,sliding:2", "the lamp in")).out)
        pairs = [int(row["allowed_cells"]) for row in rows]
        check(pairs == [66] * 6 + [21] * 2, "11 characters: the past and itself, or two of it:", pairs)
        check(all(float(row["lost_mass"]) < 1e-6 and float(row["context_shift"]) < 1e-6 for row in rows[:6]), rows[0])
        check(all(float(row["lost_mass"]) > 0.1 for row in rows[6:]), rows[6])
    silent(box.run("--model", gpt, "--terminal", "the lamp in"))
    failed(box.run("--model", gpt, "--terminal", "a Zebra"), 1, "byte 2", "never seen `Z`")
    failed(box.run("--model", gpt, "--terminal", "the lamp " * 9), 1, "81 tokens, model takes 24")
    failed(box.run("--model", gpt, "--terminal", ""), 1, "no token")


@test
def a_drawn_pattern_has_no_other_length(box):
    box.write("p", "##\n.#\n")
    rows = table(silent(box.run("--mask-file", box.path("p"), "--compare", "file,none", "--tokens", 64, "--tsv", "-",
                                "two words")).out)
    check(rows[0]["milliseconds"] == rows[0]["bytes"] == "nan" and rows[0]["allowed_cells"] == "3", rows[0])
    check(float(rows[1]["milliseconds"]) > 0 and rows[1]["tokens"] == "64", rows[1])


if __name__ == "__main__":
    sys.exit(program.main())
