"""A GPT of stage 15 in plain Python, as reference.py has a BERT: from its folder, in double precision, and written
without a look at the program. What positions and heads are is told by the caller, not by the folder's config.json."""
import math
import pathlib

from reference import layer_norm, linear, softmax
from tensors import load


def gelu_tanh(x):
    return x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))


def turned(head, position):
    """RoPE: neighbours are the two coordinates of a point."""
    out = list(head)
    for c in range(0, len(head) - 1, 2):
        angle = position * 10000 ** (-c / len(head))
        out[c] = head[c] * math.cos(angle) - head[c + 1] * math.sin(angle)
        out[c + 1] = head[c] * math.sin(angle) + head[c + 1] * math.cos(angle)
    return out


def sinusoid(position, width):
    angles = [position * 10000 ** (-2 * (c // 2) / width) for c in range(width)]
    return [math.cos(a) if c % 2 else math.sin(a) for c, a in enumerate(angles)]


class Gpt:
    def __init__(self, folder, heads, positions):
        self.tensors = {name.removeprefix("transformer."): t.rows() if len(t.shape) == 2 else list(t.values())
                        for name, t in load(pathlib.Path(folder) / "model.safetensors").items()}
        self.heads, self.positions = heads, positions
        self.layers = sum(name.endswith("attn.c_attn.bias") for name in self.tensors)

    def norm(self, rows, name):
        return [layer_norm(row, self.tensors[name + ".weight"], self.tensors[name + ".bias"], 1e-5) for row in rows]

    def linear(self, rows, name):
        return linear(rows, list(zip(*self.tensors[name + ".weight"])), self.tensors[name + ".bias"])

    def embed(self, ids):
        words, width = [self.tensors["wte.weight"][i] for i in ids], len(self.tensors["wte.weight"][0])
        places = {"learned": lambda p: self.tensors["wpe.weight"][p],
                  "sinusoidal": lambda p: sinusoid(p, width)}.get(self.positions, lambda p: [0] * width)
        return [[a + b for a, b in zip(row, places(p))] for p, row in enumerate(words)]

    def attend(self, x, name, allowed):
        width = len(x[0])
        size, rows = width // self.heads, self.linear(x, name + ".attn.c_attn")
        context, maps = [[] for _ in x], []
        for h in range(self.heads):
            firsts = (part * width + h * size for part in range(3))
            q, k, v = ([row[first:first + size] for row in rows] for first in firsts)
            if self.positions == "rope":
                q, k = ([turned(row, p) for p, row in enumerate(part)] for part in (q, k))
            slope = 2 ** (-8 * (h + 1) / self.heads) if self.positions == "alibi" else 0
            scores = [[sum(a * b for a, b in zip(q[i], k[j])) / math.sqrt(size) - slope * abs(i - j)
                       for j in range(len(x))] for i in range(len(x))]
            maps.append([softmax(row, [allowed(i, j) for j in range(len(x))]) for i, row in enumerate(scores)])
            for i, row in enumerate(maps[-1]):
                context[i] += [sum(w * vj[c] for w, vj in zip(row, v)) for c in range(size)]
        return self.linear(context, name + ".attn.c_proj"), maps

    def forward(self, ids, allowed):
        """(logits [n][V], attentions [layers][heads][n][n])"""
        x, attentions = self.embed(ids), []
        for number in range(self.layers):
            name = f"h.{number}"
            change, maps = self.attend(self.norm(x, name + ".ln_1"), name, allowed)
            x = [[a + b for a, b in zip(r, s)] for r, s in zip(x, change)]
            wide = self.linear(self.norm(x, name + ".ln_2"), name + ".mlp.c_fc")
            change = self.linear([[gelu_tanh(a) for a in row] for row in wide], name + ".mlp.c_proj")
            x = [[a + b for a, b in zip(r, s)] for r, s in zip(x, change)]
            attentions.append(maps)
        head = self.tensors["wte.weight"]
        return linear(self.norm(x, "ln_f"), head, [0] * len(head)), attentions
