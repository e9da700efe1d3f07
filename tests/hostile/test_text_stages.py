#!/usr/bin/env python3
"""Stages 01 to 05 from the outside: files that are missing, empty, binary or in another encoding, and sizes that
make no sense. Each run is judged by program.py: one line, the right exit code, nothing half-written, little cost.

    python3 tests/hostile/test_text_stages.py [WORD...]     only the tests whose name holds one of the words
    BUILD=build/asan HEADLIGHT_SLACK=20 python3 tests/hostile/test_text_stages.py
"""
import hashlib
import os
import struct
import sys

import program
from program import check, failed, silent, succeeded, test

BUILD = os.path.join(program.REPO, os.environ.get("BUILD") or "build")
STAGES = ("01_characters", "03_bpe_training", "05_windows")
VOCABULARY = str(program.REPO / "data" / "gpt2-vocabulary")
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


def use_gpt2():
    """Stage 04 with GPT-2's own files, which cannot be in every checkout."""
    use("04_gpt2_bpe")
    if not os.path.exists(os.path.join(VOCABULARY, "encoder.json")):
        raise program.Skip("needs GPT-2's vocabulary. Try: data/fetch.sh gpt2-vocabulary")


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
def words_are_text_or_refused(box):
    """Stage 02 takes only UTF-8, and says where a file stops to be that; the other strange ones are words like any."""
    use("02_regex_tokens")
    for name, (content, _, valid) in TEXTS.items():
        path = box.write(name + ".txt", content)
        if valid:
            succeeded(box.run("--terminal", "--file", path))
        else:
            failed(box.run("--terminal", "--file", path), 1, f"{name}.txt@", "not UTF-8", "Try: 04_gpt2_bpe")


@test
def what_decoding_loses_is_said_of_this_text(box):
    use("02_regex_tokens")
    for text, words in (("To be, or not to be", "both are"), ("a : b", "the first is"), ("a: b", "the second is"),
                        ("It's", "neither is"), ("so  it", "neither is")):
        run = succeeded(box.run("--terminal", text))
        check(f": {words} the text of {len(text)}\n".encode() in run.out, "expected", words, "the text:", run)


@test
def any_bytes_and_back(box):
    use_gpt2()
    for name, (content, _, _) in [*TEXTS.items(), ("empty", (b"", 0, True))]:
        ids = silent(box.run("--vocab", VOCABULARY, "--ids", "--file", box.write(name, content)))
        back = silent(box.run("--vocab", VOCABULARY, "--decode", "-", stdin=ids.out))
        check(back.out == content, "other bytes came back:", name, back)


@test
def the_ids_of_the_verdict(box):
    """All 5,145, as two bytes each, little end first: the hash was found with tiktoken."""
    use_gpt2()
    text = str(program.REPO / "data" / "the-verdict.txt")
    if not os.path.exists(text):
        raise program.Skip("needs The Verdict. Try: data/fetch.sh the-verdict")
    ids = [int(word) for word in silent(box.run("--vocab", VOCABULARY, "--ids", "--file", text)).out.split()]
    found = hashlib.sha256(struct.pack(f"<{len(ids)}H", *ids)).hexdigest()
    check(found == "4a851caad4ae111f78954808e5fa54dec820e588b0aa4d847154fcd43bfaabb6", len(ids), "ids:", found)


@test
def special_tokens_are_plain_allowed_or_refused(box):
    """The three ways of tiktoken."""
    use_gpt2()
    text, to_ids = "The end.<|endoftext|>", ["--vocab", VOCABULARY, "--ids"]
    plain, allowed = b"464 886 29847 91 437 1659 5239 91 29\n", b"464 886 13 50256\n"
    check(silent(box.run(*to_ids, text)).out == plain, "expected plain text")
    check(silent(box.run(*to_ids, "--special", text)).out == allowed, "expected the special token")
    failed(box.run(*to_ids, "--refuse-special", text), 1, "'<|endoftext|>' at byte 8")
    check(silent(box.run(*to_ids, "--refuse-special", text[:8])).out == b"464 886 13\n", "nothing to refuse")
    failed(box.run(*to_ids, "--special", "--refuse-special", text), 2, "at once")


@test
def ids_that_are_none(box):
    use_gpt2()
    for ids, line in ((b"50257", 1), (b"1 2\n\n-1", 3), (b"4294967296", 1), (b"1\n1.5", 2), (b"x", 1), (b"9" * 30, 1)):
        failed(box.run("--vocab", VOCABULARY, "--decode", "-", stdin=ids), 1, f"standard input:{line}:",
               "a whole number from 0 to 50256")


@test
def vocabularies_that_are_cut_or_do_not_fit(box):
    use_gpt2()
    with open(os.path.join(VOCABULARY, "vocab.bpe"), "rb") as file:
        merges = file.read()
    with open(os.path.join(VOCABULARY, "encoder.json"), "rb") as file:
        tokens = file.read()
    hello = b'"hello": 31373'
    check(hello in tokens, "encoder.json is written otherwise than expected")
    for change, first, second, words in (
            ("no merges", b"", tokens, "is empty"), ("no tokens", merges, b"", "encoder.json:1:1"),
            ("half the merges", merges[:300000], tokens, "vocab.bpe:"),
            ("fewer merges", merges[:merges.index(b"\n", 300000) + 1], tokens, "cut short"),
            ("half the tokens", merges, tokens[:600000], "not valid JSON"),
            ("an id too large", merges, tokens.replace(hello, b'"hello": 5025700'), "'hello' has the id 5025700"),
            ("a negative id", merges, tokens.replace(hello, b'"hello": -1'), "'hello' has the id -1"),
            ("an id twice", merges, tokens.replace(hello, b'"hello": 5'), "both have the id 5")):
        box.write(f"{change}/vocab.bpe", first)
        box.write(f"{change}/encoder.json", second)
        failed(box.run("--vocab", box.path(change), "--ids", "hello"), 1, words)
    for content, words in ((b"97 97 4\n256 999 2\n", ":2: RIGHT"), (b"97 97 4\n97 97 4\n", ":2: the pair 97 97")):
        failed(box.run("--vocab", box.write("merges", content), "--ids", "aaaa"), 1, words)


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
    check(b": 1 window, 1 batch " in run.out, "expected one window:", run)
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
def a_long_text_gets_one_curve(box):
    """The second curve, without a pre-split, would take 25 times the text's size in memory."""
    use("03_bpe_training")
    line = b"the lamps go out one by one, and then all of them at once\n"
    for times, curves in ((10, 2), (20000, 1)):
        folder = box.path(f"out{times}")
        succeeded(box.run("--vocab-size", "260", "--out", folder, "--file", box.write("lines.txt", line * times)))
        drawn = sorted(name for name in os.listdir(folder) if name.endswith(".dat"))
        check(len(drawn) == curves and os.path.exists(os.path.join(folder, "length.png")), "curves:", drawn)


@test
def the_grid_holds_whole_windows(box):
    """Each row of the picture has its window: `context` cells of 1 and the target behind them."""
    use("05_windows")
    for context, stride, rows in ((4, 4, 8), (256, 128, 6), (16, 40, 8), (4, 700, 2), (5000, 1, 1)):
        folder = box.path(f"grid{context}")
        succeeded(box.run("--tokens", "bytes", "--context", str(context), "--stride", str(stride), "--out", folder,
                          "--file", OUR_OWN))
        with open(os.path.join(folder, "grid.dat"), encoding="utf-8") as file:
            cells = [line.split() for line in file if line.strip() and not line.startswith("#")]
        inputs = {row.count("1") for row in cells}
        check(len(cells) == rows and inputs == {min(context, 1000)}, context, stride, len(cells), inputs)


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


if __name__ == "__main__":
    sys.exit(program.main(workers=1))
