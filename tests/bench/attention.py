#!/usr/bin/env python3
"""Measures our streaming attention beside PyTorch's, in turns, on this machine: part of `make bench`.

attention.py [--rounds 3] [--runs 10] [--tokens 16384] [--window 128] [--dense 4096] [--skip sdpa,flex,causal,growth]
    local     one pass of 8 heads of 64 under |i-j| <= window: ours, scaled_dot_product_attention with the boolean mask,
              FlexAttention compiled with the same rule as a block mask
    causal    the dense causal pass without maps: ours, scaled_dot_product_attention(is_causal=True)
    growth    ours alone at 2,048 .. 65,536 tokens for local, sliding, global-local: ratio of each doubling, peak MB
Two threads each. Rows with a peer go to build/bench.tsv (table.py).
"""

import argparse
import os
import subprocess
import sys

import table

PROGRAM = os.environ.get("PROGRAM", "build/13_efficient")
HEADS, WIDTH, THREADS = 8, 64, 2
LENGTHS = (2048, 4096, 8192, 16384, 32768, 65536)
GROWTH = (
    ("local", ["--mask", "local", "--window", "128"]),
    ("sliding", ["--mask", "sliding", "--window", "128"]),
    ("global-local", ["--mask", "global-local", "--window", "128", "--global", "4"]),
)


def ours(mask, tokens, runs):
    """((median, fastest) milliseconds, peak megabytes)"""
    command = [PROGRAM, *mask, "--tokens", str(tokens), "--heads", str(HEADS), "--head-width", str(WIDTH)]
    command += ["--threads", str(THREADS), "--time", str(runs)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"bench: error: {' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    words = done.stdout.split()
    return (float(words[0]), float(words[1])), float(words[words.index("memory") + 1])


class Peers:
    """PyTorch's passes over one set of random numbers, each as a function without arguments."""

    def __init__(self, tokens):
        import torch

        torch.set_num_threads(THREADS)
        torch.manual_seed(123)
        self.torch, self.tokens = torch, tokens
        self.q, self.k, self.v = (torch.randn(1, HEADS, tokens, WIDTH) for _ in range(3))

    def causal(self):
        attend = self.torch.nn.functional.scaled_dot_product_attention
        return lambda: attend(self.q, self.k, self.v, is_causal=True)

    def sdpa(self, window):
        at = self.torch.arange(self.tokens)
        allowed = (at[:, None] - at[None]).abs() <= window
        attend = self.torch.nn.functional.scaled_dot_product_attention
        return lambda: attend(self.q, self.k, self.v, attn_mask=allowed)

    def flex(self, window):
        from torch.nn.attention.flex_attention import create_block_mask, flex_attention

        def rule(_batch, _head, query, key):
            return (query - key).abs() <= window

        blocks = create_block_mask(rule, None, None, self.tokens, self.tokens, device="cpu")
        compiled = self.torch.compile(flex_attention)
        return lambda: compiled(self.q, self.k, self.v, block_mask=blocks)


def turn(work, runs):
    work()  # compiles, fills caches
    return table.timed(work, runs)


def beside(rows, name, mask, tokens, peers, ask):
    """Ours and each peer in turns; a peer is (its name, its work, its runs a round)."""
    mine, theirs = [], {peer[0]: [] for peer in peers}
    with Peers(tokens).torch.no_grad():
        for _ in range(ask.rounds):
            for peer, work, runs in peers:
                mine.append(ours(mask, tokens, ask.runs)[0])
                theirs[peer].append(turn(work, runs))
    rows += [table.row(name, peer, mine, turns) for peer, turns in theirs.items()]


def local(rows, ask, skip):
    numbers, mask = Peers(ask.tokens), ["--mask", "local", "--window", str(ask.window)]
    peers = []
    if "sdpa" not in skip:
        peers.append(("torch-sdpa", numbers.sdpa(ask.window), 1))  # seconds each
    if "flex" not in skip:
        peers.append(("torch-flex", numbers.flex(ask.window), ask.runs))
    if peers:
        beside(rows, f"local{ask.window}-{ask.tokens}", mask, ask.tokens, peers, ask)


def causal(rows, ask):
    work = Peers(ask.dense).causal()
    beside(rows, f"causal-{ask.dense}", ["--mask", "causal"], ask.dense, [("torch-sdpa", work, ask.runs)], ask)


def growth(ask):
    print(f"\n{'mask':14} {'tokens':>7} {'median ms':>10} {'ratio':>6} {'fastest':>10} {'ratio':>6} {'MB':>7}")
    for name, mask in GROWTH:
        before = None
        for tokens in LENGTHS:
            rounds = [ours(mask, tokens, ask.runs) for _ in range(ask.rounds)]
            now, peak = table.summed_up([times for times, _ in rounds]), min(peak for _, peak in rounds)
            median, fastest = (f"{a / b:6.2f}" for a, b in zip(now, before)) if before else ("      ",) * 2
            print(f"{name:14} {tokens:7d} {now[0]:10.2f} {median} {now[1]:10.2f} {fastest} {peak:7.1f}", flush=True)
            before = now


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("rounds", 3), ("runs", 10), ("tokens", 16384), ("window", 128), ("dense", 4096)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--skip", default="")
    ask = parser.parse_args()
    skip, rows = ask.skip.split(","), []
    table.head()
    local(rows, ask, skip)
    if "causal" not in skip:
        causal(rows, ask)
    if "growth" not in skip:
        growth(ask)
    table.keep(rows)


if __name__ == "__main__":
    main()
