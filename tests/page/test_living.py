#!/usr/bin/env python3
"""A model inside the page of 20_atlas, in a real Chromium, from file:// and with the network off: living.mjs says what
holds; what the numbers have to be comes from 17_bert and 18_gpt2. Needs what test_page.py needs.

LIVING_EDITS=50 makes the row of edits shorter."""
import json
import math
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import test_page as page  # noqa: E402

BERT = os.path.join(page.MODELS, "prefix_gamma_mlm")
GPT = os.path.join(page.ROOT, "tests", "fixtures", "gpt2", "story")
STORED, TYPED = "the old clock struck nine, and a bird sang.", "a bird sang, and the old clock was still"
STORY = "The old man lit the la"


def maps(folder, program, model, text, *more):
    """[layer][head][cell] as a program of the course says, and the file that it wrote."""
    path = os.path.join(folder, "maps.safetensors")
    page.told(program, "--model", model, "--export", path, *more, text)
    return page.exported(path)[0], path


def shares(path, name, row):
    """The five largest probabilities of one row of logits, and their ids."""
    (_, vocab), numbers = page.tensor(path, name)
    logits = numbers[row * vocab:(row + 1) * vocab]
    total = sum(math.exp(one - max(logits)) for one in logits)
    best = sorted(range(vocab), key=lambda at: -logits[at])[:5]
    return [math.exp(logits[at] - max(logits)) / total for at in best], best


def bert(folder):
    words, place = STORED.split(), 2
    hidden = " ".join(["[MASK]" if at == place - 1 else word for at, word in enumerate(words)])
    wanted, _ = maps(folder, "17_bert", BERT, STORED)
    under, _ = maps(folder, "17_bert", BERT, STORED, "--mask", "local", "--window", "1", "--mask-scope", "model")
    _, path = maps(folder, "17_bert", BERT, hidden)
    other = page.metadata(page.write(folder, "order.html", "--model", BERT, "--order", "--seed", "1", STORED), "order")
    return {"folder": BERT, "order": other["from"], "text": STORED, "maps": wanted, "under": under,
            "masked": {"place": place, "shares": shares(path, "mlm_logits", place)[0]}}


def gpt(folder):
    wanted, path = maps(folder, "18_gpt2", GPT, STORY)
    best, ids = shares(path, "logits", len(STORY) - 1)
    with open(os.path.join(GPT, "vocab.json"), encoding="utf-8") as file:
        letter = {number: text for text, number in json.load(file).items()}
    return {"folder": GPT, "text": STORY, "maps": wanted, "shares": best, "next": letter[ids[0]]}


def wrong(folder):
    """Files that are no model: torn weights, weights alone, a picture, a BERT without weights, or with a pickle, a GPT
    without words; and a text beyond the fixture's 48 tokens."""
    names = "torn", "alone", "nothing.png", "no_weights", "no_words", "pytorch_model.bin"
    torn, alone, nothing, no_weights, no_words, pickled = (os.path.join(folder, name) for name in names)
    shutil.copytree(BERT, no_weights, ignore=shutil.ignore_patterns("*.safetensors"))
    shutil.copytree(GPT, no_words, ignore=shutil.ignore_patterns("vocab.json"))
    shutil.copytree(BERT, torn)
    os.truncate(os.path.join(torn, "model.safetensors"), 5000)
    os.makedirs(alone)
    shutil.copy(os.path.join(BERT, "model.safetensors"), alone)
    for path, head in ((nothing, b"\x89PNG"), (pickled, b"\x80\x02")):
        with open(path, "wb") as file:
            file.write(head)
    return {"torn": torn, "no_config": alone, "nothing": nothing, "no_weights": no_weights, "no_words": no_words,
            "pickled": pickled, "long": "the old clock " * 40}


def nested(folder):
    """A model's folder with another config.json in a folder of its own, as sentence-transformers has it."""
    path = os.path.join(folder, "nested")
    shutil.copytree(BERT, path)
    os.makedirs(os.path.join(path, "1_Pooling"))
    with open(os.path.join(path, "1_Pooling", "config.json"), "w", encoding="utf-8") as file:
        file.write('{"pooling_mode_mean_tokens": true}')
    return path


def living(folder, model):
    path = page.write(folder, "living.html", "--living", "--model", model, STORED)
    limit = 36_000_000
    size = os.path.getsize(path)
    stored, (typed, path_maps) = maps(folder, "17_bert", model, STORED)[0], maps(folder, "17_bert", model, TYPED)
    os.replace(path_maps, os.path.join(folder, "typed.safetensors"))
    told = {"page": path, "text": STORED, "stored": stored, "typed": {"text": TYPED, "maps": typed},
            "texts": [STORED, TYPED, "a clock", "nine birds sang", "</script> <b>\u00e9\U0001f426"]}
    return told, f"{'ok' if size < limit else 'not ok'} the living page: {size} bytes of at most {limit}"


def main():
    edits = int(os.environ.get("LIVING_EDITS") or 1000)
    chromium, environment = page.needed()
    with tempfile.TemporaryDirectory() as folder:
        minilm = page.MINILM if os.path.isdir(page.MINILM) else None
        told, weighed = living(folder, minilm or BERT)
        facts = {"plain": page.write(folder, "plain.html", "--model", os.path.join(page.MODELS, "plain"), STORED),
                 "bert": bert(folder), "gpt": gpt(folder), "wrong": wrong(folder), "living": told,
                 "nested": nested(folder),
                 "maps": os.path.join(folder, "typed.safetensors"),
                 "edits": edits, "minilm": minilm and {"folder": minilm, "typed": told["typed"]}}
        path = os.path.join(folder, "facts.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(facts, file)
        lines, ended = page.seen("living.mjs", chromium, environment, 240 + edits, path)
    print("\n".join(line[len("told "):] for line in lines if line.startswith("told ")))
    return page.judged("living.mjs", lines + [weighed], ended)


if __name__ == "__main__":
    sys.exit(main())
