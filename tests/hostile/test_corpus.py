#!/usr/bin/env python3
"""Stage 19 on many sentences, from the outside: its means and intervals against numpy's (tests/fixtures/corpus), the
same bits for the same seed and any workers, and texts that are none.

    python3 tests/hostile/test_corpus.py [WORD...]     only the tests whose name holds one of the words
"""
import os
import subprocess
import sys

from training_files import BUILD, ROOT, check, main

FIXTURES = os.path.join(ROOT, "tests", "fixtures")
LINES = os.path.join(FIXTURES, "corpus", "lines.txt")
BERT, GPT = os.path.join(FIXTURES, "models", "prefix_gamma_mlm"), os.path.join(FIXTURES, "gpt2", "story")
MASKS = {BERT: "none,local:2,causal,global-local:1:1", GPT: "none,local:2,sinks:3:1"}


def heads(*more, stdin=b""):
    return subprocess.run([os.path.join(BUILD, "19_heads"), *map(str, more)], input=stdin, capture_output=True,
                          timeout=600, check=False, cwd=ROOT)


def answer(*more, **others):
    done = heads(*more, **others)
    check(done.returncode == 0, more, done.stderr)
    return done.stdout.decode()


def compared(model, *more, file="tsv", masks=None, **others):
    return answer("--model", model, "--compare", masks or MASKS[model], f"--{file}", "-", *more, **others)


def rows_of(text, keys):
    head, *rows = [line.split("\t") for line in text.split("\n")[:-1]]
    return head, {tuple(row[:keys]): list(map(float, row[keys:])) for row in rows}


def numbers_are_numpys(_):
    for name, model, more in (("bert_head", BERT, []), ("bert_model", BERT, ["--mask-scope", "model"]),
                              ("bert_layer", BERT, ["--mask-scope", "model", "--layers", "0"]), ("gpt_head", GPT, []),
                              ("gpt_model", GPT, ["--mask-scope", "model"])):
        with open(os.path.join(FIXTURES, "corpus", name + ".tsv"), encoding="utf-8") as file:
            head, expected = rows_of(file.read(), 4)
        got_head, got = rows_of(compared(model, "--corpus", LINES, "--lines", "--no-twin", *more), 4)
        check(head == got_head and set(got) == set(expected), name, set(got) ^ set(expected))
        for key, right in expected.items():
            check(got[key][3] == right[3], name, key, got[key], right)
            check(all(abs(x - y) < 2e-5 for x, y in zip(got[key], right)), name, key, got[key], right)


def the_twin_is_numpys(_):
    """Its weights are drawn by PyTorch there: tests/fixtures/makers/corpus.py has the recipe."""
    for name, model in (("bert_twin", BERT), ("gpt_twin", GPT)):
        with open(os.path.join(FIXTURES, "corpus", name + ".tsv"), encoding="utf-8") as file:
            _, expected = rows_of(file.read(), 4)
        got = {key: row for key, row in rows_of(compared(model, "--corpus", LINES, "--lines"), 4)[1].items()
               if key[3].startswith("twin_")}
        check(set(got) == set(expected), name, set(got) ^ set(expected))
        for key, right in expected.items():
            check(got[key][3] == right[3], name, key, got[key], right)
            check(all(abs(x - y) < 2e-4 for x, y in zip(got[key], right)), name, key, got[key], right)


def rows_have_the_means(_):
    head, rows = rows_of(compared(BERT, "--corpus", LINES, "--lines", file="rows"), 8)
    check(head == "sentence byte tokens word mask layer head measure value".split(), head)
    _, means = rows_of(compared(BERT, "--corpus", LINES, "--lines"), 4)
    check({key[3].startswith("twin_") for key in means} == {True, False}, "no twin")
    for key, mean in means.items():
        values = [value[0] for row, value in rows.items() if row[4:] == key]
        check(len(values) == mean[3] and abs(sum(values) / len(values) - mean[0]) < 1e-8, key, values, mean)
        check(mean[1] <= mean[0] <= mean[2] or mean[2] - mean[1] < 1e-9, key, mean)


def the_same_seed_has_the_same_bits(_):
    for model in MASKS:
        more = ["--corpus", LINES, "--lines", "--threads"]
        one = compared(model, *more, 1)
        check(one == compared(model, *more, 1) == compared(model, *more, 2), model, "bits differ")
        check(one != compared(model, *more, 1, "--seed", 4), "another seed changes nothing")


def texts_that_are_none(folder):
    def wrong(code, words, *more, stdin=b""):
        done = heads("--model", BERT, *more, stdin=stdin)
        check(done.returncode == code and words in done.stderr.decode() and not done.stdout, more, done)
        check(done.stderr.count(b"\n") == 1, done.stderr)

    asked = ["--compare", "none,local:1", "--corpus", "-"]
    wrong(1, "no sentence", *asked)
    wrong(1, "no sentence", *asked, stdin=b" \n\n\t")
    wrong(1, "sentence 1 (from 0) has 402 tokens, model takes 48", *asked, stdin=b"One. The " + b"the " * 399)
    wrong(3, "No such", "--compare", "none", "--corpus", os.path.join(folder, "absent"))
    wrong(2, "--corpus is for --compare or --examples", "--corpus", LINES)
    wrong(2, "no mask `wide`", "--compare", "none,wide", "--corpus", LINES, "--lines")
    wrong(2, "two answers", "--compare", "none", "--examples", 2)
    wrong(2, "is for --compare", "--rows", "-")
    rubbish = bytes(range(256)) * 8
    for model in (BERT,):
        text = compared(model, "--corpus", "-", "--truncate", stdin=rubbish)
        check("nan" not in text and "inf" not in text and len(text) > 1000, text[:300])
    one = compared(BERT, "--corpus", "-", stdin=b"The old lamp.")
    check(all(line.split("\t")[4] == line.split("\t")[5] == line.split("\t")[6] and line.endswith("\t1")
              for line in one.split("\n")[1:-1]), one)
    wide = rows_of(compared(BERT, "--corpus", "-", masks="local:90,none", stdin=b"The old lamp."), 4)[1]
    check(all(wide[key] == wide["none", *key[1:]] for key in wide), "a mask wider than the text does something")


def examples_are_marked(_):
    text = answer("--model", BERT, "--layer", 1, "--head", 2, "--examples", 3, "--corpus", LINES, "--lines")
    lines = text.split("\n")[:-1]
    strengths = [float(line.split()[0]) for line in lines[2:]]
    check(len(strengths) == 3 and strengths == sorted(strengths, reverse=True), text)
    check(all("<" in line and "[" in line and "[CLS]" not in line for line in lines[2:]), text)
    check(f"most {strengths[0]:.4f}" in lines[1], text)


if __name__ == "__main__":
    sys.exit(main([numbers_are_numpys, the_twin_is_numpys, rows_have_the_means, the_same_seed_has_the_same_bits,
                   texts_that_are_none, examples_are_marked]))
