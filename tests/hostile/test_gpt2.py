#!/usr/bin/env python3
"""Stage 18 from the outside: what it exports, measures and writes, against transformers' numbers and other stages.

    python3 tests/hostile/test_gpt2.py [WORD...]     only the tests whose name holds one of the words
    BUILD=build/asan python3 tests/hostile/test_gpt2.py

The fixtures (tests/fixtures/gpt2) were made by transformers. Python's standard library only.
"""
import json
import os
import re
import shutil
import struct
import subprocess
import sys

from training_files import BUILD, ROOT, check, main

from tensors import Tensor, load, write

FIXTURES = os.path.join(ROOT, "tests", "fixtures", "gpt2")
STORY, LAMP = os.path.join(FIXTURES, "story"), os.path.join(ROOT, "data", "lamplighter.txt")
LAYOUTS = ("bare_buffers", "untied_bf16", "odd_f16", "erf_by_layer", "loud", "story")
TINY = os.path.join(ROOT, "tests", "fixtures", "sampling", "tiny")


def gpt2(*more, stdin="", cwd=ROOT, name="18_gpt2"):
    return subprocess.run([os.path.join(BUILD, name), *map(str, more)], input=stdin, capture_output=True, text=True,
                          errors="replace", timeout=600, check=False, cwd=cwd)


def answer(*more, **others):
    done = gpt2(*more, **others)
    check(done.returncode == 0, more, done.stderr)
    return done.stdout


def refused(code, words, *more):
    done = gpt2(*more)
    check(done.returncode == code and words in done.stderr and not done.stdout, more, done)
    check(done.stderr.count("\n") == 1 and done.stderr.startswith("18_gpt2: error: "), more, done.stderr)


def texts(layout):
    with open(os.path.join(FIXTURES, layout, "cases.tsv"), encoding="utf-8") as file:
        return [line.replace("\\n", "\n") for line in file.read().split("\n")[1:-1]]


def apart(a, b):
    a, b = list(a.values()), list(b.values())
    check(len(a) == len(b), len(a), len(b))
    return max(abs(x - y) for x, y in zip(a, b))


def every_layout_is_transformers(folder):
    for layout in LAYOUTS:
        model, out = os.path.join(FIXTURES, layout), os.path.join(folder, "out.safetensors")
        expected = load(os.path.join(model, "expected.safetensors"))
        for number, text in enumerate(texts(layout)):
            ids = list(expected[f"{number}.input_ids"].values())
            check(answer("--model", model, "--ids", text).split() == [str(i) for i in ids], layout, text)
            check(answer("--model", model, "--ids", "-", stdin=text).split() == [str(i) for i in ids], layout, text)
            check(answer("--model", model, "--export", out, text) == "", "export is not silent")
            got = load(out)
            check(set(got) == {"input_ids", "hidden_states", "attentions", "q", "k", "v", "logits"}, set(got))
            for name, tensor in got.items():
                if name in "qkv":  # test_files.py has them
                    continue
                right = expected[f"{number}.{name}"]
                check(tensor.shape == right.shape, layout, name, tensor.shape, right.shape)
                check(apart(tensor, right) < 1e-4, layout, text, name, "differ by", apart(tensor, right))


def copy_of(layout, folder, change=None, config=None):
    """A copy of a fixture in `folder`; change: of {name: Tensor}, in place; config: keys of config.json, None: gone."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(os.path.join(FIXTURES, layout), folder)
    path = os.path.join(folder, "model.safetensors")
    table = load(path)
    if change:
        change(table)
        write(path, table)
    if config:
        path = os.path.join(folder, "config.json")
        with open(path, encoding="utf-8") as file:
            said = {**json.load(file), **config}
        with open(path, "w", encoding="utf-8") as file:
            json.dump({key: value for key, value in said.items() if value is not None}, file)
    return folder


def logits_of(folder, layout, factor=1, warns=""):
    """They are those of the fixture, times `factor`."""
    out = os.path.join(folder, "out")
    done = gpt2("--model", folder, "--export", out, texts(layout)[0])
    check(done.returncode == 0 and (warns in done.stderr if warns else not done.stderr), folder, done.stderr)
    right = load(os.path.join(FIXTURES, layout, "expected.safetensors"))["0.logits"]
    check(max(abs(x - factor * y) for x, y in zip(load(out)["logits"].values(), right.values())) < 2e-4, folder)


def heads_and_names_as_transformers_takes_them(folder):
    """A head that is there counts, whatever config.json says of it: twice the words is twice the logits."""
    words, head = "transformer.wte.weight", "lm_head.weight"

    def twice(table):                                               # F16: one more in the exponent
        halves = struct.unpack(f"<{len(table[words].data) // 2}e", table[words].data)
        table[head] = Tensor("F16", table[words].shape, struct.pack(f"<{len(halves)}e", *(2 * x for x in halves)))
    copy = os.path.join(folder, "copy")
    logits_of(copy_of("odd_f16", copy, twice), "odd_f16", 2, "lm_head.weight is not the words")
    logits_of(copy_of("odd_f16", copy, lambda table: table.update({head: table[words]})), "odd_f16")
    logits_of(copy_of("odd_f16", copy, lambda table: table.update({head: table.pop(words)})), "odd_f16")
    logits_of(copy_of("untied_bf16", copy, config={"tie_word_embeddings": True}), "untied_bf16", 1, "is not the words")
    logits_of(copy_of("untied_bf16", copy, lambda table: table.update({"transformer." + head: table.pop(head)})),
              "untied_bf16")
    logits_of(copy_of("odd_f16", copy, config={"tie_word_embeddings": False}), "odd_f16", 1,
              "there is no lm_head.weight")
    for prefix in ("module.", "_orig_mod.module."):
        def under(table):
            for name in list(table):
                table[prefix + name] = table.pop(name)
        refused(1, f"begin with `{prefix}`", "--model", copy_of("untied_bf16", copy, under), "The clock")


def configurations_as_transformers_takes_them(folder):
    copy = os.path.join(folder, "copy")
    with open(os.path.join(FIXTURES, "odd_f16", "config.json"), encoding="utf-8") as file:
        given = json.load(file)
    others = {"n_layer": "num_hidden_layers", "n_head": "num_attention_heads", "n_embd": "hidden_size",
              "n_positions": "max_position_embeddings"}
    config = {key: None for key in others} | {other: given[key] for key, other in others.items()}
    logits_of(copy_of("odd_f16", copy, config=config), "odd_f16")
    for curve in ("gelu_fast", "gelu_accurate", "gelu_python_tanh", "gelu_pytorch_tanh"):
        logits_of(copy_of("odd_f16", copy, config={"activation_function": curve}), "odd_f16")
    for config in ({"model_type": None}, {"model_type": None, "architectures": None}):
        logits_of(copy_of("odd_f16", copy, config=config), "odd_f16")
        done = gpt2("--model", copy, "The clock", name="17_bert")
        check(done.returncode == 1 and "a GPT-2 model" in done.stderr and "stage 18" in done.stderr, done)
    done = gpt2("--model", copy_of("odd_f16", copy, config={"n_layer": 1}), "--ids", "The clock")
    check(done.returncode == 0, done)
    done = gpt2("--model", copy, "--next", "The clock")
    check(done.returncode == 0 and "config.json says 1 layer, but the file has more" in done.stderr, done)
    copy_of("odd_f16", copy, config={"model_type": "llama"})
    refused(1, "stage 17 reads BERT, 18 GPT-2", "--model", copy, "The clock")


def figures(said):
    return {name: float(value) for name, value in re.findall(r"^(loss|perplexity) +([\d.]+)", said, re.M)}


def perplexity_is_that_of_the_same_windows(_):
    expected = load(os.path.join(STORY, "expected.safetensors"))
    with open(LAMP, encoding="utf-8") as file:
        held = file.read()[-300:]
    for context, stride, loss in expected["losses"].rows():
        said = answer("--model", STORY, "--perplexity", "--stride", int(stride), held)
        check(f"of {int(context)} tokens, one every {int(stride)}" in said, said)
        check(abs(figures(said)["loss"] - loss) < 2e-5, stride, said, loss)
        check(abs(figures(said)["perplexity"] - 2.718281828459045 ** loss) < 2e-4, said)
    halves = answer("--model", STORY, "--perplexity", held)         # the default stride is half of the context
    check(halves == answer("--model", STORY, "--perplexity", "--stride", 32, held), halves)
    check("tokens      300, of which 299 are predicted" in halves, halves)
    two = answer("--model", STORY, "--perplexity", "Th")
    check("tokens      2, of which 1 are predicted" in two and "windows     1 of" in two, two)
    refused(1, "one token", "--model", STORY, "--perplexity", "T")
    refused(2, "1 to 64", "--model", STORY, "--perplexity", "--stride", 65, "The lamp")


def perplexity_is_stage_15s_last_loss(folder):
    with open(LAMP, encoding="utf-8") as file:
        story = file.read()
    for tokens in ("char", "bpe"):
        out = os.path.join(folder, tokens)
        answer("--data", LAMP, "--tokens", tokens, "--vocabulary", 300, "--layers", 1, "--context", 32, "--steps", 20,
               "--sample", 0, "--terminal", "--out", out, name="15_training")
        with open(os.path.join(out, "loss.tsv"), encoding="ascii") as file:
            last = float(file.read().split()[-1])
        held = story[int(0.9 * len(story)):]
        said = answer("--model", out, "--perplexity", "--stride", 32, "-", stdin=held)
        check(abs(figures(said)["loss"] - last) < 2e-3, tokens, said, last)


def writing_is_what_the_same_draw_is_in_16(_):
    for rule in (["--temperature", 0], ["--temperature", 0.8, "--top-k", 5], ["--temperature", 1.5, "--top-p", 0.8]):
        written = answer("--model", TINY, "--write", 40, *rule, "the ")
        greedy = ["--greedy"] if rule[1] == 0 else rule
        check(written == answer("--model", TINY, "--print", "--tokens", 40, *greedy, "the ", name="16_sampling"), rule)
        check(written.startswith("the ") and len(written) == 45, written)
    check(answer("--model", TINY, "--write", 0, "the ") == "the \n", "nothing more is the text itself")
    a, b = (answer("--model", STORY, "--write", 60, "--seed", seed, "The ") for seed in (1, 2))
    check(a != b and a == answer("--model", STORY, "--write", 60, "--seed", 1, "The "), a, b)


def a_cut_character_is_not_printed(_):
    """Of byte pairs the last may be half a character: what is written is UTF-8 to the end."""
    for half in range(2):
        done = subprocess.run([os.path.join(BUILD, "18_gpt2"), "--model", os.path.join(FIXTURES, "bare_buffers"),
                               "--write", "0", "-"], input="The caf".encode() + b"\xc3\xa9"[:1 + half],
                              capture_output=True, check=False)
        check(done.stdout == ("The caf" + "\u00e9" * (half)).encode() + b"\n", done.stdout)


def the_table_of_next_tokens(_):
    expected = load(os.path.join(STORY, "expected.safetensors"))["0.logits"].rows()
    with open(os.path.join(STORY, "vocab.json"), encoding="utf-8") as file:
        letters = {id: letter for letter, id in json.load(file).items()}
    said = answer("--model", STORY, "--next", "--top-k", 3, texts("story")[0])
    rows = re.findall(r"^ *(\d+) \S +(\S) +(-?[\d.]+) ", said, re.M)
    check([int(row[0]) for row in rows] == list(range(len(expected))), rows)
    for (_, letter, logit), logits in zip(rows, expected):
        best = max(range(len(logits)), key=logits.__getitem__)
        check(letter in (letters[best], "\u2423", "\u23ce") and abs(float(logit) - logits[best]) < 2e-4, letter, logit)
    check("<- the text's own" in said and "told and common agree: max difference < 1e-5" in said, said)
    alone = answer("--model", STORY, "--terminal", "--top-k", 2, texts("story")[0])
    check(len(re.findall(r"^ *\d+ \S +\S +-?[\d.]+ ", alone, re.M)) == 1, alone)


def a_mask_in_every_layer_changes_the_text_and_one_on_heads_does_not(_):
    window = ["--mask", "sliding", "--window", 3]
    plain = answer("--model", STORY, "--perplexity", "--file", LAMP)
    near = answer("--model", STORY, "--perplexity", *window, "--mask-scope", "model", "--file", LAMP)
    check(figures(near)["loss"] > figures(plain)["loss"] + 0.1, plain, near)
    all_of_it = answer("--model", STORY, "--perplexity", "--mask", "sliding", "--window", 64, "--mask-scope", "model",
                       "--file", LAMP)
    check(figures(all_of_it) == figures(plain) and "mask        sliding" in all_of_it, plain, all_of_it)
    for more in (["--perplexity"], ["--write", 5], ["--next"], ["--time", 1, "--tokens", 3]):
        refused(2, "changes no prediction", "--model", STORY, *more, *window, "The lamp")


def the_clock(_):
    for more in ([], ["--tokens", 6]):
        said = answer("--model", STORY, "--time", 2, *more, "The lamp was lit")
        check(re.fullmatch(r"\d+\.\d+ \d+\.\d+ +[\d.]+ \w?tokens/s\n", said), said)
    refused(1, "model takes 64", "--model", STORY, "--time", 1, "--tokens", 60, "The lamp was lit")


def what_does_not_go_together(_):
    for words, more in (("is for --time", ["--tokens", 5]), ("is for --perplexity", ["--stride", 4]),
                        ("two answers", ["--next", "--perplexity"]), ("two answers", ["--write", 3, "--ids"]),
                        ("one text", ["--segments", "ab"]), ("two answers", ["--time", 2, "--perplexity"])):
        refused(2, words, "--model", STORY, *more, "The lamp")
    refused(1, "17_bert", "--model", os.path.join(ROOT, "tests", "fixtures", "models", "plain"), "a bird")
    refused(3, "no such model folder", "--model", "no/such/folder", "a bird")
    refused(1, "model takes 64", "--model", STORY, "The lamp " * 10)
    check(answer("--model", STORY, "--truncate", "--next", "The lamp " * 10), "a text that is cut")


def models_that_see_the_future_are_refused(folder):
    answer("--data", LAMP, "--objective", "masked", "--steps", 1, "--sample", 0, "--terminal", "--out", folder,
           name="15_training")
    refused(1, "learnt what comes next", "--model", folder, "The lamp")


def without_a_model_one_is_trained(folder):
    os.mkdir(os.path.join(folder, "data"))
    shutil.copy(LAMP, os.path.join(folder, "data"))
    first = gpt2("--terminal", cwd=folder)
    check(first.returncode == 0 and "training a small one on data/lamplighter.txt" in first.stderr, first.stderr)
    check("told and common agree" in first.stdout, first.stdout)
    again = gpt2("--terminal", cwd=folder)
    check(again.returncode == 0 and "training" not in again.stderr and again.stdout == first.stdout, again.stderr)
    words = answer("--write", 200, "--temperature", 0.5, "The ", cwd=folder).split()
    with open(LAMP, encoding="utf-8") as file:
        story = file.read()
    check(sum(word in story for word in words) > len(words) / 2, words)
    os.makedirs(os.path.join(folder, "out", "15_training"))
    for name in os.listdir(STORY):                                  # what stage 15 has left comes before it
        shutil.copy(os.path.join(STORY, name), os.path.join(folder, "out", "15_training"))
    check("out/15_training/model.safetensors" in answer("--terminal", cwd=folder), "another model was read")


if __name__ == "__main__":
    sys.exit(main([every_layout_is_transformers, perplexity_is_that_of_the_same_windows,
                   perplexity_is_stage_15s_last_loss, writing_is_what_the_same_draw_is_in_16,
                   a_cut_character_is_not_printed, the_table_of_next_tokens,
                   a_mask_in_every_layer_changes_the_text_and_one_on_heads_does_not, the_clock,
                   what_does_not_go_together, models_that_see_the_future_are_refused, without_a_model_one_is_trained,
                   heads_and_names_as_transformers_takes_them, configurations_as_transformers_takes_them]))
