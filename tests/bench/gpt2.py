#!/usr/bin/env python3
"""Stage 18 beside PyTorch and ONNX Runtime, GPT-2 small's geometry with random weights, two threads: the prompt's pass
(all maps kept, the logits of every token), and one more token with the cache.

  gpt2.py [--rounds 3] [--runs 10] [--tokens 512] [--more 30] [--only prompt|token]

The last row is no program: it is the time in which this machine reads as many bytes as a token has to (498 MB), at the
speed that the first lines of make bench state. The graph and the weights are made once and kept under build/.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import warnings

import peers
import table

ROOT = peers.ROOT
FOLDER, GRAPH = ROOT / "build" / "bench-gpt2", ROOT / "build" / "bench-onnx" / "gpt2-small.onnx"
TOKEN_BYTES = 498e6


def save_random():
    """The folder of a random model with GPT-2's own vocabulary."""
    if (FOLDER / "vocab.bpe").exists():
        return
    torch, transformers = peers.quiet_imports()
    torch.manual_seed(peers.SEED)
    transformers.GPT2LMHeadModel(transformers.GPT2Config(initializer_range=0.05)).save_pretrained(FOLDER)
    for name in ("encoder.json", "vocab.bpe"):
        shutil.copy(ROOT / "data" / "gpt2-vocabulary" / name, FOLDER / name)


def load_model():
    torch, transformers = peers.quiet_imports()
    torch.set_num_threads(peers.THREADS)
    return transformers.GPT2LMHeadModel.from_pretrained(FOLDER, attn_implementation="eager", dtype=torch.float32).eval()


def ours(tokens, runs, more):
    """(median, fastest) of build/18_gpt2 on a text of that many one-token words."""
    command = ["build/18_gpt2", "--model", str(FOLDER), "--threads", str(peers.THREADS), "--time", str(runs),
               *(["--tokens", str(more)] if more else []), "the" + " the" * (tokens - 1)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"bench: error: {' '.join(command)[:200]} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return tuple(map(float, done.stdout.split()[:2]))


def torch_prompt(model, ids, runs):
    import torch

    with torch.inference_mode():
        return peers.measure(lambda: model(ids, output_attentions=True, output_hidden_states=True, use_cache=False),
                             runs)


def torch_token(model, ids, more):
    """One more token at a time, greedily, as generate() does without what it does around it."""
    import torch

    with torch.inference_mode():
        seen = model(ids, use_cache=True)
        state = [seen.past_key_values, seen.logits[:, -1:].argmax(-1)]

        def step():
            out = model(state[1], past_key_values=state[0], use_cache=True)
            state[:] = [out.past_key_values, out.logits[:, -1:].argmax(-1)]
        return peers.measure(step, more)


def graph(model):
    """The model as an ONNX graph: logits, every map and every hidden state, held to PyTorch's at another length."""
    import numpy as np
    import torch

    class Everything(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, ids):
            everywhere = torch.ones_like(ids)  # without it the exporter meets a search for packed texts, and gives up
            out = self.model(ids, attention_mask=everywhere, output_attentions=True, output_hidden_states=True,
                             use_cache=False)
            return (out.logits, *out.attentions, *out.hidden_states)

    everything = Everything().eval()
    if not GRAPH.exists():
        GRAPH.parent.mkdir(parents=True, exist_ok=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(everything, (torch.arange(16)[None],), str(GRAPH), input_names=["ids"],
                              dynamic_axes={"ids": {1: "n"}}, opset_version=17, dynamo=False)
    session, nine = peers.open_graph(GRAPH), torch.arange(9)[None]
    with torch.inference_mode():
        pairs = zip(session.run(None, {"ids": nine.numpy()}), everything(nine), strict=True)
        worst = max(float(np.abs(a - b.numpy()).max()) for a, b in pairs)
    if not worst < 1e-2:
        peers.fail(f"{GRAPH}: the exported graph is {worst:.1e} off PyTorch (expected below 1e-2)")
    return session


def prompt(rows, ask, model):
    import torch

    ids = torch.full((1, ask.tokens), 262)
    session = graph(model)
    mine, theirs = [], {"onnxruntime": [], "pytorch": []}
    for _ in range(ask.rounds):
        for name, times in theirs.items():
            mine.append(ours(ask.tokens, ask.runs, 0))
            times.append(torch_prompt(model, ids, ask.runs) if name == "pytorch" else
                         peers.measure(lambda: session.run(None, {"ids": ids.numpy()}), ask.runs))
    for name, times in theirs.items():
        rows.append(table.row(f"gpt2 prompt {ask.tokens}", name, mine, times))


def memory_bound():
    """(median, fastest) milliseconds in which this machine reads a token's bytes, by what build/tests/limits says."""
    said = subprocess.run(["build/tests/limits", "--threads", str(peers.THREADS), "--time", "5"], capture_output=True,
                          text=True, check=True).stdout
    milliseconds = TOKEN_BYTES / 1e6 / float(re.search(r"(\d+) GB/s", said).group(1))
    return milliseconds, milliseconds


def token(rows, ask, model):
    import torch

    ids = torch.full((1, 16), 262)
    mine, theirs = [], {"pytorch": [], "498 MB read": []}
    for _ in range(ask.rounds):
        for name, times in theirs.items():
            mine.append(ours(16, 1, ask.more))
            times.append(torch_token(model, ids, ask.more) if name == "pytorch" else memory_bound())
    for name, times in theirs.items():
        rows.append(table.row("gpt2 one more token", name, mine, times))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--tokens", type=int, default=512)
    parser.add_argument("--more", type=int, default=30)
    parser.add_argument("--only", choices=["prompt", "token"])
    ask, rows = parser.parse_args(), []
    os.chdir(ROOT)
    save_random()
    model = load_model()
    for name, part in (("prompt", prompt), ("token", token)):
        if ask.only in (None, name):
            part(rows, ask, model)
    table.keep(rows)


if __name__ == "__main__":
    main()
