#!/usr/bin/env python3
"""What stage 15 has trained, opened by the others: every position scheme, kind of token and kind of mask.

    python3 tests/hostile/test_trained_models.py [WORD...]     only the tests whose name holds one of the words
    BUILD=build/asan python3 tests/hostile/test_trained_models.py

Each model learns two steps, is saved, and is read by a Python that shares nothing with the program (reference_gpt.py);
what stage 17 exports of it must be those numbers, under the mask that it was trained under, cell by cell. Python's
standard library only.
"""
import itertools
import json
import os
import random
import re
import subprocess
import sys

from training_files import BUILD, ROOT, check, main

from reference import flat
from reference_gpt import Gpt
from tensors import load

STORY = os.path.join(ROOT, "data", "lamplighter.txt")
CONTEXT, HEADS = 16, 2
TOLERANCE = 1e-4
POSITIONS = ("learned", "sinusoidal", "rope", "alibi", "none")
TOKENS = ("char", "word", "bpe")


def program(name, *more):
    return subprocess.run([os.path.join(BUILD, name), *map(str, more)], capture_output=True, text=True,
                          errors="replace", timeout=600, check=False)


def drawing():
    """Any pattern, with a way for each token to itself; it shows some of the future."""
    rng = random.Random(8)
    return [[i == j or rng.random() < 0.5 for j in range(CONTEXT)] for i in range(CONTEXT)]


def masks(folder):
    """name, the options that make it, and its rule"""
    picture, path = drawing(), os.path.join(folder, "mask.txt")
    with open(path, "w", encoding="ascii") as file:
        file.write("".join("".join(".#"[cell] for cell in row) + "\n" for row in picture))
    return (("causal", [], lambda i, j: j <= i),
            ("sliding", ["--mask", "sliding", "--window", 3], lambda i, j: 0 <= i - j < 3),
            ("global-at", ["--mask", "sliding", "--window", 3, "--global-at", "0,3"],
             lambda i, j: j <= i and (i - j < 3 or i in (0, 3) or j in (0, 3))),
            ("mask-file", ["--mask-file", path], lambda i, j: picture[i][j] and j <= i),
            ("both-ways", ["--mask", "none", "--mask-file", path, "--objective", "masked"],
             lambda i, j: picture[i][j]))


def trained(out, positions, tokens, options):
    done = program("15_training", "--data", STORY, "--layers", 2, "--width", 16, "--heads", HEADS, "--context", CONTEXT,
                   "--batch", 4, "--steps", 2, "--lr", 0.05, "--positions", positions, "--tokens", tokens,
                   "--vocabulary", 300, "--sample", 0, "--terminal", "--threads", 2, "--out", out, *options)
    check(done.returncode == 0, done.stderr)


def prompt(tokens):
    with open(STORY, encoding="utf-8") as file:
        story = file.read()
    return " ".join(story.split()[:10]) if tokens == "word" else story[:CONTEXT]


def expected_ids(out, tokens, text):
    """By vocab.json alone; None for byte pairs, whose text is looked at instead."""
    with open(os.path.join(out, "vocab.json"), encoding="utf-8") as file:
        ids = json.load(file)
    pieces = re.split(r"([,.:;?_!\"()']|--|\s)", text) if tokens == "word" else text
    return None if tokens == "bpe" else [ids[piece] for piece in pieces if tokens == "char" or piece.strip()]


def largest_difference(tensor, nested):
    got, right = list(tensor.values()), flat(nested)
    check(len(got) == len(right), len(got), "numbers, expected", len(right))
    return max(abs(a - b) for a, b in zip(got, right))


def looks_as_it_learnt(out, name, positions, tokens, allowed):
    text, file = prompt(tokens), os.path.join(out, "export.safetensors")
    done = program("17_bert", "--model", out, "--export", file, text)
    check(done.returncode == 0, name, done.stderr)
    seen = load(file)
    ids = list(seen["input_ids"].values())
    right = expected_ids(out, tokens, text)
    check(right is None or ids == right, name, "ids", ids, right)
    logits, maps = Gpt(out, HEADS, positions).forward(ids, allowed)
    cells = list(seen["attentions"].values())
    n = len(ids)
    check(all((weight > 0) == allowed(at // n % n, at % n) for at, weight in enumerate(cells)), name, "another mask")
    for what, tensor, oracle in (("maps", seen["attentions"], maps), ("logits", seen["logits"], logits)):
        apart = largest_difference(tensor, oracle)
        check(apart < TOLERANCE, name, what, "differ by", apart)
    return n


def every_kind_comes_back(folder):
    lengths = set()
    for positions, tokens, (mask, options, allowed) in itertools.product(POSITIONS, TOKENS, masks(folder)):
        name, out = f"{positions}, {tokens}, {mask}:", os.path.join(folder, "out")
        trained(out, positions, tokens, options)
        lengths.add(looks_as_it_learnt(out, name, positions, tokens, allowed))
        done = program("10_masks", "--model", out, "--terminal", prompt(tokens))
        check(done.returncode == 0, name, "in 10:", done.stderr)
        done = program("16_sampling", "--model", out, "--print", "--tokens", 5, prompt(tokens))
        if mask == "both-ways":
            check(done.returncode == 1 and "what comes later" in done.stderr, name, "in 16:", done.stderr)
        else:
            check(done.returncode == 0 and done.stdout.startswith(prompt(tokens)), name, done.stdout, done.stderr)
    check(min(lengths) >= 4, lengths)


def a_resumed_run_keeps_its_mask(folder):
    """gpt_save is called by the resumed run, which has its mask from the command line again; config.json says the same
    as after a run that never stopped."""
    for mask, options, _ in masks(folder):
        configs = []
        for name, steps in (("whole", (4,)), ("parts", (2, 4))):
            out = os.path.join(folder, mask + name)
            for last in steps:
                trained(out, "learned", "char", [*options, "--steps", last, "--resume"])
            with open(os.path.join(out, "config.json"), encoding="utf-8") as file:
                configs.append(json.load(file))
        check(configs[0] == configs[1], mask, configs)


if __name__ == "__main__":
    sys.exit(main([every_kind_comes_back, a_resumed_run_keeps_its_mask]))
