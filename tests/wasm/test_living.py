#!/usr/bin/env python3
"""The model inside the page, in node: living.js and the WebAssembly of a page that 20_atlas wrote, on fixture models
and on MiniLM where it is there. Ids, maps, hidden states and written texts are the C programs' own; living.mjs says
what else holds. LIVING_EDITS=1000 makes the row of edits longer.

Needs node, and a course that was built with clang, lld and wasi-libc."""
import json
import math
import os
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(ROOT, os.environ.get("BUILD") or "build")
FIXTURES = os.path.join(ROOT, "tests", "fixtures")
MINILM, GPT2 = (os.path.join(ROOT, "data", name) for name in ("minilm", "gpt2-vocabulary"))
PLAIN, MLM = (os.path.join(FIXTURES, "models", name) for name in ("plain", "mlm_no_pooler"))
STORY = os.path.join(FIXTURES, "gpt2", "story")
TEXTS = ["the old clock struck nine, and a bird sang.", "Who painted the bridge over the river?",
         "Nobody in the valley owned a faster horse.", "Rain fell on the tin roof all night long.",
         "She counted seven boats before the fog came.", "The baker's son can't read, but he sings well.",
         "Copper is softer than iron; glass is harder.", "It was late. The lamps were lit one by one.",
         "A letter from the harbour arrived on Tuesday.", "Tell me why the second door is always closed!"]
MASKS = [({"kind": "local", "window": 2}, ["--mask", "local", "--window", "2"]),
         ({"kind": "causal"}, ["--mask", "causal"]),
         ({"kind": "global-local", "window": 1, "global": 1, "causal": True},
          ["--mask", "global-local", "--window", "1", "--global", "1", "--causal"])]


def skip(why):
    print(f"skip {why}\n0 passed, 0 failed, 1 skipped")
    sys.exit(0)


def run(program, *words, text=None):
    command = [os.path.join(BUILD, program), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, input=text)
    if done.returncode and b"without the page's engine" in done.stderr:
        skip("20_atlas was built without clang, lld and wasi-libc")
    if done.returncode:
        print(f"FAIL {program} {' '.join(words)}: {done.stderr.decode(errors='replace')[-500:]}")
        print("0 passed, 1 failed, 0 skipped")
        sys.exit(1)
    return done.stdout


def numbers(folder, program, model, texts):
    """Questions, and the files of --export that C answers them with: plain ones, and one under each mask."""
    asked = [(text, None, []) for text in texts] + [(texts[i], *mask) for i, mask in enumerate(MASKS)]
    for text, mask, words in asked:
        path = os.path.join(folder, f"{len(os.listdir(folder))}.safetensors")
        scope = ["--mask-scope", "model"] if mask else []
        run(program, "--model", model, *words, *scope, "--export", path, text)
        yield {"question": {"text": text, **({"mask": mask} if mask else {})}, "exported": path,
               "name": f"{os.path.basename(model)} {mask['kind'] if mask else text[:12]}"}


def cases(path):
    """Texts and ids that another tokenizer gave, which C is held to as well."""
    with open(path, encoding="utf-8") as file:
        for line in filter(str.strip, file):
            case = json.loads(line)
            yield {"text": case["text"], "pair": case.get("pair"), "ids": " ".join(map(str, case["ids"]))}


def every_character(program, *words):
    """All code points that are characters, in ten texts, and their ids by C."""
    points = [c for c in range(1, 0x110000) if not 0xD800 <= c < 0xE000]
    size = len(points) // 10 + 1
    for first in range(0, len(points), size):
        text = "".join(f"a{chr(c)}b " for c in points[first:first + size])
        ids = run(program, *words, "--ids", "-", text=text.encode()).decode().strip()
        yield {"text": text, "ids": ids, "name": f"characters from U+{points[first]:04X}"}


def guess(folder):
    """The second word's guesses by an MLM head, from the logits of --export."""
    path, text = os.path.join(folder, "guess.safetensors"), "the [MASK] clock"
    run("17_bert", "--model", MLM, "--export", path, text)
    with open(path, "rb") as file:
        data = file.read()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    table = json.loads(data[8:start])
    ids, logits = table["input_ids"], table["mlm_logits"]
    from_, to = (start + at for at in ids["data_offsets"])
    place = list(struct.unpack(f"<{ids['shape'][0]}q", data[from_:to]))
    vocab = logits["shape"][1]
    names = run("17_bert", "--model", MLM, "--ids", "[MASK]").split()
    at = place.index(int(names[1]))
    row = struct.unpack_from(f"<{vocab}f", data, start + logits["data_offsets"][0] + 4 * vocab * at)
    shares = [math.exp(one - max(row)) for one in row]
    return {"question": {"text": text}, "place": at, "shares": [share / sum(shares) for share in shares]}


def written(seed, temperature, text="The lamp"):
    words = ["--model", STORY, "--write", "40", "--seed", str(seed), "--temperature", str(temperature), text]
    out = run("18_gpt2", *words).decode().rstrip("\n")
    return {"text": text, "seed": seed, "temperature": temperature, "written": out}


def blank(folder, family, vocab):
    """A model of zeros that knows so many ids, for tokenizers that come without one."""
    if family == "bert":
        config = {"num_hidden_layers": 1, "num_attention_heads": 1, "hidden_size": 4,
                  "intermediate_size": 4, "vocab_size": vocab, "max_position_embeddings": 64}
        shapes = {"embeddings.word_embeddings.weight": [vocab, 4], "embeddings.position_embeddings.weight": [64, 4],
                  "embeddings.token_type_embeddings.weight": [2, 4]}
        dense = ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
                 "intermediate.dense", "output.dense"]
        shapes.update({f"encoder.layer.0.{name}.weight": [4, 4] for name in dense})
        shapes.update({f"encoder.layer.0.{name}.bias": [4] for name in dense})
        norms = ["embeddings.LayerNorm", *(f"encoder.layer.0.{at}output.LayerNorm" for at in ("attention.", ""))]
    else:
        config = {"model_type": "gpt2", "n_layer": 1, "n_head": 1, "n_embd": 4, "vocab_size": vocab, "n_positions": 64}
        shapes = {"wte.weight": [vocab, 4], "wpe.weight": [64, 4]}
        for name, cols in (("attn.c_attn", 12), ("attn.c_proj", 4), ("mlp.c_fc", 16)):
            shapes.update({f"h.0.{name}.weight": [4, cols], f"h.0.{name}.bias": [cols]})
        shapes.update({"h.0.mlp.c_proj.weight": [16, 4], "h.0.mlp.c_proj.bias": [4]})
        norms = ["h.0.ln_1", "h.0.ln_2", "ln_f"]
    shapes.update({f"{name}.{end}": [4] for name in norms for end in ("weight", "bias")})
    table, at = {}, 0
    for name, shape in shapes.items():
        size = 4 * math.prod(shape)
        table[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    header = json.dumps(table).encode()
    os.mkdir(folder)
    with open(os.path.join(folder, "model.safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + bytes(at))
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as file:
        json.dump(config, file)
    return folder


def tokenizers(folder):
    """The fixtures' tokenizers, and every character by the two that real models have."""
    bert, gpt = blank(os.path.join(folder, "bert"), "bert", 40000), blank(os.path.join(folder, "gpt"), "gpt2", 60000)
    base = os.path.join(FIXTURES, "wordpiece")
    for name in sorted(os.listdir(base)):
        path = os.path.join(base, name, "cases.jsonl")
        if os.path.exists(path):
            yield {"name": name, "folders": [bert, os.path.dirname(path)], "ids": list(cases(path))}
    small = os.path.join(FIXTURES, "bpe", "small")
    yield {"name": "small BPE", "folders": [gpt, small], "ids": plain_cases(os.path.join(small, "cases.jsonl"))}
    if os.path.isdir(GPT2):
        yield {"name": "GPT-2's BPE", "folders": [gpt, GPT2],
               "ids": plain_cases(os.path.join(FIXTURES, "bpe", "gpt2.jsonl")) +
               list(every_character("04_gpt2_bpe", "--vocab", GPT2))}


def plain_cases(path):
    """Those without special tokens, which are text to this fixture, and without U+0000, which no text field has."""
    return [case for case in cases(path) if "<|" not in case["text"] and "\0" not in case["text"]]


def models(folder):
    yield {"name": "plain", "folders": [PLAIN], "numbers": list(numbers(folder, "17_bert", PLAIN, TEXTS[:3])),
           "changes": True, "refuses": True, "edits": int(os.environ.get("LIVING_EDITS") or 200), "exact": True}
    yield {"name": "mlm", "folders": [MLM], "guesses": guess(folder), "changes": True}
    yield {"name": "story", "folders": [STORY], "writes": written(7, 0.8),
           "numbers": list(numbers(folder, "18_gpt2", STORY, ["The lamp was lit, and the old man"] * 3))}
    yield from tokenizers(folder)
    if os.path.isdir(MINILM):
        yield {"name": "minilm", "folders": [MINILM], "numbers": list(numbers(folder, "17_bert", MINILM, TEXTS)),
               "changes": True, "ids": [*cases(os.path.join(FIXTURES, "wordpiece", "minilm.jsonl")),
                                        *every_character("17_bert", "--model", MINILM)]}


def main():
    if not shutil.which("node"):
        skip("node is not here")
    with tempfile.TemporaryDirectory(prefix="headlight-living-") as folder:
        page, jobs = os.path.join(folder, "page.html"), os.path.join(folder, "jobs.json")
        run("20_atlas", "--model", PLAIN, "--page", page, TEXTS[0])
        with open(jobs, "w", encoding="utf-8") as file:
            json.dump({"texts": TEXTS, "plain": PLAIN, "story": STORY, "models": list(models(folder))}, file)
        done = subprocess.run(["node", os.path.join(HERE, "living.mjs"), page, jobs], capture_output=True, text=True,
                              check=False, timeout=600)
    lines = done.stdout.splitlines()
    bad = [line for line in lines if line.startswith("not ok ")]
    print("\n".join("FAIL " + line[len("not ok "):][:600] for line in bad) or "\n".join(lines[-3:]))
    if done.returncode:
        print(f"FAIL living.mjs did not end well: {done.returncode}\n{done.stderr[-1500:]}")
    failed = len(bad) + bool(done.returncode)
    print(f"{sum(line.startswith('ok ') for line in lines)} passed, {failed} failed, 0 skipped")
    return 1 if bad or done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
