#!/usr/bin/env python3
"""Whole training steps of stage 15 beside the same GPT in PyTorch (training.py), in turns, on two threads and on one.

  steps.py [--rounds 5] [--only 108k,108k-one,817k,words,10.8M]

Four sizes: characters (108k parameters), a deeper and wider one (817k), 1,130 words, and a context of 256 (10.8M).
PyTorch runs eager and compiled in every turn; the row in build/bench.tsv (table.py) is the one whose medians are lower.
"""
import argparse
import os
import subprocess
import sys

import table

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = "build/15_training"
# name: layers, heads, width, context, batch, tokens, the peer's vocabulary, threads, steps a turn
SIZES = {
    "108k": (2, 4, 64, 64, 16, "char", 62, 2, 100),
    "108k-one": (2, 4, 64, 64, 16, "char", 62, 1, 60),
    "817k": (4, 4, 128, 128, 16, "char", 62, 2, 20),
    "words": (4, 4, 128, 64, 16, "word", 1130, 2, 30),
    "10.8M": (6, 6, 384, 256, 8, "char", 62, 2, 4),
}


def run(command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, **more)
    if done.returncode:
        sys.exit(f"bench: error: {' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return tuple(map(float, done.stdout.split()[:2]))  # median and fastest


def peer_turn(shape, vocab, steps, threads, how):
    command = [sys.executable, os.path.join(HERE, "training.py"), *shape, "--vocab", str(vocab), "--runs", str(steps)]
    return run([*command, "--how", how], env=dict(os.environ, OMP_NUM_THREADS=threads, MKL_NUM_THREADS=threads))


def beside(name, rounds):
    """The row of one size."""
    layers, heads, width, context, batch, tokens, vocab, threads, steps = SIZES[name]
    shape = ["--layers", layers, "--heads", heads, "--width", width, "--context", context, "--batch", batch]
    shape = [str(word) for word in [*shape, "--threads", threads]]
    ours, theirs = [], {"eager": [], "compiled": []}
    for _ in range(rounds):
        ours.append(run([PROGRAM, *shape, "--tokens", tokens, "--time", str(steps)]))
        for how, times in theirs.items():
            times.append(peer_turn(shape, vocab, steps, str(threads), how))
    faster = min(theirs, key=lambda how: table.summed_up(theirs[how]))
    row = table.row(f"step {name}", f"pytorch {faster}", ours, theirs[faster])
    mine, rival = (batch * context / milliseconds * 1e3 for milliseconds in row[2:4])
    print(f"    {mine:.0f} tokens/s beside {rival:.0f}")
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(SIZES))
    ask = parser.parse_args()
    rows = []
    table.head()
    for name in ask.only.split(","):
        rows.append(beside(name, ask.rounds))
    table.keep(rows)


if __name__ == "__main__":
    main()
