#!/usr/bin/env python3
"""The peer that `make bench` measures training beside: the same GPT in PyTorch, a whole step at a time.

training.py --layers L --heads H --width C --context T --batch B --vocab V [--threads N] [--runs N]
            [--how eager|compiled]
    One step is: windows drawn, forward, backward, clipping to norm 1, AdamW with the matrices decayed, gradients
    cleared. Attention is scaled_dot_product_attention. Two steps to warm up, then --runs; prints `MEDIAN MINIMUM` in
    milliseconds, then tokens per second at the median, and how. Without --how: both ways, the faster one is printed.
steps.py measures stage 15 beside it.
"""

import argparse

import table
import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.mix = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.widen, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = (
            part.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
            for part in self.qkv(self.norm1(x)).split(width, dim=2)
        )
        context = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.mix(context.transpose(1, 2).reshape(batch, length, width))
        return x + self.narrow(F.gelu(self.widen(self.norm2(x)), approximate="tanh"))


class Gpt(nn.Module):
    def __init__(self, ask):
        super().__init__()
        self.words = nn.Embedding(ask.vocab, ask.width)
        self.places = nn.Embedding(ask.context, ask.width)
        self.blocks = nn.ModuleList(Block(ask.width, ask.heads) for _ in range(ask.layers))
        self.last = nn.LayerNorm(ask.width)
        for parameter in self.parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, 0, 0.02)

    def forward(self, ids, targets):
        x = self.words(ids) + self.places.weight[: ids.shape[1]]
        for block in self.blocks:
            x = block(x)
        logits = F.linear(self.last(x), self.words.weight)
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def measure(ask, how):
    torch.manual_seed(123)
    model, data = Gpt(ask), torch.randint(ask.vocab, (18431,))
    parameters = list(model.parameters())
    groups = [
        {"params": [p for p in parameters if p.dim() == 2], "weight_decay": 0.1},
        {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=2e-3, betas=(0.9, 0.99), fused=True)
    run = torch.compile(model) if how == "compiled" else model

    def step():
        starts = torch.randint(len(data) - ask.context, (ask.batch,)).tolist()
        ids = torch.stack([data[s : s + ask.context] for s in starts])
        targets = torch.stack([data[s + 1 : s + 1 + ask.context] for s in starts])
        loss = run(ids, targets)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return loss.item()

    for _ in range(2):
        step()
    return *table.timed(step, ask.runs), how


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in (
        ("layers", 2),
        ("heads", 4),
        ("width", 64),
        ("context", 64),
        ("batch", 16),
        ("vocab", 62),
        ("threads", 2),
        ("runs", 100),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--how", choices=["eager", "compiled"])
    ask = parser.parse_args()
    torch.set_num_threads(ask.threads)
    results = [measure(ask, how) for how in ([ask.how] if ask.how else ["eager", "compiled"])]
    median, minimum, how = min(results)
    tokens = ask.batch * ask.context * 1e3
    print(f"{median:.2f} {minimum:.2f}  {tokens / median:.0f} tokens/s {how}")


if __name__ == "__main__":
    main()
