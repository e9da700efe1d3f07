#!/usr/bin/env python3
"""What 17, 18, 19 and 20 do with options that have nothing to do for each other: exit 2, one line that names both, no
file; and what goes together is written.

    python3 tests/hostile/test_company.py [WORD...]     only the tests whose name holds one of the words
"""
import os
import re
import signal
import shutil
import subprocess
import sys
import time

from training_files import BUILD, ROOT, check, main

FIXTURES = os.path.join(ROOT, "tests", "fixtures")
BERT, GPT = os.path.join(FIXTURES, "models", "prefix_gamma_mlm"), os.path.join(FIXTURES, "gpt2", "story")
MAPS = os.path.join(FIXTURES, "maps", "bert.safetensors")
LINES = ["--corpus", os.path.join(FIXTURES, "corpus", "lines.txt"), "--lines"]
CELL = ["--layer", "0", "--head", "0"]

# The line, and what its error says.
REFUSED = {
    ("17_bert", BERT): (
        ("--time 1 --tsv F", "two answers"), ("--meaning bank --tsv F", "two answers"), ("--ids --export F", "two"),
        ("--mlm --time 1", "two answers"), ("--tsv F --export F", "same place"), ("--tsv - --export -", "same place"),
        ("--export F --layer 1", "--layer does nothing beside --export"),
        ("--tsv F --view lines", "--view does nothing"),
        ("--ids --token a", "--token does nothing"), ("--mlm --renormalise", "--renormalise does nothing"),
        ("--threshold 0.5", "for --view flow"), ("--format png,png", "twice"), ("--format svg,png,svg", "twice")),
    ("18_gpt2", GPT): (
        ("--perplexity --layer 0", "--layer does nothing beside --perplexity"),
        ("--write 3 --view flow", "--view does"),
        ("--next --token the", "--token does nothing"), ("--next --values", "--values does nothing"),
        ("--temperature 0.5", "for --write"), ("--top-p 0.5 --next", "for --write"),
        ("--top-k 3 --perplexity", "--top-k"),
        ("--stride 4 --write 3", "for --perplexity"), ("--tokens 3", "for --time"), ("--next --time 1", "two answers"),
        ("--write 3 --tsv F", "two answers"), ("--perplexity --export F", "two answers")),
    ("19_heads", BERT): (
        ("--why 2,1 --layer 0 --head 0 --json F", "--why and --json are two"), ("--time 1 --tsv F", "two answers"),
        ("--time 1 --rollout F", "two answers"), ("--compare none --json F", "two answers"),
        ("--compare none --flow F", "two answers"), ("--examples 2 --tsv F", "two answers"),
        ("--beside-twin --json F", "two answers"), ("--tsv F --json F", "same place"),
        ("--json - --tsv -", "same place"), ("--compare none --rows F --tsv F", "same place"),
        ("--segments ab", "for --paths"), ("--no-special", "for --paths"), ("--token a", "for --paths"),
        ("--token a --head-map", "for --paths"), ("--tsv F --metric self", "--metric does nothing beside --tsv"),
        ("--compare none --metric self", "--metric"), ("--compare none --pair b", "--pair does nothing"),
        ("--examples 2 --head 0,1", "one head"), ("--examples 2 --layer 0-1", "one head"),
        ("--find next --layer 0", "--layer is for"), ("--lines", "for --compare"), ("--rows F", "for --compare")),
    ("20_atlas", BERT): (("--time 1", "17_bert --time"),),
}
FROM = {"17_bert": ("--model x", "--truncate", "--pair b", "--ids", "--time 1", "--mlm", "--meaning bank"),
        "18_gpt2": ("--model x", "--truncate", "--ids", "--time 1", "--next", "--write 2", "--perplexity", "--top-k 2"),
        "19_heads": ("--model x", "--truncate", "--time 1", "--compare none", "--examples 2"),
        "20_atlas": ("--model x", "--text2 b", "--order", "--run x", "--why 0.0", "--anatomy-layer 0")}


def run(program, *line, **more):
    return subprocess.run([os.path.join(BUILD, program), *line], capture_output=True, text=True, timeout=300,
                          check=False, **{"cwd": ROOT, **more})


def refused(folder, program, line, words):
    done = run(program, *line)
    check(done.returncode == 2 and words in done.stderr and not done.stdout, program, line, done)
    check(done.stderr.count("\n") == 1 and not os.listdir(folder), program, line, done, os.listdir(folder))


def what_does_nothing_is_refused(folder):
    for (program, model), lines in REFUSED.items():
        for line, words in lines:
            line = re.sub(r"\bF\b", os.path.join(folder, "f"), line).split()
            refused(folder, program, ["--out", os.path.join(folder, "out"), "--model", model, *line], words)


def a_file_of_maps_has_no_model(folder):
    for program, lines in FROM.items():
        for line in lines:
            refused(folder, program, ["--from", MAPS, "--out", os.path.join(folder, "out"), *line.split()],
                    line.split()[0] + " does nothing beside --from")


def what_goes_together_is_written(folder):
    names = {name: os.path.join(folder, name) for name in ("tsv", "json", "rollout", "flow", "distances", "rows")}
    files = [part for name in ("tsv", "json", "rollout", "flow", "distances") for part in ("--" + name, names[name])]
    for line in ([], ["--find", "next"], ["--explain", "focus"], ["--head-map"], ["--paths"], ["--ablate", "0.0"],
                 ["--value-weighted"], ["--report", os.path.join(folder, "report")]):
        done = run("19_heads", "--model", BERT, "--out", os.path.join(folder, "out"), "--terminal", *line, *files,
                   "a b")
        check(done.returncode == 0, line, done)
        for name in ("tsv", "json", "rollout", "flow", "distances"):
            check(os.path.getsize(names[name]) > 0, line, name)
            os.remove(names[name])
    for line, written in ((["--why", "1,0", *CELL], ["tsv"]), (["--compare", "none", *LINES], ["tsv", "rows"]),
                          (["--beside-twin"], ["tsv"]), (["--beside-text", "b a"], ["tsv"])):
        done = run("19_heads", "--model", BERT, "--out", os.path.join(folder, "out"), "--terminal", *line,
                   *(part for name in written for part in ("--" + name, names[name])))
        check(done.returncode == 0 and all(os.path.getsize(names[name]) > 0 for name in written), line, done)
        for name in written:
            os.remove(names[name])


def a_corpus_s_errors_name_the_sentence(folder):
    path = os.path.join(folder, "text")
    with open(path, "wb") as file:
        file.write(b"The old lamp.\nThe \xff lamp.\n")
    done = run("19_heads", "--model", GPT, "--compare", "none", "--corpus", path, "--lines")
    check(done.returncode == 1 and f"{path}, sentence 1 (from 0): byte 4" in done.stderr, done)
    with open(path, "w", encoding="utf-8") as file:
        file.write("The old lamp.\nThe \u2603 lamp.\n")
    done = run("19_heads", "--model", GPT, "--compare", "none", "--corpus", path, "--lines")
    check(done.returncode == 1 and f"{path}, sentence 1 (from 0): byte 4" in done.stderr, done)
    check("TEXT" not in done.stderr, done)
    done = run("19_heads", "--model", BERT, "--compare", "none", *LINES, "--out", folder)
    check("compared with none: 0 numbers" in done.stdout, done)


def focus_is_never_below_0(_):
    done = run("19_heads", "--model", BERT, "--tsv", "-", "--mask", "local", "--window", "0", "a bird")
    rows = [line.split("\t") for line in done.stdout.split("\n")[:-1]]
    at = rows[0].index("focus")
    check(len(rows) > 1 and all(float(row[at]) == float(row[at + 1]) == 0 for row in rows[1:]), rows)


def perplexity_says_its_mask(_):
    line = ["--model", GPT, "--perplexity", "--mask-scope", "model", "--mask"]
    text = "The lamp in the house was old"
    wide = run("18_gpt2", *line, "local", "--window", "100", text)
    check("mask        local" in wide.stdout, wide)
    plain = run("18_gpt2", "--model", GPT, "--perplexity", text)
    check("mask " not in plain.stdout and plain.stdout.split("\n")[2:] == wide.stdout.split("\n")[3:], plain, wide)
    # the default window is a quarter of the window that is read, not of all that the model could read
    said, size = run("18_gpt2", *line, "local", text).stdout, int(re.search(r"(\d+) are predicted", plain.stdout)[1])
    same = run("18_gpt2", *line, "local", "--window", str(max(1, size // 4)), text).stdout
    check(said == same, said, same)


def an_interrupted_training_leaves_nothing(folder):
    os.mkdir(os.path.join(folder, "data"))
    shutil.copy(os.path.join(ROOT, "data", "lamplighter.txt"), os.path.join(folder, "data"))
    before = sorted(os.walk(folder))
    with subprocess.Popen([os.path.join(BUILD, "18_gpt2"), "--terminal"], cwd=folder, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as child:
        check(any("training a small one" in line for line in iter(child.stderr.readline, "")), "it does not train")
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        child.wait(60)
    check(child.returncode == 130 and sorted(os.walk(folder)) == before, child.returncode, list(os.walk(folder)))


def what_a_page_does_not_hold_is_said(folder):
    run_folder, page = os.path.join(folder, "run"), os.path.join(folder, "page.html")
    for step in range(26):
        shutil.copytree(GPT, os.path.join(run_folder, f"step_{step}"))
    with open(os.path.join(run_folder, "loss.tsv"), "w", encoding="utf-8") as file:
        file.write("step\ttrain\tval\n" + "".join(f"{step}\t3\t3\n" for step in range(26)))
    done = run("20_atlas", "--model", GPT, "--run", run_folder, "--page", page, "The lamp")
    check(done.returncode == 0 and "the first 24 of 26 checkpoints are in the page" in done.stderr, done)
    check("25 texts of numbers" in done.stdout, done)
    if os.path.isdir(os.path.join(ROOT, "data", "minilm")):             # 11 MB of numbers a text of 512 tokens
        line = [word for letter in "abcdef" for word in ("--text2", "clock " * 600 + letter)]
        done = run("20_atlas", "--truncate", "--page", page, *line, "clock " * 600)
        left_out = [words for words in done.stderr.split("\n") if "left out" in words]
        check(done.returncode == 0 and left_out and "text7 is left out: with it" in left_out[-1], done.stderr)
        check(f"{7 - len(left_out)} texts of numbers" in done.stdout, done.stdout[-200:])


def a_model_that_is_not_there(_):
    done = run("18_gpt2", "--model", "/nonexistent")
    check(done.returncode == 3 and "data/fetch.sh gpt2" in done.stderr and "minilm" not in done.stderr, done)


if __name__ == "__main__":
    sys.exit(main([what_does_nothing_is_refused, a_file_of_maps_has_no_model, what_goes_together_is_written,
                   a_corpus_s_errors_name_the_sentence, focus_is_never_below_0, perplexity_says_its_mask,
                   an_interrupted_training_leaves_nothing, what_a_page_does_not_hold_is_said,
                   a_model_that_is_not_there]))
