#!/usr/bin/env python3
"""GPT-2's tokens beside the other tokenizers that have them, one thread each, in one run, ids in memory.

    tokens.py [--rounds 3] [--runs 5] [--only verdict|mixed] [--skip tokenizers] [--program build/04_gpt2_bpe]

Two texts: 500 copies of The Verdict (10 MB; our own story where it is not there), and 20 MB of code and English, which
is Python's own standard library and the licence texts of this machine's packages, in the order of their names. First
every tokenizer must give the same ids as ours; then all are timed in turns, so that a machine that changes its speed
moves everyone. Ours starts from nothing at every run. The rows go to build/bench.tsv (table.py).
"""
import argparse
import hashlib
import importlib
import os
import pathlib
import subprocess
import sys
import sysconfig

import table

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
VOCABULARY = ROOT / "data" / "gpt2-vocabulary"
PATTERN = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"""
END = "<|endoftext|>"
SLOW = "tokenizers"


def verdict():
    path = ROOT / "data" / "the-verdict.txt"
    if not path.exists():
        path = ROOT / "data" / "lamplighter.txt"
    return path.read_text(encoding="utf-8") * 500


def mixed(size=20_000_000):
    """Code and English in turns; what is not UTF-8 is left out; from the start again if there is too little."""
    library = pathlib.Path(sysconfig.get_path("stdlib"))
    code = sorted(path for path in library.rglob("*.py") if "site-packages" not in path.parts)
    words = sorted(pathlib.Path("/usr/share/doc").rglob("copyright")) + sorted(library.rglob("*.txt"))
    parts, total = [], 0
    while total < size:
        for i, path in enumerate(code):
            for one in [path] + ([words[i % len(words)]] if words else []):
                try:
                    text = one.read_text(encoding="utf-8")
                except (UnicodeDecodeError, OSError):
                    continue
                parts.append(text)
                total += len(text.encode())
            if total >= size:
                break
        if not parts:
            sys.exit("tokens.py: error: no Python files to read")
    return "".join(parts).encode()[:size].decode("utf-8", errors="ignore")


def tokenizer_json(folder):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    tokenizer = Tokenizer(
        models.BPE.from_file(str(VOCABULARY / "encoder.json"), str(VOCABULARY / "vocab.bpe"))
    )
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([END])
    path = folder / "bench-tokenizer.json"
    tokenizer.save(str(path))
    return path, tokenizer


def ranks():
    from tiktoken.load import data_gym_to_mergeable_bpe_ranks

    return data_gym_to_mergeable_bpe_ranks(
        str(VOCABULARY / "vocab.bpe"), str(VOCABULARY / "encoder.json")
    )


def peers(path, huggingface):
    """name -> a function from a text to its ids, for every peer that can be imported."""

    def tiktoken():
        module = importlib.import_module("tiktoken")
        table = ranks()
        encoding = module.Encoding("gpt2", pat_str=PATTERN, mergeable_ranks=table, special_tokens={END: len(table)})
        return encoding.encode_ordinary

    def riptoken():
        module = importlib.import_module("riptoken")
        table = ranks()
        encoding = module.CoreBPE(table, {END: len(table)}, PATTERN)
        return encoding.encode_ordinary

    def tokie():
        return importlib.import_module("tokie").Tokenizer.from_json(str(path)).encode

    def gigatoken():
        return importlib.import_module("gigatoken").Tokenizer(str(path)).encode

    def tokenizers():
        return lambda text: huggingface.encode(text, add_special_tokens=False).ids

    for make in (tiktoken, riptoken, tokie, gigatoken, tokenizers):
        try:
            yield make.__name__, make
        except ImportError as missing:
            print(f"tokens.py: note: {missing}", file=sys.stderr)


def as_list(ids):
    return [int(i) for i in getattr(ids, "ids", ids)]


def ours_ids(program, path):
    out = subprocess.run([program, "--ids", "--file", str(path)], stdout=subprocess.PIPE, check=True)
    return [int(i) for i in out.stdout.split()]


def ours_turn(command):
    """What --time prints first: median and fastest milliseconds."""
    out = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT).stdout
    return tuple(map(float, out.split()[:2]))


def digest(ids):
    return hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()


def turn(peer, encode, text, runs):
    """The slowest peer has a part of the text, once; its time is scaled up."""
    sample, runs = (text[:2_000_000], 1) if peer == SLOW else (text, runs)
    return tuple(took * len(text) / len(sample) for took in table.timed(lambda: encode(sample), runs))


def in_turns(name, encoders, ours, text, ask):
    """The rows of all peers; ours is a function that gives one turn."""
    mine, theirs = [], {peer: [] for peer in encoders}
    for _ in range(ask.rounds):
        for peer, encode in encoders.items():
            mine.append(ours())
            theirs[peer].append(turn(peer, encode, text, ask.runs))
    megabytes = len(text.encode()) / 1e6
    table.head()
    rows = [table.row(name, peer, mine, turns) for peer, turns in theirs.items()]
    speeds = ", ".join(f"{peer} {megabytes / took * 1e3:.1f}" for _, peer, _, took, *_ in rows)
    print(f"    {megabytes:.1f} MB; MB/s: ours {megabytes / table.summed_up(mine)[0] * 1e3:.0f}, {speeds}")
    return rows


def measure(name, text, ask):
    folder = ROOT / "build"
    path = folder / f"bench-{name}.txt"
    path.write_bytes(text.encode())
    json_path, huggingface = tokenizer_json(folder)
    expected = digest(ours_ids(ask.program, path))
    encoders = {}
    for peer, make in peers(json_path, huggingface):
        if peer in ask.skip.split(","):
            continue
        try:
            encoders[peer] = make()
        except (ImportError, AttributeError, TypeError) as problem:
            print(f"tokens.py: note: {peer} is left out: {problem}", file=sys.stderr)
            continue
        if peer != SLOW and digest(as_list(encoders[peer](text))) != expected:
            print(f"tokens.py: warning: {peer} gives other ids than ours on {name}", file=sys.stderr)
    command = [ask.program, "--time", str(ask.runs), "--file", str(path)]
    return in_turns(f"gpt2 ids {name}", encoders, lambda: ours_turn(command), text, ask)


def wordpiece(text, ask):
    """BERT's WordPiece on MiniLM's own tokenizer.json: stage 17 beside tokie and Hugging Face's tokenizers."""
    model = ROOT / "data" / "minilm" / "tokenizer.json"
    path = ROOT / "build" / "bench-verdict.txt"
    path.write_bytes(text.encode())
    encoders = {}
    if "tokie" not in ask.skip.split(","):
        try:
            encoders["tokie"] = importlib.import_module("tokie").Tokenizer.from_json(str(model)).encode
        except ImportError as missing:
            print(f"tokens.py: note: {missing}", file=sys.stderr)
    if "tokenizers" not in ask.skip.split(","):
        from tokenizers import Tokenizer

        huggingface = Tokenizer.from_file(str(model))
        huggingface.no_truncation()
        encoders["tokenizers"] = huggingface.encode
    command = [str(ROOT / "build" / "17_bert"), "--ids", "--time", str(ask.runs), "--threads", "1", "--file", str(path)]
    return in_turns("wordpiece ids verdict", encoders, lambda: ours_turn(command), text, ask)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=["verdict", "mixed", "wordpiece"])
    parser.add_argument("--skip", default="", help="peers to leave out, with commas between")
    parser.add_argument("--program", default=str(ROOT / "build" / "04_gpt2_bpe"))
    ask = parser.parse_args()
    rows = []
    for name, make in (("verdict", verdict), ("mixed", mixed)):
        if ask.only in (None, name):
            rows += measure(name, make(), ask)
    if ask.only in (None, "wordpiece"):
        rows += wordpiece(verdict(), ask)
    table.keep(rows)


if __name__ == "__main__":
    main()
