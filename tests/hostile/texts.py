"""Texts: from the command line, a file, a pipe; with bytes that no text should have; longer than the model."""
import os
import re

from program import check, failed, PLAIN, silent, succeeded, test, TEXT
from tensors import read

LONG = "the " * 611                                     # 613 tokens with [CLS] and [SEP]


def plain(box, *arguments, **more):
    return box.run("--model", PLAIN, *arguments, **more)


def ids(box, text, **more):
    """The ids of the bytes in a file."""
    return succeeded(plain(box, "--ids", "--file", box.write("text.txt", text), **more))


@test
def the_same_text_by_three_ways(box):
    for text in (TEXT, "Un café à l'étage, 木 x 42 ✓ [MASK]!", "a\nb\tc\r\nd", " ", "\n", "'\"`$(x)\\"):
        expected = silent(plain(box, "--ids", text)).out
        check(silent(plain(box, "--ids", "-", stdin=text.encode())).out == expected, "standard input:", ascii(text))
        check(ids(box, text).out == expected, "--file:", ascii(text))


@test
def files_that_cannot_be_read(box):
    folder = box.folder("folder")
    for mode in (("--ids",), (), ("--export", box.path("e"))):
        failed(plain(box, *mode, "--file", box.path("nowhere.txt")), 3, "nowhere.txt", "No such file")
        failed(plain(box, *mode, "--file", folder), 3, "folder", "Is a directory")
        failed(plain(box, *mode, "--file", ""), 3, "No such file")
        failed(plain(box, *mode, "--file", box.path("a" * 300)), 3, "too long")
        failed(plain(box, *mode, "--file", box.path("x\n\x1b[31mred")), 3, "\\n\\x1b[31mred", "No such file")


@test
def an_unreadable_file(box):
    secret = box.write("secret.txt", TEXT)
    os.chmod(secret, 0)
    if os.access(secret, os.R_OK):                      # root reads everything; the memory of process 1 only by half
        failed(plain(box, "--ids", "--file", "/proc/self/mem"), 3, "/proc/self/mem", "cannot be read")
    else:
        failed(plain(box, "--ids", "--file", secret), 3, "secret.txt", "Permission denied")


@test
def empty_files(box):
    check(ids(box, b"").out == b"2 3\n", "an empty file is an empty text")
    check(silent(plain(box, "--ids", "--file", "/dev/null")).out == b"2 3\n", "/dev/null")
    check(ids(box, b" \n\t\r\n ").out == b"2 3\n", "a file of spaces")


@test
def bytes_that_no_text_should_have(box):
    clean = ids(box, TEXT).out
    half = TEXT.encode()
    for dirt in (b"\0", b"\0" * 100, b"\x01\x1b\x7f", "\ufeff".encode(), "\u200d\u200e\u2060".encode(),
                 "\ufffd".encode()):
        for text in (dirt + half, half + dirt, half[:9] + dirt + half[9:]):
            check(silent(plain(box, "--ids", "--file", box.write("t", text))).out == clean,
                  f"{dirt!r} should be dropped")
    check(silent(plain(box, "--ids", "-", stdin=half.replace(b" ", b"\r\n"))).out == clean, "CRLF is a space")
    for space in ("\u00a0", "\u3000", "\u2028", "\n\n\n", " \t "):
        check(ids(box, TEXT.replace(" ", space)).out == clean, f"{space!a} is a space")


@test
def what_is_not_utf8(box):
    clean, half = ids(box, TEXT).out, TEXT.encode()
    for dirt in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\x80",
                 b"\xf8\x88\x80\x80\x80"):
        for at in (0, 7, len(half)):
            run = ids(box, half[:at] + dirt + half[at:])
            check(run.out == clean, f"{dirt!r} at {at} should be dropped:", run)
            check(len(run.remarks) == 1 and re.search(rf"offset {at}\b", run.err), f"one warning with the offset {at}:",
                  run)
    run = succeeded(plain(box, "--ids", half[:4] + b"\xff" + half[4:]), "offset 4")
    check(run.out == clean, "as an argument:", run)
    check(len(ids(box, b"\xff" * 1000).remarks) == 1, "one warning, not a thousand")
    run = succeeded(plain(box, "--ids", "--pair", b"b\xff", b"a"), "second text", "offset 1")
    check(run.out == silent(plain(box, "--ids", "--pair", "b", "a")).out, "a bad second text:", run)


@test
def very_long_words(box):
    for word in (b"a" * (1 << 20), b"\xff" * (1 << 20), "木".encode() * 3 + b"x" * (10 << 20),
                 "é".encode() * (1 << 19)):
        run = ids(box, word)
        check(run.out.startswith(b"2 ") and run.out.endswith(b" 3\n"), "not [CLS] ... [SEP]:", run.out[:100])
    check(ids(box, b"a" * (10 << 20)).out == b"2 1 3\n", "more than 100 characters are one [UNK]")
    check(ids(box, b"!" * (1 << 20)).out.count(b" ") == (1 << 20) + 1,
          "punctuation stands alone, without a limit to --ids")


@test
def texts_longer_than_the_model(box):
    check(silent(plain(box, "--ids", LONG)).out.split() == [b"2"] + [b"110"] * 611 + [b"3"], "--ids has no limit")
    out = box.path("e.safetensors")
    for mode in ((), ("--export", out), ("--tsv", out), ("--time", "1"), ("--mlm",), ("--terminal",), ("--anatomy",)):
        failed(plain(box, *mode, LONG), 1, "613 tokens", "takes 48", "--truncate")
        failed(plain(box, *mode, "--file", box.write("t", LONG)), 1, "613 tokens, model takes 48", "pass --truncate")
    failed(plain(box, "--export", out, "the " * 47), 1, "49 tokens")
    silent(plain(box, "--export", out, "the " * 46))
    check(read(out)["input_ids"].shape == [48], "48 tokens fit")


@test
def truncated_texts(box):
    out = box.path("e.safetensors")
    succeeded(plain(box, "--truncate", "--export", out, LONG), "613", "48")
    check(list(read(out)["input_ids"].values()) == [2] + [110] * 46 + [3], "cut to [CLS] ... [SEP]")
    silent(plain(box, "--truncate", "--export", out, TEXT))
    check(read(out)["input_ids"].shape == [13], "a short text stays whole")
    for first, second in ((100, 100), (3, 100), (100, 3), (22, 24), (600, 1)):
        succeeded(plain(box, "--truncate", "--pair", "clock " * second, "--export", out, "the " * first),
                  "cut to the 48")
        tensors = read(out)
        row, types = list(tensors["input_ids"].values()), list(tensors["token_type_ids"].values())
        a, b = row.count(110), row.count(130)
        check(row == [2] + [110] * a + [3] + [130] * b + [3], f"{first} + {second} words:", row)
        check(types == [0] * (a + 2) + [1] * (b + 1), f"{first} + {second} words: segments", types)
        check(len(row) == 48 and a <= first and b <= second and min(a, b) >= min(first, second, 22), "an unfair cut:",
              a, b)


@test
def standard_input_that_ends_early(box):
    check(silent(plain(box, "--ids", "-", stdin=b"the clock")).out == b"2 110 130 3\n", "no newline at the end")
    check(silent(plain(box, "--ids", "-", stdin=b"the clock" + b"\n" * (1 << 20))).out == b"2 110 130 3\n",
          "many of them")
    process = box.start("--model", PLAIN, "--ids", "-", stdout=-1, stderr=-1, preexec_fn=lambda: os.close(0))
    out, err = process.communicate()
    check(process.returncode == 3 and not out and b"standard input" in err and err.count(b"\n") == 1, "closed:",
          process.returncode, err)
