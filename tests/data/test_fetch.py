#!/usr/bin/env python3
"""Tests of data/fetch.sh, against an HTTP server of their own on 127.0.0.1: no other network is used.

    python3 tests/data/test_fetch.py [WORD...]     (only the tests whose name holds one of the words)

Python's standard library only. The last line is `N passed, N failed, N skipped`; exit 1 when a test failed.
Where a test needs "in the middle of a download", the server stops half-way and waits until the test lets it go on,
so nothing here depends on how fast the machine is. HEADLIGHT_TEST_SHELL=bash runs the fetcher under another shell.
"""
import os
import subprocess
import sys
import traceback
import unicodedata
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True      # a test leaves nothing in the checkout
import downloads    # noqa: E402,F401  (importing them registers their tests)
import trouble      # noqa: E402,F401
from sandbox import check, failed, FETCH, HEADER, REPO, sandboxed, SHELL, Skip, test, TESTS, TEXT    # noqa: E402


# ---- the command line and the manifest -----------------------------------------------------------------------------

@test
@sandboxed
def usage_errors(box):
    box.row()
    for arguments in ([], ["--fast"], ["no-such-name"], ["story", "--check"], ["--list", "story"], ["story", "stor"],
                      ["st.ry"], [""]):
        failed(box.run(*arguments), 2, "Try: data/fetch.sh --help")
    failed(box.run("poem"), 2, "expected one of: story")
    failed(box.run("story", HF_ENDPOINT="ftp://somewhere"), 2, "HF_ENDPOINT")
    failed(box.run("story", HEADLIGHT_ORIGIN="somewhere"), 2, "HEADLIGHT_ORIGIN")
    check(box.files() == {} and not box.server.seen, "a usage error did something")
    result = box.run("--help")
    check(result.code == 0 and not result.lines and result.out.startswith("usage: "), f"--help: {result}")


@test
@sandboxed
def several_names_go_on_after_a_failure(box):
    for name in ("one", "two", "three"):
        box.row(file=f"{name}.txt", name=name)
    box.serve("one.txt")
    box.serve("three.txt")
    failed(box.run("one", "two", "three"), 3, "two.txt", "404")
    check(sorted(box.files()) == ["one.txt", "three.txt"], "one failure stopped the rest")


@test
@sandboxed
def check_and_list_look_only(box):
    for name in ("right", "wrong", "missing"):
        box.row(file=f"{name}.txt", name=name)
    box.put("right.txt", TEXT)
    box.put("wrong.txt", TEXT[:-1] + b"D")
    result = box.run("--check", "right")
    check((result.code, result.lines, result.out.split()) == (0, [], ["right", "right"]), f"{result}")
    for arguments, code, word in ((["wrong"], 1, "sha256"), (["missing"], 3, "not there"), ([], 1, "wrong.txt"),
                                  (["missing", "wrong"], 1, "wrong.txt")):
        result = box.run("--check", *arguments)
        check(result.code == code and len(result.errors) == 1 and word in result.errors[0], f"{arguments}: {result}")
    (box.data / "wrong.txt").unlink()
    check(box.run("--check").code == 0, "what is merely missing is no failure when nobody asked for it")
    result = box.run("--list")
    state = {line.split()[0]: line.split()[4] for line in result.out.splitlines()[1:]}
    check(result.code == 0 and state == {"right": "yes", "wrong": "no", "missing": "no"}, f"{result}")
    check(not box.server.seen, "looking asked the server")


@test
@sandboxed
def torn_manifest_is_refused(box):
    good = ["story", "story.txt", "5", "0" * 64, "yes", "free", "-", "-", "http://127.0.0.1:9/x"]
    for column, bad in ((0, "-story"), (1, "../story.txt"), (1, "a/../../story.txt"), (1, "/etc/story"), (1, "a b"),
                        (2, "5x"), (2, "-5"), (2, "9" * 30), (3, "0" * 63), (3, "Z" * 64), (4, "maybe"), (5, ""),
                        (6, "pip:$(touch x)"), (6, "--evil"), (7, "-rf"), (8, "file:///etc/passwd"), (8, "--output=x")):
        box.manifest.write_text(HEADER + "\t".join(good[:column] + [bad] + good[column + 1:]) + "\n")
        failed(box.run("story"), 1, "manifest.tsv:2: ")
    box.manifest.write_text(HEADER + "\t".join(good[:6]) + "\n")
    failed(box.run("story"), 1, "expected 9 columns, got 6")
    box.manifest.write_text("\t".join(good) + "\n")
    failed(box.run("story"), 1, "manifest.tsv:1: ")
    box.manifest.unlink()
    failed(box.run("story"), 3, "manifest.tsv")
    check(box.files() == {} and sorted(p.name for p in box.root.iterdir()) == ["data"], "something was written")


@test
def the_real_manifest():
    result = subprocess.run([SHELL, str(FETCH), "--list"], capture_output=True, text=True, check=False,
                            env={**os.environ, "HEADLIGHT_DATA": "/nonexistent"})
    check(result.returncode == 0 and not result.stderr, f"--list: {result}")
    rows = [line.split("\t") for line in (REPO / "data" / "manifest.tsv").read_text().splitlines()[1:]]
    files = {row[1]: row for row in rows}
    for name in ("the-verdict", "gpt2-vocabulary", "minilm", "bert-base-uncased", "gpt2"):
        check(any(row[0] == name for row in rows), f"{name} is not in the manifest")
    check(len(files) == len(rows), "a file stands twice in the manifest")
    for file, size, start in (("the-verdict.txt", "20479", "b41e41a6"),
                              ("gpt2-vocabulary/vocab.bpe", "456318", "1ce16647"),
                              ("gpt2-vocabulary/encoder.json", "1042301", "19613966"),
                              ("minilm/vocab.txt", "231508", "07eced37"),
                              ("bert-base-uncased/vocab.txt", "231508", "07eced37"),
                              ("gpt2/merges.txt", "456318", "1ce16647"), ("gpt2/vocab.json", "1042301", "19613966")):
        check(files[file][2] == size and files[file][3].startswith(start), f"{file}: {files[file]}")
    readme = (REPO / "data" / "README.md").read_text()
    for column in HEADER.split():
        check(f"`{column}`" in readme, f"data/README.md does not explain the column {column}")
    for row in rows:
        check(f"`{row[0]}`" in readme, f"data/README.md does not name {row[0]}")


@test
def the_text_of_our_own():
    raw = (REPO / "data" / "lamplighter.txt").read_bytes()
    text = raw.decode("utf-8")
    check(19000 <= len(raw) <= 21000, f"{len(raw)} bytes")
    check(text.endswith("\n") and not text.endswith("\n\n") and "\r" not in text and "\t" not in text, "line ends")
    check(unicodedata.normalize("NFC", text) == text, "accents should be one character each (NFC)")
    check({"é", "ü", "ñ"} <= set(text) and any(c.isdigit() for c in text) and text.count('"') % 2 == 0,
          "accents, digits, paired quotes")
    check("  " not in text and all(line == line.strip() for line in text.split("\n")), "stray spaces")


def main():
    wanted = [(name, run) for name, run in TESTS if not sys.argv[1:] or any(word in name for word in sys.argv[1:])]

    def attempt(item):
        try:
            item[1]()
            return "ok", ""
        except Skip as reason:
            return "skip", str(reason)
        except AssertionError as problem:
            return "FAIL", str(problem) or traceback.format_exc()
        except Exception:
            return "FAIL", traceback.format_exc()

    counts = {"ok": 0, "FAIL": 0, "skip": 0}
    with ThreadPoolExecutor(max_workers=6) as pool:      # most of a test is waiting for a shell
        for (name, _), (state, words) in zip(wanted, pool.map(attempt, wanted)):
            counts[state] += 1
            print(f"{state:4} {name}{': ' + words if words else ''}", flush=True)
    print(f"{counts['ok']} passed, {counts['FAIL']} failed, {counts['skip']} skipped")
    return 1 if counts["FAIL"] or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
