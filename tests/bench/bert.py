#!/usr/bin/env python3
"""Stage 17 beside PyTorch, ONNX Runtime and itself with every product by OpenBLAS (BLAS=1), all maps kept; and
sentence to PNG beside a Python script.

Every cell is measured in turns (ours, peer, ours, peer, ...), so that a machine that changes its speed moves both; the
rows go to build/bench.tsv (table.py).

  bert.py [--rounds 3] [--runs 20] [--tokens 8,16,24,64,128,512] [--geometry minilm,base] [--only forward|process]
"""
import argparse
import os
import subprocess
import sys
import tempfile

import table

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(HERE, "peers.py")
PROGRAM = "build/17_bert"
THREADS = "2"
SENTENCE = "The artist painted the portrait of a woman with a brush"


def run(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, **options)
    if done.returncode:
        sys.exit(f"bench: error: {' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return done.stdout


def text_of(tokens):
    """A text of one-token words: with [CLS] and [SEP], `tokens` ids."""
    return " ".join(["the"] * (tokens - 2))


def ours(model, tokens, runs, **environment):
    out = run([PROGRAM, "--model", model, "--threads", THREADS, "--time", str(runs), text_of(tokens)],
              env=dict(os.environ, **environment))
    return tuple(map(float, out.split()[:2]))


def peer(which, geometry, model, tokens, runs):
    out = run([sys.executable, PEERS, "--only", which, "--geometry", geometry, "--model", model,
               "--tokens", str(tokens), "--runs", str(runs)])
    return tuple(map(float, out.strip().splitlines()[-1].split("\t")[1:3]))


def forward(rows, ask, models):
    for geometry in ask.geometry.split(","):
        for tokens in map(int, ask.tokens.split(",")):
            runs = ask.runs if tokens < 512 else max(5, ask.runs // 3)
            mine, theirs = [], {"ort": [], "torch": [], "openblas": []}
            for _ in range(ask.rounds):
                for which in theirs:
                    mine.append(ours(models[geometry], tokens, runs))
                    theirs[which].append(ours(models[geometry], tokens, runs, BLAS="1") if which == "openblas" else
                                         peer(which, geometry, models[geometry], tokens, runs))
            for which, name in (("ort", "onnxruntime"), ("torch", "pytorch"), ("openblas", "ours, BLAS=1")):
                rows.append(table.row(f"forward {geometry} {tokens}", name, mine, theirs[which]))


def process(rows, ask, models):
    for name, mode, options in (("sentence to one PNG", "one-head", ["--layer", "2", "--head", "3"]),
                                ("sentence to all heads", "all-heads", [])):
        with tempfile.TemporaryDirectory() as folder:
            command = [PROGRAM, "--model", models["minilm"], "--threads", THREADS, "--out", folder, *options, SENTENCE]
            script = [sys.executable, PEERS, "--script", mode, "--model", models["minilm"],
                      "--out", os.path.join(folder, "peer.png"), SENTENCE]
            run(command), run(script)
            mine, theirs = [], []
            for _ in range(ask.rounds):
                mine.append(table.timed(lambda: run(command), 1))
                theirs.append(table.timed(lambda: run(script), 1))
            rows.append(table.row(name, "python", mine, theirs))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--tokens", default="8,16,24,64,128,512")
    parser.add_argument("--geometry", default="minilm,base")
    parser.add_argument("--only", choices=["forward", "process"])
    ask = parser.parse_args()
    models = {"minilm": "data/minilm", "base": "build/bench-base"}
    if "base" in ask.geometry and not os.path.exists("build/bench-base/model.safetensors"):
        run([sys.executable, PEERS, "--save-random", "base", "build/bench-base"])
    rows = []
    table.head()
    if ask.only != "process":
        forward(rows, ask, models)
    if ask.only != "forward":
        process(rows, ask, models)
    table.keep(rows)


if __name__ == "__main__":
    main()
