#!/usr/bin/env python3
"""The peers that `make bench` measures beside us: PyTorch (transformers, eager) and ONNX Runtime, all maps kept.

peers.py [--runs N] [--only torch|ort] [--geometry base|minilm] [--tokens N] [--model DIR] [--cache DIR]
    Forward passes on two threads, after three to warm up. A line a cell: name, median ms, minimum ms, tab-separated.
    Without --only, --geometry or --tokens: all of them. --model DIR takes the weights of a folder, not random ones.
peers.py --save-random base|minilm DIR
    A model folder with random weights of that geometry, so that both sides can run the very same weights.
peers.py --script one-head|all-heads --model DIR --out FILE TEXT
    What a person would write with transformers and matplotlib: sentence to one PNG of layer 2 head 3, or all heads.
"""

import argparse
import hashlib
import os
import pathlib
import sys
import warnings

import table

os.environ["HF_HUB_OFFLINE"] = "1"  # everything is a local folder: never wait for a network
os.environ["TOKENIZERS_PARALLELISM"] = "false"

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
THREADS, WARM_UP = 2, 3
TOKENS = [8, 16, 64, 128, 512]
SEED = 20
GEOMETRIES = {
    "minilm": {
        "hidden_size": 384,
        "num_hidden_layers": 6,
        "num_attention_heads": 12,
        "intermediate_size": 1536,
    },
    "base": {
        "hidden_size": 768,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "intermediate_size": 3072,
    },
}


def fail(message, code=1):
    print(f"peers.py: error: {message}", file=sys.stderr)
    sys.exit(code)


def quiet_imports():
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    return torch, transformers


def random_model(geometry):
    """Weights of a spread that gives maps with some shape; the default of .02 would make every head uniform."""
    torch, transformers = quiet_imports()
    torch.manual_seed(SEED)
    config = transformers.BertConfig(
        **GEOMETRIES[geometry], initializer_range=0.05, attn_implementation="eager"
    )
    return transformers.BertModel(config, add_pooling_layer=False).eval()


def load_model(ask, geometry):
    torch, transformers = quiet_imports()
    torch.set_num_threads(THREADS)
    if not ask.model:
        return random_model(geometry)
    model = transformers.BertModel.from_pretrained(
        ask.model, attn_implementation="eager", add_pooling_layer=False, dtype=torch.float32
    )
    return model.eval()


def inputs(vocabulary, tokens):
    """One sentence: ids, segments, and a mask that hides nothing, each [1, tokens]."""
    import numpy as np

    ids = np.random.RandomState(SEED).randint(0, vocabulary, (1, tokens), dtype=np.int64)
    return {
        "input_ids": ids,
        "token_type_ids": np.zeros_like(ids),
        "attention_mask": np.ones_like(ids),
    }


def measure(function, runs):
    """Median and minimum milliseconds of `runs` calls."""
    for _ in range(WARM_UP):
        function()
    return table.timed(function, runs)


def torch_cells(ask, geometry):
    import torch

    model = load_model(ask, geometry)
    for tokens in ask.tokens:
        feed = {
            name: torch.from_numpy(array)
            for name, array in inputs(model.config.vocab_size, tokens).items()
        }
        with torch.inference_mode():
            yield tokens, measure(
                lambda: model(**feed, output_attentions=True, output_hidden_states=True), ask.runs
            )


def export(model, path):
    """The model as an ONNX graph that gives the last hidden state, every map and every hidden state."""
    import torch

    class Everything(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, input_ids, token_type_ids, attention_mask):
            out = self.model(
                input_ids=input_ids,
                token_type_ids=token_type_ids,
                attention_mask=attention_mask,
                output_attentions=True,
                output_hidden_states=True,
            )
            return (out.last_hidden_state, *out.attentions, *out.hidden_states)

    everything = (
        Everything().eval()
    )  # or the exporter would hand it back in training mode, with dropout
    feed = {
        name: torch.from_numpy(array) for name, array in inputs(model.config.vocab_size, 16).items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".tmp")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            everything,
            tuple(feed.values()),
            str(aside),
            input_names=list(feed),
            dynamic_axes={name: {1: "n"} for name in feed},
            opset_version=17,
            dynamo=False,
        )
    check_graph(everything, aside)
    aside.rename(path)


def check_graph(everything, path):
    """A graph traced at 16 tokens must be right at 9 too, or its times mean nothing."""
    import numpy as np
    import torch

    feed = inputs(everything.model.config.vocab_size, 9)
    with torch.inference_mode():
        wanted = everything(*(torch.from_numpy(array) for array in feed.values()))
    got = open_graph(path).run(None, feed)
    worst = max(float(np.abs(a - b.numpy()).max()) for a, b in zip(got, wanted, strict=True))
    if not worst < 1e-3:
        fail(f"{path}: the exported graph is {worst:.1e} off PyTorch (expected below 1e-3)")


def open_graph(path):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def graph_path(ask, geometry):
    """Where the exported graph lies: exporting takes longer than measuring, so it is done once for the same weights."""
    key = f"{geometry} {SEED}"
    if ask.model:
        weights = (pathlib.Path(ask.model) / "model.safetensors").resolve()
        key = f"{weights} {weights.stat().st_size} {weights.stat().st_mtime_ns}"
    return (
        pathlib.Path(ask.cache) / f"{geometry}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.onnx"
    )


def vocabulary_size(ask):
    """Without loading the model again: 30,522 unless the folder's config.json says otherwise."""
    import json

    return (
        json.loads((pathlib.Path(ask.model) / "config.json").read_text())["vocab_size"]
        if ask.model
        else 30522
    )


def ort_cells(ask, geometry):
    path = graph_path(ask, geometry)
    if not path.exists():
        export(load_model(ask, geometry), path)
    session = open_graph(path)
    for tokens in ask.tokens:
        feed = inputs(vocabulary_size(ask), tokens)
        yield tokens, measure(lambda: session.run(None, feed), ask.runs)


def measure_cells(ask):
    for geometry in ask.geometry:
        for which in ask.only:
            cells = torch_cells if which == "torch" else ort_cells
            for tokens, (median, least) in cells(ask, geometry):
                print(f"{which} {geometry} {tokens}\t{median:.3f}\t{least:.3f}", flush=True)


def save_random(geometry, folder):
    """config.json, model.safetensors and a vocab.txt with BERT's special ids, single characters and `the`."""
    folder = pathlib.Path(folder)
    model = random_model(geometry)
    model.save_pretrained(folder)
    tokens = [f"w{i}" for i in range(model.config.vocab_size)]
    for i, token in zip((0, 100, 101, 102, 103), ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")):
        tokens[i] = token
    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,!?'-"
    for i, token in enumerate([*letters, *(f"##{c}" for c in letters), "the"]):
        tokens[1000 + i] = token
    (folder / "vocab.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")


def script(mode, folder, out, text):
    """The peer of a whole process; nothing here is slower than a person would write it."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    encoded = tokenizer(text, return_tensors="pt")
    with torch.inference_mode():
        maps = model(**encoded, output_attentions=True).attentions
    tokens = tokenizer.convert_ids_to_tokens(encoded["input_ids"][0])
    if mode == "one-head":
        figure, axes = plt.subplots(figsize=(8, 7))
        image = axes.imshow(maps[2][0, 3], vmin=0, vmax=1, cmap="viridis")
        axes.set_xticks(range(len(tokens)), tokens, rotation=90)
        axes.set_yticks(range(len(tokens)), tokens)
        axes.set(xlabel="to (key)", ylabel="from (query)", title="layer 2, head 3")
        figure.colorbar(image)
    else:
        figure, grid = plt.subplots(len(maps), maps[0].shape[1], figsize=(16, 1.4 * len(maps)))
        for layer, row in enumerate(grid):
            for head, axes in enumerate(row):
                axes.imshow(maps[layer][0, head], vmin=0, vmax=1, cmap="viridis")
                axes.set(xticks=[], yticks=[])
                axes.set_title(f"{layer}.{head}", fontsize=7)
    figure.tight_layout()
    figure.savefig(out, dpi=100)


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=["torch", "ort"])
    parser.add_argument("--geometry", choices=list(GEOMETRIES))
    parser.add_argument("--tokens", type=int)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--model")
    parser.add_argument("--cache", default=str(ROOT / "build" / "bench-onnx"))
    parser.add_argument("--save-random", nargs=2, metavar=("GEOMETRY", "DIR"))
    parser.add_argument("--script", choices=["one-head", "all-heads"])
    parser.add_argument("--out")
    parser.add_argument("text", nargs="?")
    ask = parser.parse_args()
    if ask.runs < 1 or (ask.tokens is not None and ask.tokens < 1):
        parser.error("--runs and --tokens take a number from 1")
    if ask.save_random and ask.save_random[0] not in GEOMETRIES:
        parser.error(f"--save-random knows {' and '.join(GEOMETRIES)}, not {ask.save_random[0]}")
    if ask.script and (not ask.model or not ask.out or ask.text is None):
        parser.error("--script needs --model DIR, --out FILE and a TEXT")
    if ask.model and not ask.script and not ask.geometry:
        parser.error("--model needs --geometry: the name that its lines carry")
    if ask.model and not (pathlib.Path(ask.model) / "model.safetensors").exists():
        fail(f"{ask.model}: no model.safetensors there")
    ask.only = [ask.only] if ask.only else ["torch", "ort"]
    ask.geometry = [ask.geometry] if ask.geometry else list(GEOMETRIES)
    ask.tokens = [ask.tokens] if ask.tokens else TOKENS
    return ask


def main():
    ask = arguments()
    if ask.save_random:
        save_random(*ask.save_random)
    elif ask.script:
        script(ask.script, ask.model, ask.out, ask.text)
    else:
        measure_cells(ask)
    return 0


if __name__ == "__main__":
    sys.exit(main())
