#!/usr/bin/env python3
"""Measures BPE training beside its peers: gigatoken, rustbpe, Hugging Face's tokenizers, in turns, on one text.

bpe_train.py [--file FILE] [--megabytes 100] [--vocab-size 32000] [--rounds 3] [--only gigatoken,...]
    Without --file the text is code and English in equal parts, from this Python's packages, the headers and the manuals
    of this machine, kept in build/bench-mixed.txt. A peer that is not installed is left out with a line. Ours and
    gigatoken read the text from memory with two threads; the others take an iterator over its lines.
    Prints a table, and puts its rows into build/bench.tsv (table.py).
"""
import argparse
import os
import random
import subprocess
import sys
import time

import table

PROGRAM, MIXED = "build/03_bpe_training", "build/bench-mixed.txt"
PEERS = ("gigatoken", "rustbpe", "tokenizers")
PATTERN = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


def texts(roots, endings):
    for root in roots:
        for folder, _, names in sorted(os.walk(root)):
            for name in sorted(names):
                if name.endswith(endings):
                    yield os.path.join(folder, name)


def take(paths, size):
    """Whole files of UTF-8, at most 400 KB of each, in an order that is mixed and always the same."""
    taken, length = [], 0
    paths = list(paths)
    random.Random(1).shuffle(paths)
    for path in paths:
        try:
            with open(path, "rb") as file:
                text = file.read(400_000).decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        taken.append(text)
        length += len(text.encode())
        if length >= size:
            break
    return taken


def make_mixed(size):
    roots = [sys.prefix, os.path.dirname(os.__file__), "/usr/include"]
    code = take(texts(roots, (".py", ".h", ".hpp", ".c")), size / 2)
    endings = (".md", ".txt", ".rst", ".html", ".pod", "copyright", "README")
    words = take(texts([sys.prefix, "/usr/share/doc", "/usr/share/perl"], endings), size / 2)
    both = code + words
    random.Random(2).shuffle(both)
    os.makedirs("build", exist_ok=True)
    with open(MIXED, "wb") as file:
        file.write("".join(both).encode()[:size].decode("utf-8", "ignore").encode())
    return MIXED


def ours(ask):
    command = [PROGRAM, "--threads", "2", "--vocab-size", str(ask.vocab_size), "--time", "1", "--file", ask.file]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(out.split()[1])


def peer(ask, which):
    """In a process of its own, so that no peer finds the other's memory; the last line is its milliseconds."""
    out = subprocess.run([sys.executable, __file__, "--peer", which, "--file", ask.file, "--vocab-size",
                          str(ask.vocab_size)], capture_output=True, text=True, check=False)
    if out.returncode:
        return None
    return float(out.stdout.split("\n")[-2])


def run_peer(ask):
    with open(ask.file, "rb") as file:
        text = file.read()
    if ask.peer == "gigatoken":
        import gigatoken

        def work():
            gigatoken.train_bpe(text, ask.vocab_size, [])
    elif ask.peer == "rustbpe":
        import rustbpe

        def work():
            lines = iter(text.decode().splitlines(True))
            rustbpe.Tokenizer().train_from_iterator(lines, ask.vocab_size, pattern=PATTERN)
    else:
        from tokenizers import Tokenizer, models, pre_tokenizers, trainers

        def work():
            tokenizer = Tokenizer(models.BPE())
            tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
            trainer = trainers.BpeTrainer(vocab_size=ask.vocab_size, show_progress=False,
                                          initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
            tokenizer.train_from_iterator(iter(text.decode().splitlines(True)), trainer)
    start = time.perf_counter()
    work()
    print(f"\n{(time.perf_counter() - start) * 1000:.2f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--file")
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--vocab-size", type=int, default=32000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join(PEERS))
    parser.add_argument("--peer")
    ask = parser.parse_args()
    if ask.peer:
        run_peer(ask)
        return
    ask.file = ask.file or make_mixed(ask.megabytes * 1_000_000)
    mine, theirs = [], {which: [] for which in ask.only.split(",")}
    for _ in range(ask.rounds):
        for which in list(theirs):
            mine.append(table.turn([ours(ask)]))
            spent = peer(ask, which)
            if spent is None:
                print(f"{which} is not installed here: left out", file=sys.stderr)
                del theirs[which]
            else:
                theirs[which].append(table.turn([spent]))
    print(f"{os.path.getsize(ask.file) / 1e6:.1f} MB, {ask.vocab_size} tokens, {ask.rounds} turns")
    table.head()
    table.keep([table.row(f"bpe_train {ask.vocab_size}", which, mine, spent) for which, spent in theirs.items()])


if __name__ == "__main__":
    main()
