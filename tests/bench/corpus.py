#!/usr/bin/env python3
"""Stage 19's corpus beside PyTorch eager: what four masks do to each head of MiniLM, over sentences of 64 tokens.

  corpus.py [--sentences 60] [--rounds 3]

PyTorch does for one sentence after the other what the program does: a pass without a mask and one under each mask, the
finished heads re-weighed, and of them lost, moved, type_flips and final_cosine; all 72 heads at once. Its model is
open, its sentences are ids, and it draws no intervals. Ours is the whole process, from the text to a file of means with
intervals; without the random twin. Both times grow with the sentences: 1,000 of them are milliseconds * 1,000 / 60.
"""
import argparse
import math
import os
import sys

import heads
import peers
import table

FILE, TOKENS = peers.ROOT / "build" / "bench-corpus.txt", 64
MASKS = "none,local:3,causal,sliding:8"
MEASURES = ("lost", "moved", "type_flips")


def save_sentences(tokenizer, count):
    """Lines of TOKENS tokens each, [CLS] and [SEP] among them; "so" fills up the last places of a line."""
    words, lines, line, room = (peers.ROOT / "data" / "lamplighter.txt").read_text("utf-8").split(), [], [], TOKENS - 2
    while len(lines) < count:
        word = words.pop(0)
        words.append(word)  # round and round
        pieces = len(tokenizer.tokenize(word))
        if pieces <= room:
            line, room = [*line, word], room - pieces
        else:
            lines.append(" ".join(line + ["so"] * room))
            line, room = [word], TOKENS - 2 - pieces
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text("\n".join(lines) + "\n", "utf-8")
    return lines


class Peer:
    def __init__(self, count):
        torch, transformers = peers.quiet_imports()
        torch.set_num_threads(peers.THREADS)
        tokenizer = transformers.BertTokenizerFast.from_pretrained(heads.MODEL)
        self.inputs = [tokenizer(line, return_tensors="pt")["input_ids"] for line in save_sentences(tokenizer, count)]
        self.model = transformers.BertModel.from_pretrained(heads.MODEL, attn_implementation="eager").eval()
        self.parts = {"query": [], "key": [], "value": []}
        for layer in self.model.encoder.layer:
            for name, kept in self.parts.items():
                getattr(layer.attention.self, name).register_forward_hook(lambda _, __, out, k=kept: k.append(out[0]))
        names = [tokenizer.convert_ids_to_tokens(ids[0]) for ids in self.inputs]
        self.separators = torch.tensor([[name == "[SEP]" for name in of] for of in names])
        self.points = torch.tensor([[name in ".," for name in of] for of in names])
        i, j = torch.arange(TOKENS)[:, None], torch.arange(TOKENS)
        everything = torch.ones(TOKENS, TOKENS, dtype=torch.bool)
        self.allowed = {"none": everything, "local:3": abs(i - j) <= 3, "causal": j <= i,
                        "sliding:8": (j <= i) & (i - j < 8)}
        self.beside = [everything.triu(1) & everything.tril(1), everything.tril(-1) & everything.triu(-1), i == j]

    def types(self, maps, allowed, sentence):
        """[layers, heads] by Clark et al. 2019: 0 mixed, 1 to 6 by a share of the weight, 7 broad."""
        import torch

        shares = [(maps * beside).sum((-1, -2)) for beside in self.beside]
        shares += [maps[..., 0].sum(-1), maps[..., self.separators[sentence]].sum((-1, -2)),
                   maps[..., self.points[sentence]].sum((-1, -2))]
        shares = torch.stack(shares, -1) / TOKENS
        most, place = (shares * (shares > torch.tensor([.5] * 3 + [.6] * 3))).max(-1)
        broad = -torch.xlogy(maps, maps).sum((-1, -2)) > 0.78 * allowed.sum(-1).log().sum()
        return torch.where(most > 0, place + 1, broad * 7)

    def split(self, name):
        """[layers, heads, n, d] of the last pass."""
        import torch

        x = torch.stack(self.parts[name])
        return x.unflatten(-1, (self.model.config.num_attention_heads, -1)).transpose(1, 2)

    def run(self, ids, allowed=None):
        import torch

        for kept in self.parts.values():
            kept.clear()
        mask = None if allowed is None else torch.where(allowed, 0.0, torch.finfo(torch.float32).min)[None, None]
        return self.model(ids, attention_mask=mask, output_attentions=True)

    def sentence(self, number):
        """{mask: ([layers, heads, 3], final_cosine)}"""
        import torch

        ids, found = self.inputs[number], {}
        plain = self.run(ids)
        maps = torch.cat(plain.attentions)
        q, k, v = map(self.split, self.parts)
        scores, before = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]), maps @ v
        types = self.types(maps, self.allowed["none"], number)
        for name, allowed in self.allowed.items():
            if name == "none":   # changes nothing, and is not run
                found[name] = torch.zeros(*maps.shape[:2], 3), 1.0
                continue
            states = self.run(ids, allowed).last_hidden_state
            masked = scores.masked_fill(~allowed, -torch.inf).softmax(-1)
            moved = (masked @ v - before).norm(dim=-1) / before.norm(dim=-1)
            flips = self.types(masked, allowed, number) != types
            numbers = torch.stack([(maps * ~allowed).sum(-1).mean(-1), moved.mean(-1), flips.float()], -1)
            cosine = torch.cosine_similarity(plain.last_hidden_state, states, -1)
            found[name] = numbers, cosine.mean().item()
        return found

    def work(self):
        """{mask: (means [layers, heads, 3], mean final_cosine)} over all sentences."""
        import torch

        with torch.inference_mode():
            all_found = [self.sentence(number) for number in range(len(self.inputs))]
        return {name: (torch.stack([found[name][0] for found in all_found]).mean(0),
                       sum(found[name][1] for found in all_found) / len(all_found)) for name in self.allowed}


def ours(file=os.devnull):
    return heads.run([heads.PROGRAM, "--model", heads.MODEL, "--threads", str(peers.THREADS), "--corpus", str(FILE),
                      "--lines", "--compare", MASKS, "--no-twin", "--tsv", file])


def check(theirs):
    """Both sides must mean the same, or their times mean nothing. A type may flip at a threshold in one sentence."""
    flip = 1.5 / len(FILE.read_text("utf-8").split("\n")[:-1])
    for line in ours("-").split("\n")[1:-1]:
        mask, layer, head, measure, mean = line.split("\t")[:5]
        numbers, cosine = theirs[mask]
        if measure in MEASURES:
            expected = numbers[int(layer), int(head), MEASURES.index(measure)].item()
        elif measure == "final_cosine":
            expected = cosine
        else:
            sys.exit(f"bench: error: no measure {measure} beside ours")
        if not abs(float(mean) - expected) < (flip if measure == "type_flips" else 2e-4):
            sys.exit(f"bench: error: {mask} {layer}.{head} {measure}: ours {mean}, PyTorch's {expected:.6f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    ask = parser.parse_args()
    os.chdir(peers.ROOT)
    peer = Peer(ask.sentences)
    check(peer.work())
    table.head()
    mine, theirs = [], []
    for _ in range(ask.rounds):
        mine.append(table.timed(ours, 1))
        theirs.append(table.timed(peer.work, 1))
    table.keep([table.row(f"19 corpus, {ask.sentences} sentences", "pytorch", mine, theirs)])


if __name__ == "__main__":
    main()
