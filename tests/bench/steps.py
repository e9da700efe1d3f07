#!/usr/bin/env python3
"""Whole training steps of stage 15 beside the same GPT in PyTorch (training.py), in turns, on two threads and on one.

  steps.py [--rounds 3] [--only 112k,817k,1.09M,10.8M,112k-one]

Four sizes: characters (112k parameters), a wider and deeper one (817k), 1,130 words (1.09M), and a context of 256 (10.8M).
Minima of the turns go to build/bench.tsv: what is slower than the fastest is another program's work.
"""
import argparse
import os
import subprocess
import sys

import table

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = "build/15_training"
# name, layers, heads, width, context, batch, tokens, vocabulary of the peer, threads, steps a round
SIZES = (
    ("112k", 2, 4, 64, 64, 16, "char", 62, 2, 100),
    ("112k-one", 2, 4, 64, 64, 16, "char", 62, 1, 60),
    ("817k", 4, 4, 128, 64, 16, "char", 62, 2, 40),
    ("1.09M", 4, 4, 128, 64, 16, "word", 1130, 2, 40),
    ("10.8M", 6, 6, 384, 256, 8, "char", 62, 2, 5),
)


def run(command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, **more)
    if done.returncode:
        sys.exit(f"bench: error: {' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return float(done.stdout.split()[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join(size[0] for size in SIZES))
    ask = parser.parse_args()
    rows = []
    table.head()
    for name, layers, heads, width, context, batch, tokens, vocab, threads, steps in SIZES:
        if name not in ask.only.split(","):
            continue
        shape = ["--layers", layers, "--heads", heads, "--width", width, "--context", context, "--batch", batch]
        shape = [str(word) for word in shape] + ["--threads", str(threads)]
        ours, theirs = [], []
        for _ in range(ask.rounds):
            ours.append(run([PROGRAM, *shape, "--tokens", tokens, "--time", str(steps)]))
            peer = [sys.executable, os.path.join(HERE, "training.py"), *shape, "--vocab", str(vocab), "--runs", str(steps)]
            theirs.append(run(peer, env=dict(os.environ, OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads))))
        rows.append((f"step {name}", "pytorch", min(ours), min(theirs)))
        table.show(*rows[-1])
        print(f"    {batch * context / min(ours) * 1e3:.0f} tokens/s beside {batch * context / min(theirs) * 1e3:.0f}")
    table.keep(rows)


if __name__ == "__main__":
    main()
