#!/usr/bin/env python3
"""The page of 20_atlas in a real Chromium, headless, from file:// and with the network off: page.mjs says what holds.

Needs node, Chromium, and the two packages of package.json, which `make deps-test` brings into build/page/; what
NODE_PATH names, or tests/page/node_modules, will do, too. What is not there is said, and all of it is skipped."""
import array
import base64
import gzip
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.path.join(ROOT, os.environ.get("BUILD") or "build", "20_atlas")
MODELS = os.path.join(ROOT, "tests", "fixtures", "models")
STORY = os.path.join(ROOT, "tests", "fixtures", "gpt2", "story")
MINILM = os.path.join(ROOT, "data", "minilm")
TEXT = "the old clock struck nine, and a bird sang."
LONG = " ".join([TEXT] * 5) + " and so it was for us all"
STRANGE = "</script> <img onerror=1> $& \"quoted\" 'bird'"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def skip(why):
    print(f"skip {why}\n0 passed, 0 failed, 1 skipped")
    sys.exit(0)


def browser():
    """(Chromium, node's surroundings) or the end of this test."""
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not shutil.which("node") or not chromium:
        skip("node or Chromium is not here")
    brought = os.path.join(ROOT, "build", "page", "node_modules")
    places = os.pathsep.join(filter(None, [os.environ.get("NODE_PATH"), brought]))
    environment = dict(os.environ, NODE_PATH=places)
    # `import` does not look into NODE_PATH, `require` does; page.mjs requires
    ask = "require('playwright-core'); require.resolve('axe-core/axe.min.js')"
    found = subprocess.run(["node", "-e", ask], cwd=HERE, env=environment, capture_output=True, check=False)
    if found.returncode:
        skip("playwright-core and axe-core are not here. Try: make deps-test")
    return chromium, environment


def needed():
    if not os.access(PROGRAM, os.X_OK):
        skip("20_atlas is not built")
    return browser()


def write(folder, name, *words):
    path = os.path.join(folder, name)
    made = subprocess.run([PROGRAM, "--page", path, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    if made.returncode and "without the page's engine" in made.stderr:
        skip("20_atlas was built without clang, lld and wasi-libc")
    if made.returncode:
        print(f"FAIL 20_atlas {' '.join(words)}: {made.stderr.strip()}\n0 passed, 1 failed, 0 skipped")
        sys.exit(1)
    return path


def told(program, *words):
    """Runs another program of the course, which has to end well; what it prints."""
    done = subprocess.run([os.path.join(os.path.dirname(PROGRAM), program), *words], cwd=ROOT, capture_output=True,
                          text=True, check=False)
    if done.returncode:
        print(f"FAIL {program} {' '.join(words)}: {done.stderr.strip()}\n0 passed, 1 failed, 0 skipped")
        sys.exit(1)
    return done.stdout


def why(folder, chosen, head):
    """What 19_heads says of token 2 at token 1, as a file."""
    path, (layer, number) = os.path.join(folder, "why.tsv"), head.split(".")
    told("19_heads", *chosen, "--layer", layer, "--head", number, "--why", "2,1", "--tsv", path, TEXT)
    return path


def header_of(data):
    size = int.from_bytes(data[:8], "little")
    return json.loads(data[8:8 + size]), 8 + size


def tensor(path, name):
    """(shape, numbers) of a float tensor in an --export, read by hand."""
    with open(path, "rb") as file:
        data = file.read()
    header, start = header_of(data)
    begin, end = header[name]["data_offsets"]
    return header[name]["shape"], array.array("f", data[start + begin:start + end]).tolist()


def exported(path):
    """[layer][head][cell] of the attentions in an --export, and its tokens."""
    (layers, heads, n, _), numbers = tensor(path, "attentions")
    maps = [[numbers[(at * heads + head) * n * n:][:n * n] for head in range(heads)] for at in range(layers)]
    with open(path, "rb") as file:
        return maps, json.loads(header_of(file.read())[0]["__metadata__"]["tokens"])


def written(folder, page):
    """The page as it is where `make` finds no esbuild: script and style stand in it as they are written."""
    sources, tools = os.path.join(ROOT, "common", "show", "page"), os.path.join(folder, "tools")
    os.mkdir(tools)
    for tool in ("sh", "awk", "od", "mv"):
        os.symlink(shutil.which(tool), os.path.join(tools, tool))
    names = ("main.js", "page.css")
    made = subprocess.run(["sh", os.path.join(sources, "embed.sh"), folder, *(os.path.join(sources, n) for n in names)],
                          env={"PATH": tools}, capture_output=True, text=True, check=True)
    with open(page, encoding="utf-8") as file:
        html = file.read()
    for name, element in zip(names, ("script type=\"module\"", "style")):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            text = file.read()
        html = re.sub(f"(?s)(<{element}>).*?(</{element.split()[0]}>)", lambda of: of[1] + text + of[2], html)
    with open(os.path.join(folder, "written.html"), "w", encoding="utf-8") as file:
        file.write(html)
    good = "no esbuild here" in made.stderr and "/* ---- " in html
    return file.name, f"{'ok' if good else 'not ok'} without esbuild the sources travel, and make says so"


def metadata(page, block):
    """What a block of a page says of itself."""
    with open(page, encoding="utf-8") as file:
        data = base64.b64decode(re.search(f"id=\"{block}\">([^<]*)<", file.read()).group(1))
    return json.loads(header_of(data)[0]["__metadata__"]["page"])


def numbers_of(page, name):
    """(columns, numbers, the largest error) of a tensor of a page's block: bytes less 128, times a scale a row."""
    with open(page, encoding="utf-8") as file:
        data = base64.b64decode(re.search("id=\"block\">([^<]*)<", file.read()).group(1))
    header, start = header_of(data)
    (begin, end), columns = header[name]["data_offsets"], header[name]["shape"][1]
    at, stop = header[name + ".scale"]["data_offsets"]
    scales = array.array("f", data[start + at:start + stop])
    return columns, [(byte - 128) * scales[place // columns]
                     for place, byte in enumerate(data[start + begin:start + end])], max(scales) / 2


def halves(page):
    """What both halves of a GPT's layer add: the stream before plus what is added is the stream after. A line as
    page.mjs prints it, and the largest number of token 2 in each strip."""
    bad, most = [], {}
    for before, added, after, name in (("hidden.0", "mixed.0", "attended.0", "projected"),
                                       ("attended.0", "fed.0", "hidden.1", "projected back"),
                                       ("hidden.0", "attended.0", None, "with attention")):
        (columns, first, off), (_, second, more) = numbers_of(page, before), numbers_of(page, added)
        most[name] = max(map(abs, second[2 * columns:3 * columns]))
        if after:
            _, total, rest = numbers_of(page, after)
            worst = max(abs(a + b - c) for a, b, c in zip(first, second, total))
            bad += [name] * (worst > off + more + rest + 1e-5 or not any(second))
    return {"page": page, "most": most}, f"{'not ok' if bad else 'ok'} what is added makes the stream behind it {bad}"


def sentences(folder, model):
    """A page of three sentences, and the maps of each."""
    texts, maps = [TEXT, "a bird sang", "the old clock struck nine, and the bird sang and sang and struck"], []
    for at, text in enumerate(texts):
        path = os.path.join(folder, f"sentence_{at}")
        told("17_bert", "--model", model, "--export", path, text)
        maps.append(exported(path)[0])
    more = [word for text in texts[1:] for word in ("--text2", text)]
    return {"page": write(folder, "sentences.html", "--model", model, *more, TEXT), "texts": texts, "maps": maps}


def figures(folder, chosen):
    """A page with all that C makes with it, and what 19_heads says of the same."""
    page, distances = write(folder, "figures.html", *chosen, "--order", "--ablate", "--twin", TEXT), "distances.tsv"
    told("19_heads", *chosen, "--distances", os.path.join(folder, distances), TEXT)
    told("19_heads", *chosen, "--head-map", "--seed", "1", "--out", folder, TEXT)
    ablated = {head: os.path.join(folder, f"without_{head}") for head in ("0.1", "1.0")}
    for head, path in ablated.items():
        with open(path, "w", encoding="utf-8") as file:
            file.write(told("19_heads", *chosen, "--out", folder, "--ablate", head, TEXT))
    return {"page": page, "distances": os.path.join(folder, distances), "ablated": ablated,
            "points": os.path.join(folder, "head_map.dat")}


def products(path, layer, head, query, key):
    """q times k of one cell, dimension by dimension, of an --export."""
    ((_, n, width), q), (_, k) = tensor(path, "q"), tensor(path, "k")
    d = width // tensor(path, "attentions")[0][1]
    rows = [numbers[(layer * n + token) * width + head * d:][:d] for numbers, token in ((q, query), (k, key))]
    return [a * b for a, b in zip(*rows)]


def finished(folder, exported_path, maps):
    """Pages of an export's maps and tokens alone, and of the model with that file, or one head of it, beside it."""
    with open(exported_path, "rb") as file:
        data = file.read()
    header, start = header_of(data)
    first, shape = start + header["attentions"]["data_offsets"][0], header["attentions"]["shape"]

    def bare(name, shape):
        path, size = os.path.join(folder, name), 4 * math.prod(shape)
        kept = {"__metadata__": {"tokens": header["__metadata__"]["tokens"]},
                "attentions": dict(header["attentions"], shape=shape, data_offsets=[0, size])}
        text = json.dumps(kept).encode()
        text += b" " * (-len(text) % 8)
        with open(path, "wb") as file:
            file.write(len(text).to_bytes(8, "little") + text + data[first:first + size])
        return path

    def beside(name, path):
        return write(folder, name, "--model", os.path.join(MODELS, "plain"), "--beside", path, TEXT)
    path = bare("bare.safetensors", shape)
    return {"page": write(folder, "finished.html", "--from", path), "maps": maps,
            "beside": beside("besides.html", path),
            "narrow": beside("narrow.html", bare("narrow.safetensors", [1, 1, *shape[2:]]))}


def facts(folder, chosen, long, plain, layer):
    """What beside.mjs needs, as JSON: pages with something beside them, and what other programs say of the same. long:
    a page of 64 tokens, of MiniLM one in which a head is too sharp for int16; plain: one without esbuild; layer: what
    halves gave."""
    def in_folder(name):
        return os.path.join(folder, name)

    def export(name, program, model, text):
        told(program, "--model", model, "--export", in_folder(name), text)
        return exported(in_folder(name))
    run, story, text = in_folder("run"), STORY, "The old man lit"
    small = ["--data", os.path.join(ROOT, "data", "lamplighter.txt"), "--layers", "2", "--heads", "2", "--width", "16",
             "--context", "32", "--batch", "4"]
    told("15_training", *small, "--steps", "20", "--keep", "10", "--evaluate", "10", "--lr", ".05", "--out", run)
    gaps = in_folder("gaps")
    told("15_training", *small, "--objective", "masked", "--steps", "150", "--lr", ".02", "--out", gaps)
    gaps = write(folder, "gaps.html", "--model", gaps, "the old l[MASK]mp")
    with open(os.path.join(run, "loss.tsv"), encoding="utf-8") as file:
        rows = [line.split() for line in file][1:]
    page = write(folder, "beside.html", "--model", run, "--run", run, "--beside", story, "--text2", text[::-1],
                 "--order", text)
    order = metadata(page, "order")
    maps = {f"run-{at}": export("map", "18_gpt2", os.path.join(run, "step_" + row[0]), text)[0]
            for at, row in enumerate(rows)}
    maps["text2"] = export("map", "18_gpt2", run, text[::-1])[0]
    maps["order"] = export("map", "18_gpt2", run, "".join(order["tokens"]))[0]
    maps["beside"] = export("map", "18_gpt2", story, text)[0]
    told("17_bert", *chosen, "--export", in_folder("long.safetensors"), LONG)
    told("19_heads", *chosen, "--tsv", in_folder("measures.tsv"), TEXT)
    told("19_heads", *chosen, "--rollout", in_folder("rollout.tsv"), TEXT)
    told("19_heads", *chosen, "--flow", in_folder("flow.tsv"), TEXT)
    told("20_atlas", "--page", in_folder("nothing"), "--model", run, text)      # a page is no safetensors
    dropped, tokens = export("dropped.safetensors", "17_bert", os.path.join(MODELS, "plain"), TEXT)
    steps = [{"step": int(row[0]), "loss": float(row[2])} for row in rows]
    told_of = {"beside": {"page": page, "maps": maps, "steps": steps, "from": order["from"],
                          "tokens": order["tokens"]},
               "dropped": {"exported": in_folder("dropped.safetensors"), "nothing": in_folder("nothing"),
                           "maps": dropped, "tokens": tokens,
                           "products": products(in_folder("dropped.safetensors"), 1, 1, 3, 2)},
               "finished": finished(folder, in_folder("dropped.safetensors"), dropped),
               "offered": write(folder, "offered.html", "--model", os.path.join(MODELS, "plain"), "--layer", "0,1",
                                "--head", "0,2", TEXT),
               "figures": figures(folder, chosen),
               "measures": in_folder("measures.tsv"), "masked": gaps, "written": plain,
               "halves": layer, "sentences": sentences(folder, os.path.join(MODELS, "plain")),
               "beyond": {"exported": in_folder("dropped.safetensors"),
                          "page": write(folder, "one.html", "--model", os.path.join(MODELS, "one_head"),
                                        "--text2=", "--text2", "a bird", TEXT)},
               "long": {"page": long, "maps": exported(in_folder("long.safetensors"))[0], "exact": MINILM in chosen},
               "gathered": {"rollout": in_folder("rollout.tsv"), "flow": in_folder("flow.tsv")}}
    with open(in_folder("facts.json"), "w", encoding="utf-8") as file:
        json.dump(told_of, file)
    return in_folder("facts.json")


def sizes(page, most):
    """Lines as page.mjs prints them: what the whole page and its own parts may weigh, in bytes."""
    with open(page, "rb") as file:
        html = file.read()
    parts = re.findall(rb"<script type=\"module\">(.*?)</script>|<style>(.*?)</style>", html, re.S)
    own = sum(len(script) + len(style) for script, style in parts)
    library = len(gzip.decompress(base64.b64decode(re.search(rb"id=\"library\">([^<]*)<", html).group(1))))
    limits = [("the page of 64 tokens", len(html), most), ("the library", library, 150 * 1024)]
    if shutil.which("esbuild"):
        limits.append(("own script and style", own, 120 * 1024))
    else:
        yield "skip own script and style may weigh 120 KB: esbuild is not here"
    for what, bytes_, limit in limits:
        good = 0 < bytes_ <= limit
        yield f"{'ok' if good else 'not ok'} {what}: {bytes_} bytes of at most {limit}"


def answered(page, *words):
    """--page - is the same page, on standard output, and nothing else."""
    with open(page, "rb") as file:
        same = subprocess.run([PROGRAM, "--page", "-", *words], cwd=ROOT, capture_output=True, check=False)
        good = same.returncode == 0 and same.stdout == file.read() and not same.stderr
    return f"{'ok' if good else 'not ok'} --page - writes the page, and nothing else"


def seen(script, chromium, environment, seconds, *words):
    """What a script beside this one says of the pages that it opens, line by line, and how it ended (0: well)."""
    command = ["node", os.path.join(HERE, script), chromium, *words]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds, check=False)
        return done.stdout.splitlines(), done.returncode and f"{done.returncode}\n{done.stderr[-1500:]}"
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").decode().splitlines(), "time was up"


def judged(script, lines, ended):
    bad, left = ([line for line in lines if line.startswith(word)] for word in ("not ok ", "skip "))
    print("\n".join(["FAIL " + line[len("not ok "):] for line in bad] + left) or "\n".join(lines[-3:]))
    if ended:
        print(f"FAIL {script} did not end well: {ended}")
    print(f"{sum(line.startswith('ok ') for line in lines)} passed, {len(bad) + bool(ended)} failed, "
          f"{len(left)} skipped")
    return 1 if bad or ended else 0


def main():
    chromium, environment = needed()
    plain = os.path.join(MODELS, "plain")
    with tempfile.TemporaryDirectory() as folder:
        chosen = ["--model", MINILM] if os.path.isdir(MINILM) else ["--model", plain]
        pages = [write(folder, "trained.html", *chosen, TEXT), write(folder, "random.html", "--model", plain, TEXT),
                 write(folder, "pair.html", *chosen, "--pair", STRANGE, TEXT)]
        head = "2.8" if MINILM in chosen else "1.2"     # what a page opens with
        long = write(folder, "long.html", *chosen, LONG)
        as_written, said = written(folder, pages[1])
        layer, adds = halves(write(folder, "halves.html", "--model", STORY, "--anatomy-layer", "0", "The old man"))
        pages += [why(folder, chosen, head), head, facts(folder, chosen, long, as_written, layer)]
        weighed = [said, adds, *sizes(long, 3_000_000), answered(pages[1], "--model", plain, TEXT)]
        lines, done = seen("page.mjs", chromium, environment, 240, *pages)
    return judged("page.mjs", lines + weighed, done)


if __name__ == "__main__":
    sys.exit(main())
