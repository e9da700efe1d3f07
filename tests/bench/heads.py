#!/usr/bin/env python3
"""Stage 19 beside PyTorch and numpy: all 72 heads of MiniLM, every measure of the TSV, one sentence of 30 words.

  heads.py [--rounds 3] [--runs 20]

`measures` is the pass and the measures, after a warm-up; numpy works on all heads of a sentence at once, and without
the entropies twice. `process` is the whole program, from the command line to the table in a file, without pictures.
"""
import argparse
import os
import subprocess
import sys

import peers
import table

PROGRAM, MODEL = "build/19_heads", "data/minilm"
SENTENCE = ("The old clock in the hall struck nine, and nobody in the house was awake to hear it but the cat, who sat "
            "on the stairs and waited for rain.")
COLUMNS = 16


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"bench: error: {' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return done.stdout


def measures(a, separators, points):
    """[layers, heads, 16] of maps [layers, heads, n, n], as the columns have them."""
    import numpy as np

    n = a.shape[-1]
    cells = a.reshape(*a.shape[:2], -1)
    i, j = np.arange(n)[:, None], np.arange(n)
    rows = -(a * np.log(np.maximum(a, 1e-30))).sum(-1)
    focus = -(a * np.log(a + 1e-10)).sum((-1, -2))

    def share(wanted):
        return (a * wanted).sum((-1, -2)) / n

    return np.stack([cells.max(-1), a.max(-1).mean(-1), focus, focus / (n * np.log(n)), (cells < 0.01).mean(-1),
                     np.median(cells, -1), cells.std(-1), share(i == j), share(j == i + 1), share(j == i - 1),
                     a[..., 0].mean(-1), a[..., separators].sum((-1, -2)) / n, a[..., points].sum((-1, -2)) / n,
                     rows.mean(-1), share(abs(i - j)), np.exp(rows).mean(-1)], -1)


class Peer:
    def __init__(self):
        import numpy as np

        torch, transformers = peers.quiet_imports()
        torch.set_num_threads(peers.THREADS)
        tokenizer = transformers.BertTokenizerFast.from_pretrained(MODEL)
        self.inputs = tokenizer(SENTENCE, return_tensors="pt")
        self.model = transformers.BertModel.from_pretrained(MODEL, attn_implementation="eager").eval()
        names = tokenizer.convert_ids_to_tokens(self.inputs["input_ids"][0])
        self.separators = np.array([name == "[SEP]" for name in names])
        self.points = np.array([name in ".," for name in names])

    def work(self):
        import numpy as np
        import torch

        with torch.inference_mode():
            maps = self.model(**self.inputs, output_attentions=True).attentions
        return measures(np.stack([m[0].numpy() for m in maps]), self.separators, self.points)


def check(numbers):
    """Both sides must mean the same, or their times mean nothing."""
    lines = run([PROGRAM, "--model", MODEL, "--tsv", "-", SENTENCE]).split("\n")[1:-1]
    ours = [[float(x) for x in line.split("\t")[2:]] for line in lines]
    worst = max(abs(x - y) / max(1, abs(y)) for row, other in zip(ours, numbers.reshape(-1, COLUMNS), strict=True)
                for column, (x, y) in enumerate(zip(row, other, strict=True)) if column != 4)   # cells near .01
    if worst > 2e-4:
        sys.exit(f"bench: error: the measures are {worst:.1e} apart")


def ours(runs):
    out = run([PROGRAM, "--model", MODEL, "--threads", str(peers.THREADS), "--time", str(runs), SENTENCE])
    return tuple(map(float, out.split()[:2]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--script", action="store_true", help="the peer's whole process, once")
    ask = parser.parse_args()
    peer = Peer()
    if ask.script:
        peer.work()
        return
    check(peer.work())
    table.head()
    mine, theirs = [], []
    for _ in range(ask.rounds):
        mine.append(ours(ask.runs))
        theirs.append(table.timed(peer.work, ask.runs))
    rows = [table.row("19 measures, 72 heads", "torch and numpy", mine, theirs)]
    mine, theirs = [], []
    for _ in range(ask.rounds):
        mine.append(table.timed(lambda: run([PROGRAM, "--model", MODEL, "--tsv", os.devnull, SENTENCE]), 3))
        theirs.append(table.timed(lambda: run([sys.executable, __file__, "--script"]), 1))
    rows.append(table.row("19 process, 72 heads", "torch and numpy", mine, theirs))
    table.keep(rows)


if __name__ == "__main__":
    main()
