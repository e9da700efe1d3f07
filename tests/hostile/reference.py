"""BERT in plain Python: slow, in double precision, and written without a look at the program. Masks are a function of
(query, key), so that a model whose every layer runs masked has an oracle too."""
import json
import math
import pathlib

from tensors import load


def linear(rows, weight, bias):
    return [[sum(x * w for x, w in zip(row, column)) + b for column, b in zip(weight, bias)] for row in rows]


def layer_norm(row, gain, bias, eps):
    mean = sum(row) / len(row)
    spread = math.sqrt(sum((x - mean) ** 2 for x in row) / len(row) + eps)
    return [(x - mean) / spread * g + b for x, g, b in zip(row, gain, bias)]


def softmax(scores, allowed):
    top = max((score for score, may in zip(scores, allowed) if may), default=0)
    powers = [math.exp(score - top) if may else 0.0 for score, may in zip(scores, allowed)]
    total = sum(powers)
    return [power / total if total else 0.0 for power in powers]


def gelu(x):
    return x / 2 * (1 + math.erf(x / math.sqrt(2)))


class Model:
    """A folder of the fixtures: no prefix, weight and bias, F32, erf GELU."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.config = json.loads((folder / "config.json").read_text())
        self.tensors = {name: t.rows() if len(t.shape) == 2 else list(t.values())
                        for name, t in load(folder / "model.safetensors").items()}
        self.heads, self.layers = self.config["num_attention_heads"], self.config["num_hidden_layers"]

    def both(self, name):
        return self.tensors[name + ".weight"], self.tensors[name + ".bias"]

    def norm(self, rows, name):
        return [layer_norm(row, *self.both(name), self.config["layer_norm_eps"]) for row in rows]

    def attend(self, x, name, allowed):
        """(context rows, maps [heads][n][n])"""
        q, k, v = (linear(x, *self.both(f"{name}.attention.self.{part}")) for part in ("query", "key", "value"))
        width = len(x[0]) // self.heads
        context, maps = [[] for _ in x], []
        for first in range(0, len(x[0]), width):
            part = slice(first, first + width)
            scores = [[sum(a * b for a, b in zip(qi[part], kj[part])) / math.sqrt(width) for kj in k] for qi in q]
            maps.append([softmax(row, [allowed(i, j) for j in range(len(x))]) for i, row in enumerate(scores)])
            for i, row in enumerate(maps[-1]):
                context[i] += [sum(w * vj[c] for w, vj in zip(row, v)) for c in range(first, first + width)]
        return context, maps

    def forward(self, ids, types, allowed=lambda query, key: True):
        """(hidden [layers + 1][n][width], attentions [layers][heads][n][n])"""
        table = {part: self.tensors[f"embeddings.{part}_embeddings.weight"]
                 for part in ("word", "position", "token_type")}
        x = self.norm([[a + b + c for a, b, c in zip(table["word"][i], table["position"][p], table["token_type"][t])]
                       for p, (i, t) in enumerate(zip(ids, types))], "embeddings.LayerNorm")
        hidden, attentions = [x], []
        for number in range(self.layers):
            name = f"encoder.layer.{number}"
            context, maps = self.attend(x, name, allowed)
            mixed = linear(context, *self.both(f"{name}.attention.output.dense"))
            x = self.norm([[a + b for a, b in zip(r, s)] for r, s in zip(x, mixed)],
                          f"{name}.attention.output.LayerNorm")
            wide = [[gelu(a) for a in row] for row in linear(x, *self.both(f"{name}.intermediate.dense"))]
            narrow = linear(wide, *self.both(f"{name}.output.dense"))
            x = self.norm([[a + b for a, b in zip(r, s)] for r, s in zip(x, narrow)], f"{name}.output.LayerNorm")
            hidden.append(x)
            attentions.append(maps)
        return hidden, attentions


def flat(nested):
    """All numbers of nested lists, in order."""
    if not isinstance(nested, list):
        return [nested]
    return [number for part in nested for number in flat(part)]
