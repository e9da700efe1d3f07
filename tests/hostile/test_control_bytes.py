#!/usr/bin/env python3
"""What a stranger wrote never steers the terminal: escape sequences, bells, the controls of ISO 8859, what turns the
writing direction, and bytes that are no character go through every option of every stage that takes a word, a file or a
folder (the list is what --help says), as TEXT, in a file, on standard input and as a name. Nothing of them may come out
as it went in, on either stream.

    python3 tests/hostile/test_control_bytes.py [WORD...]     only the stages whose name holds one of the words
    BUILD=build/asan HEADLIGHT_SLACK=20 python3 tests/hostile/test_control_bytes.py
"""
import os
import re
import subprocess
import sys

import program
from program import check, test

BUILD = os.path.join(program.REPO, os.environ.get("BUILD") or "build")
STAGES = sorted(name for name in os.listdir(program.REPO / "stages") if re.match(r"\d\d_", name))
FIXTURES = program.REPO / "tests" / "fixtures"
MIXED_WORD = "b\x1b[2J\u202e c"
SMALL = {                                                # so that a whole run is short, and needs no fetched file
    "04_gpt2_bpe": ["--vocab", FIXTURES / "bpe" / "small"],
    "05_windows": ["--tokens", "bytes"],
    "13_efficient": ["--tokens", "16"],
    "15_training": ["--steps", "2", "--layers", "1", "--width", "8", "--heads", "2", "--context", "8", "--batch", "2",
                    "--sample", "20"],
    "16_sampling": ["--tokens", "20"],
    "17_bert": ["--model", program.PLAIN],
    "18_gpt2": ["--model", FIXTURES / "gpt2" / "bare_buffers"],
    "19_heads": ["--model", program.PLAIN],
    "20_atlas": ["--model", program.PLAIN],
}
STORIES = ("03_bpe_training", "05_windows", "15_training", "16_sampling")      # a few words are too few for them
SWITCHES = {"17_bert": [["--mlm"], ["--anatomy", "--layer", "0"], ["--pair", MIXED_WORD], ["--view", "neuron"]],
            "18_gpt2": [["--next"], ["--perplexity"], ["--anatomy", "--layer", "0"]],
            "19_heads": [["--find", "next"], ["--paths"], ["--head-map"], ["--ablate", "all"], ["--pair", MIXED_WORD]],
            "05_windows": [["--print"]], "12_multi_head": [["--pair", MIXED_WORD]]}
TINY, GPT2 = FIXTURES / "sampling" / "tiny", FIXTURES / "gpt2" / "bare_buffers"
GOOD = {"--model": program.PLAIN, "--vocab": FIXTURES / "bpe" / "small"}
TEXTLESS = ("07_positions", "13_efficient")
KNOWN = {"--out", "--time", "--threads", "--seed"}       # tried by itself, or the same everywhere

MIXED = "a \x1b[2J\x07\rb \x1b]0;x\x07 \x85\x9b31m \u202e\u2067 the old \x7f\u2028 \u200f clock".encode()
WRONG = MIXED + b" \xff\xfe\xc3 bird"
VALUES = (MIXED, b"\xff\xe2\x80\xae", b"3\x1b", b"\xc2\x9b2J", b"\xc2\x80x\xc2\x9f")


def steers(character):
    code = ord(character)
    control = code < 32 and character != "\n" or 127 <= code < 160
    return control or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069 or code in (0x61C, 0x2028, 0x2029)


def listed(help_text):
    """(name, the value's name or "") of each option."""
    return re.findall(r"^  (--[a-z0-9-]+) ?(\S*)", help_text, re.MULTILINE)


class Sweep:
    """One stage in one folder; a story with what steers terminals between its words, and a folder with such a name."""

    def __init__(self, box, stage):
        program.PROGRAM, program.NAME = os.path.join(BUILD, stage), stage
        if not os.access(program.PROGRAM, os.X_OK):
            raise program.Skip(f"{stage} is not built. Try: make build/{stage}")
        story = (program.REPO / "data" / "lamplighter.txt").read_bytes()[:900] if stage in STORIES else b"the cat sat"
        self.box, self.stage = box, stage
        self.files = [box.write("mixed.txt", MIXED + b" " + story), box.write("wrong.txt", WRONG + b"\n" + story)]
        drawn = [] if stage == "20_atlas" else ["--terminal"]        # which has a page for all pictures
        self.base = ["--out", box.path("out"), *drawn, *SMALL.get(stage, [])]
        if stage == "16_sampling":
            self.base += ["--data", self.files[0]]
        self.odd_name = os.fsencode(box.path("e")) + b"\x1b[2J\xc2\x9b\xe2\x80\xae\xff"
        with open(self.odd_name, "wb") as file:
            file.write(MIXED + b" " + story)

    def run(self, *arguments, given=b""):
        process = self.box.start(*self.base, *arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
        streams = process.communicate(given, timeout=program.PATIENCE)
        check(process.returncode in (0, 1, 2, 3), f"exit {process.returncode}:", self.stage, arguments, streams[1])
        for stream in streams:
            try:
                found = sorted(set(filter(steers, stream.decode())))
            except UnicodeDecodeError:
                found = ["bytes that are no character"]
            check(not found, "on a terminal this is obeyed:", ascii(found), self.stage, arguments, stream[:2000])
        return process.returncode

    def options(self):
        process = self.box.start("--help", stdout=subprocess.PIPE)
        return listed(process.communicate()[0].decode())


def sweep_of(stage):
    def sweep(box):
        s = Sweep(box, stage)
        codes = [s.run(text) for text in (MIXED, WRONG, *VALUES)]
        codes += [s.run("--file", name) for name in (*s.files, s.odd_name)] + [s.run("-", given=WRONG)]
        check(0 in codes or stage in TEXTLESS, "nothing of it was read:", stage, codes)
        for more in SWITCHES.get(stage, []):
            s.run(*more, MIXED)
        tried = 0
        for name, value in s.options():
            if not value or name in KNOWN:
                continue
            tried += 1
            for text in VALUES:
                s.run(name, text, *(["b c"] if name in ("--pair", "--meaning") else []))
            if value in ("F", "FILE", "DIR"):
                s.run(name, s.odd_name)
            if name in GOOD:
                link = s.odd_name + os.fsencode(name)
                os.symlink({"16_sampling": TINY, "18_gpt2": GPT2}.get(stage, GOOD[name]), link)
                check(s.run(name, link, "the clock") == 0, "a folder with an odd name:", stage, name)
        check(tried > 1, "--help lists too few options:", stage)
        s.run("--out", s.odd_name)
        s.run("--" + MIXED.decode())
        s.run(MIXED, WRONG)

    sweep.__name__ = f"of_{stage}"
    return test(sweep)


@test
def the_eye_sees(box):
    """What is looked for is found."""
    for text in ("\x1b", "\a", "\r", "\x7f", "\x80", "\x9f", "\u202e", "\u2066", "\u2028"):
        check(steers(text), ascii(text))
    check(not any(map(steers, "a\n~\xa0\u200f\u4e00")), "what is harmless is called so")
    check(listed("  --top N      x\n  --ids   y\nusage: --no\n") == [("--top", "N"), ("--ids", "")], "options")


for each in STAGES:
    sweep_of(each)


if __name__ == "__main__":
    sys.exit(program.main(workers=1))
