#!/usr/bin/env python3
"""Stage 20's page beside bertviz 1.4.1: one model (12 layers of 12 heads, random weights), one sentence, in turns.

  page.py [--rounds 3] [--tokens 16,32,64,128] [--model-view-most 64]

Both files are opened in the same headless Chromium (page.mjs). `head`: lines of all 12 heads of a layer; load is until
they are drawn, hover and layer until the next frame. `model`: all heads of all layers, once. What bertviz's file would
fetch from the network is handed to it from npm packages under build/bench-page: so its load is without a network's
time. Sizes and nodes go to the screen. build/bench.tsv has the times."""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

import peers
import table

ROOT = peers.ROOT
LIBRARIES = os.path.join("build", "bench-page", "node_modules")
ASKED = ("requirejs@2.3.6", "d3@5.7.0", "jquery@2.1.4")     # bertviz asks for jquery 2.0.0, which npm does not have
LETTERS = "abcdefghijklmnopqrstuvwxyz"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    if done.returncode:
        sys.exit(f"bench: error: {' '.join(command)[:200]} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return done.stdout


def browser():
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not chromium or not shutil.which("node"):
        sys.exit("bench: error: node or Chromium is not here. Try: make deps-test")
    if not os.path.isdir(LIBRARIES):
        run("npm", "install", "--silent", "--prefix", os.path.dirname(LIBRARIES), *ASKED)
    return chromium


def bertviz_page(view, exported, path):
    """What head_view or model_view gives for the maps that our own program has exported."""
    import bertviz
    from safetensors.torch import load_file

    maps = load_file(exported)["attentions"]
    tokens = [str(at) for at in range(maps.shape[-1])]
    make = bertviz.head_view if view == "head" else bertviz.model_view
    html = make([layer.unsqueeze(0) for layer in maps], tokens, html_action="return").data
    with open(path, "w", encoding="utf-8") as file:
        file.write("<!doctype html><meta charset=utf-8>" + html)


def pages(folder, model, n):
    """{side-view: file} of one text of n tokens; ours is the same file for both views."""
    text = " ".join(LETTERS[at % len(LETTERS)] for at in range(n - 2))
    exported, ours = os.path.join(folder, f"{n}.safetensors"), os.path.join(folder, f"{n}.html")
    run("build/17_bert", "--model", model, "--export", exported, text)
    run("build/20_atlas", "--model", model, "--page", ours, text)
    made = {"ours-head": ours, "ours-model": ours}
    for view in ("head", "model"):
        made[f"bertviz-{view}"] = os.path.join(folder, f"{n}-{view}.html")
        bertviz_page(view, exported, made[f"bertviz-{view}"])
    return made


def opened(chromium, made, kinds):
    """{kind: what page.mjs says of it}, in the order of kinds."""
    found = [os.environ.get("NODE_PATH"), os.path.join(ROOT, "build", "page", "node_modules")]
    words = [word for kind in kinds for word in (made[kind], kind)]
    said = run("node", "tests/bench/page.mjs", chromium, LIBRARIES, *words,
               env=dict(os.environ, NODE_PATH=os.pathsep.join(filter(None, found))))
    return dict(zip(kinds, map(json.loads, said.splitlines()), strict=True))


def measure(chromium, made, n, rounds, with_model):
    turns = [opened(chromium, made, ["ours-head", "bertviz-head"]) for _ in range(rounds)]

    def both(view, what, of):
        return [[(one[f"{side}-{view}"][what],) * 2 for one in of] for side in ("ours", "bertviz")]
    rows = [table.row(f"20 {what}, {n} tokens", "bertviz", *both("head", what, turns))
            for what in ("load", "hover", "layer")]
    last = turns[-1]
    if with_model:
        last |= opened(chromium, made, ["ours-model", "bertviz-model"])
        rows.append(table.row(f"20 all heads, {n} tokens", "bertviz", *both("model", "load", [last])))
    for kind, seen in last.items():
        print(f"   {kind:14} {os.path.getsize(made[kind]) / 1e6:8.2f} MB {seen['nodes']:9,} nodes", flush=True)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tokens", default="16,32,64,128")
    parser.add_argument("--model-view-most", type=int, default=64, help="bertviz's takes minutes above")
    ask = parser.parse_args()
    chromium = browser()
    table.head()
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "base")
        peers.save_random("base", model)
        for n in map(int, ask.tokens.split(",")):
            made = pages(folder, model, n)
            table.keep(measure(chromium, made, n, ask.rounds, n <= ask.model_view_most))


if __name__ == "__main__":
    main()
