#!/usr/bin/env python3
"""Stage 16 from the outside: rules that must mean the same, prompts and models that make no sense, copies.

    python3 tests/hostile/test_sampling.py [WORD...]      only the tests whose name holds one of the words
    PROGRAM=build/asan/16_sampling HEADLIGHT_SLACK=20 python3 tests/hostile/test_sampling.py

program.py says how a run is judged. Python's standard library only.
"""
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = os.path.dirname(os.environ.get("PROGRAM") or os.path.join(ROOT, os.environ.get("BUILD") or "build", "any"))
os.environ["PROGRAM"] = os.path.join(FOLDER, "16_sampling")     # beside whichever program is under test
from program import check, failed, main, MODELS, Skip, succeeded, test  # noqa: E402

TINY = ROOT / "tests" / "fixtures" / "sampling" / "tiny"
STORY = ROOT / "data" / "lamplighter.txt"
LETTERS = "\n ,.abcdefghijklmnopqrstuvwxyz"


def text_of(box, *arguments, model=TINY, **more):
    run = succeeded(box.run("--model", model, "--print", *arguments, **more))
    check(not run.err and run.out.endswith(b"\n"), run)
    return run.out[:-1].decode()


def copy_of_tiny(box, name="model"):
    folder = box.path(name)
    shutil.copytree(TINY, folder)
    return folder


# ---- what is written ----------------------------------------------------------------------------------------------

@test
def prompt_and_as_many_tokens_as_asked(box):
    for prompt in ("the lamp", "t", ".,\n", "a" * 24, "b" * 25, "lamp " * 20000):
        for tokens in (0, 1, 23, 24, 25, 100):
            text = text_of(box, "--tokens", tokens, "-", stdin=prompt.encode())
            check(text.startswith(prompt) and len(text) == len(prompt) + tokens, prompt[:30], tokens, len(text))
            check(set(text) <= set(LETTERS), text)


@test
def a_model_that_fills_gaps_does_not_write(box):
    """Under a causal mask, too: what it says of a place is what stands there."""
    for mask, why in (("none", "see what comes later"), ("causal", "fill gaps"), ("sliding", "fill gaps")):
        out = box.path(mask)
        subprocess.run([os.path.join(FOLDER, "15_training"), "--data", STORY, "--objective", "masked", "--mask", mask,
                        "--steps", "1", "--sample", "0", "--terminal", "--out", out], check=True, capture_output=True)
        failed(box.run("--model", out, "The "), 1, "was trained to " + why, "15_training --objective next")


@test
def the_same_seed_writes_the_same_text(box):
    longer = text_of(box, "--tokens", 90, "the ")
    check(longer == text_of(box, "--tokens", 90, "--threads", 3, "--seed", 123, "the "), longer)
    check(longer.startswith(text_of(box, "--tokens", 33, "the ")), longer)
    texts = {text_of(box, "--tokens", 90, "--seed", seed, "the ") for seed in range(8)}
    check(len(texts) == 8, "eight seeds write", len(texts), "texts")


@test
def rules_that_mean_the_same(box):
    greedy = text_of(box, "--greedy", "the ")
    for rule in (["--temperature", 0], ["--top-k", 1], ["--temperature", "1e-9"], ["--top-p", "1e-9"],
                 ["--greedy", "--temperature", 0, "--top-k", 7]):
        check(text_of(box, *rule, "the ") == greedy, rule)
    plain = text_of(box, "--temperature", 1.3, "the ")
    for rule in (["--top-k", 30], ["--top-k", 10 ** 6], ["--top-p", 1], ["--top-p", 0, "--top-k", 0]):
        check(text_of(box, "--temperature", 1.3, *rule, "the ") == plain, rule)
    check(plain != greedy, plain)


@test
def an_empty_prompt_is_a_text(box):
    check(text_of(box, "--tokens", 5, "")[0] == "\n" and len(text_of(box, "--tokens", 5, "")) == 6, "no new line")
    check(text_of(box, "--tokens", 5, "-") == text_of(box, "--tokens", 5, ""), "standard input differs")


@test
def a_model_of_words_glues_them(box):
    words = copy_of_tiny(box)
    names = ["The", "old", "lamp", ",", "."] + [f"word{i}" for i in range(25)]
    box.write("model/vocab.json", json.dumps({name: i for i, name in enumerate(names)}))
    text = text_of(box, "--tokens", 40, "The old lamp, old", model=words)
    check(text.startswith("The old lamp, old ") and " ," not in text, text)
    failed(box.run("--model", words, "--print", "The new lamp"), 1, "new", "byte 4")


@test
def whatever_stage_15_saves(box):
    training = os.path.join(FOLDER, "15_training")
    if not os.access(training, os.X_OK):
        raise Skip("needs build/15_training")
    for kind, prompt in (("char", "The Pe\u00f1amar"), ("word", "The lamp,"), ("bpe", "The Pe\u00f1amar \u20ac Q")):
        folder = box.path(kind)
        done = subprocess.run([training, "--data", STORY, "--tokens", kind, "--vocabulary", "300", "--layers", "1",
                               "--width", "8", "--heads", "2", "--context", "16", "--steps", "0", "--sample", "0",
                               "--terminal", "--out", folder], capture_output=True, check=False)
        check(done.returncode == 0, done.stderr)
        run = succeeded(box.run("--model", folder, "--print", "--tokens", 40, prompt))
        check(run.out.decode("utf-8", "replace").startswith(prompt), run)
        told = succeeded(box.run("--model", folder, "--data", STORY, "--terminal", prompt), seconds=10)
        check(b"copied: " in told.out, told)


@test
def time_is_two_numbers_and_a_rate(box):
    for more in (["--model", TINY], ["--data", STORY, "--counts", 3]):
        run = succeeded(box.run(*more, "--time", 3, "--tokens", 30), seconds=10)
        check(re.match(rb"\d+\.\d+ \d+\.\d+  \d+\.\d tokens/s\n$", run.out) and not run.new_files(), run)


# ---- copies -------------------------------------------------------------------------------------------------------

def longest_shared(a, b):
    best, before = 0, {}
    places = {}
    for j, byte in enumerate(b):
        places.setdefault(byte, []).append(j)
    for byte in a:
        now = {j: before.get(j - 1, 0) + 1 for j in places.get(byte, ())}
        best = max([best, *now.values()])
        before = now
    return best


@test
def the_longest_copy_is_the_longest(box):
    story = STORY.read_bytes()
    for counts in (2, 5, 7, 12):
        rule = ["--data", STORY, "--counts", counts, "--temperature", 0.9, "--tokens", 150]
        written = succeeded(box.run(*rule, "--print", "The ")).out[4:-1]
        told = succeeded(box.run(*rule, "--terminal", "The "), seconds=10).out.decode()
        longest = longest_shared(written, story)
        runs = re.findall(r"^    (\d+) bytes from byte (\d+): \"(.*)\"$", told, re.M)
        if not runs:
            check(f"nothing longer than {longest} bytes" in told, longest, told)
            continue
        check(int(runs[0][0]) == longest >= 20, longest, told)
        for size, place, shown in runs:
            copied = story[int(place):int(place) + int(size)]
            check(copied in written, copied)
            clean = copied.decode("utf-8", "ignore").replace("\n", "\u23ce")
            check(clean.startswith(shown.rstrip("\u2026")), clean, shown)


@test
def a_circle_is_told(box):
    told = succeeded(box.run("--data", STORY, "--counts", 4, "--greedy", "--tokens", 200, "--terminal", "The "),
                     seconds=10).out.decode()
    first, period = map(int, re.search(r"from token (\d+) on, the same (\d+) again", told).groups())
    run = succeeded(box.run("--data", STORY, "--counts", 4, "--greedy", "--tokens", 200, "--print", "The "))
    ring = run.out.decode()[:-1][first:]
    check(all(ring[i] == ring[i - period] for i in range(period, len(ring))) and len(ring) >= 3 * period, told)


# ---- what makes no sense ------------------------------------------------------------------------------------------

@test
def wrong_command_lines(box):
    for wrong in (["--temperature", "-1"], ["--temperature", "nan"], ["--temperature", "warm"], ["--top-k", "-1"],
                  ["--top-p", "1.5"], ["--top-p", "-0.1"], ["--tokens", "-1"], ["--tokens", "1e3"], ["--counts", "0"],
                  ["--counts", "65"], ["--greedy", "--temperature", "1"], ["--model", TINY, "--counts", "3"],
                  ["--print", "--time", "2"], ["--time", "0"], ["--format", "gif"], ["--sample", "3"], ["a", "b"],
                  ["--file", STORY, "a"], ["--threads", "0"]):
        failed(box.run(*wrong), 2)


@test
def prompts_that_cannot_be_read(box):
    failed(box.run("--model", TINY, "--print", "the Q"), 1, "`Q`", "byte 4")
    failed(box.run("--model", TINY, "--print", b"the \xff"), 1, "byte 4", "UTF-8")
    failed(box.run("--model", TINY, "--print", "-", stdin=b"the \0 lamp"), 1, "byte 4")
    failed(box.run("--model", TINY, "--print", "the \u20ac\n"), 1, "\\u20ac".encode().decode("unicode_escape"))
    failed(box.run("--model", TINY, "--print", "--file", box.path("missing")), 3, "missing")


@test
def stories_that_are_none(box):
    failed(box.run(), 3, "lamplighter", "--file")
    failed(box.run("--data", box.write("empty", b"")), 1, "empty")
    failed(box.run("--data", box.write("bytes", b"a\xffb")), 1, "byte 1", "UTF-8")
    failed(box.run("--data", box.path("missing")), 3, "missing")
    for story in ("x", "\n", "ab" * 40, "\u00e9"):
        text = succeeded(box.run("--data", box.write("story", story), "--print", "--tokens", 30, "")).out.decode()
        check(len(text) == 32 and set(text) <= set(story + "\n"), ascii(text))


@test
def folders_that_hold_no_model(box):
    failed(box.run("--model", box.path("missing"), "--print", "a"), 3, "missing")
    failed(box.run("--model", MODELS / "plain", "--print", "a"), 1, "gpt2")
    for name, content, code, words in (
            ("vocab.json", None, 3, "vocab.json"), ("vocab.json", "{", 1, "vocab.json"),
            ("vocab.json", json.dumps({c: i for i, c in enumerate(LETTERS[:-1])}), 1, "29 tokens"),
            ("vocab.json", json.dumps({c: i % 29 for i, c in enumerate(LETTERS)}), 1, "vocab.json"),
            ("vocab.json", json.dumps({c: i for i, c in enumerate(LETTERS[:-1])} | {"": 29}), 1, "token 29 is empty"),
            ("model.safetensors", (TINY / "model.safetensors").read_bytes()[:-7], 1, "model.safetensors"),
            ("config.json", (TINY / "config.json").read_text().replace('"n_layer": 2', '"n_layer": 3'), 1, "h.2"),
            ("config.json", (TINY / "config.json").read_text().replace("{", '{"headlight": {"causal": false},', 1), 1,
             "what comes later"),
            ("merges.txt", "#version: 0.2\nQ Z\n", 1, "byte-level")):
        folder = copy_of_tiny(box)
        os.remove(os.path.join(folder, name)) if content is None else box.write(f"model/{name}", content)
        failed(box.run("--model", folder, "--print", "a"), code, words)
        shutil.rmtree(folder)


@test
def weights_that_leave_the_numbers(box):
    folder = copy_of_tiny(box)
    path = os.path.join(folder, "model.safetensors")
    original = open(path, "rb").read()
    size = struct.unpack("<Q", original[:8])[0]
    header = json.loads(original[8:8 + size])
    first = 8 + size + header["transformer.wte.weight"]["data_offsets"][0]
    for value, words in ((float("nan"), "nan"), (3e38, "no number")):
        damaged = bytearray(original)
        for i in range(16):
            damaged[first + 4 * i:first + 4 * i + 4] = struct.pack("<f", value)
        box.write("model/model.safetensors", bytes(damaged))
        failed(box.run("--model", folder, "--print", "\n"), 1, words)
        failed(box.run("--model", folder, "--data", STORY, "--out", box.folder("o"), "\n"), 1, words, answered=True,
               seconds=10)


@test
def nowhere_to_write(box):
    failed(box.run("--model", TINY, "--print", "a", stdout="/dev/full"), 3)
    box.write("file", "x")
    failed(box.run("--data", STORY, "--out", box.path("file/out"), "a"), 3, "file")


if __name__ == "__main__":
    sys.exit(main())
