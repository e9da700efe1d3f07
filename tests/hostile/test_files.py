#!/usr/bin/env python3
"""--from and --export of 17, 18 and 19: what one program leaves another reads, and what a stranger left is judged.

    python3 tests/hostile/test_files.py [WORD...]     only the tests whose name holds one of the words
    BUILD=build/asan python3 tests/hostile/test_files.py

tests/fixtures/maps was exported by the Python of docs/any_model.md. Python's standard library only.
"""
import json
import math
import os
import subprocess
import sys

from training_files import BUILD, ROOT, check, main

from tensors import Tensor, floats, load, write

MAPS = os.path.join(ROOT, "tests", "fixtures", "maps")
BERT, ONLY = os.path.join(MAPS, "bert.safetensors"), os.path.join(MAPS, "only.safetensors")
PLAIN = os.path.join(ROOT, "tests", "fixtures", "models", "plain")
TEXT = "the old clock struck nine, and a bird sang."


def run(*more, program="17_bert"):
    return subprocess.run([os.path.join(BUILD, program), *map(str, more)], capture_output=True, text=True,
                          errors="replace", timeout=300, check=False, cwd=ROOT)


def answer(*more, **others):
    done = run(*more, **others)
    check(done.returncode == 0, more, done.stderr)
    return done


def refused(code, words, *more, **others):
    done = run(*more, **others)
    check(done.returncode == code and words in done.stderr and not done.stdout, words, more, done)
    check(done.stderr.count("\n") == 1 and ": error: " in done.stderr, more, done.stderr)


def metadata(path):
    data = open(path, "rb").read()
    return json.loads(data[8:8 + int.from_bytes(data[:8], "little")]).get("__metadata__", {})


def apart(a, b):
    check(a.shape == b.shape, a.shape, b.shape)
    return max(abs(x - y) for x, y in zip(a.values(), b.values()))


def uniform(layers=1, heads=2, n=3):
    return floats([1 / n] * (layers * heads * n * n), [layers, heads, n, n])


def tokens(*names):
    return {"tokens": json.dumps(names)}


ABC = tokens("a", "b", "c")


# ---- 1. what one program leaves, another reads ----

def a_file_comes_back_bit_for_bit(folder):
    first, again = os.path.join(folder, "first"), os.path.join(folder, "again")
    gpt2 = os.path.join(ROOT, "tests", "fixtures", "gpt2")
    asks = [("17_bert", "--model", PLAIN, "--pair", "a bird sang.", TEXT),
            ("17_bert", "--model", PLAIN, "--mask", "global-local", "--window", "2", "--global-at", "3", TEXT),
            ("17_bert", "--model", PLAIN, "--mask", "sliding", "--mask-scope", "model", TEXT),
            ("18_gpt2", "--model", os.path.join(gpt2, "story"), "the old man\nlit the lamp")]
    for program, *ask in asks:
        answer(*ask, "--export", first, program=program)
        answer("--from", first, "--export", again, program=program)
        a, b = load(first), load(again)
        check(set(a) - set(b) <= {"logits"}, set(a) - set(b))
        for name, tensor in b.items():
            check(tensor.shape == a[name].shape and tensor.data == a[name].data, ask, name)
        check({"q", "k", "v", "attentions", "hidden_states"} <= set(b), set(b))
        check(metadata(first) == metadata(again) and set(metadata(first)) == {"tokens", "heads", "mask", "scale"})


def positions_that_add_numbers_to_scores_travel(folder):
    first, again = os.path.join(folder, "first"), os.path.join(folder, "again")
    tiny = os.path.join(folder, "tiny")
    for scheme in ("alibi", "rope"):
        answer("--out", tiny, "--steps", "3", "--layers", "1", "--width", "8", "--heads", "2", "--context", "16",
               "--positions", scheme, "--file", os.path.join(ROOT, "data", "lamplighter.txt"), program="15_training")
        answer("--model", tiny, "--export", first, "the old man", program="18_gpt2")
        done = answer("--from", first, "--export", again, program="18_gpt2")
        check("warning" not in done.stderr, scheme, "q and k must give the weights", done.stderr)
        a, b = load(first), load(again)
        check(("bias" in a) == (scheme != "rope"), scheme, set(a))
        check(all(b[name].data == a[name].data for name in b), scheme)


def the_python_of_the_page_is_what_we_export(folder):
    ours, theirs = os.path.join(folder, "ours"), load(BERT)
    answer("--model", PLAIN, "--export", ours, TEXT)
    mine = load(ours)
    for name in ("attentions", "hidden_states", "q", "k", "v"):
        check(apart(mine[name], theirs[name]) < 1e-4, name, apart(mine[name], theirs[name]))
    check(json.loads(metadata(ours)["tokens"]) == json.loads(metadata(BERT)["tokens"]), metadata(ours))


def a_mask_on_finished_weights_is_that_of_numpy(folder):
    expected, out = load(os.path.join(MAPS, "masked.safetensors")), os.path.join(folder, "out")
    for source in (BERT, ONLY):
        for name, ask in (("causal", ["--mask", "causal"]), ("window2", ["--mask", "local", "--window", "1"])):
            done = answer("--from", source, *ask, "--export", out)
            check(not done.stderr, done.stderr)
            difference = apart(load(out)["attentions"], expected[name])
            check(difference < 2e-6, source, name, difference)


def measures_of_a_file_are_those_of_its_model(folder):
    tables = []
    for source in (["--model", PLAIN, TEXT], ["--from", ONLY]):
        answer(*source, "--tsv", os.path.join(folder, "tsv"), program="19_heads")
        with open(os.path.join(folder, "tsv"), encoding="utf-8") as file:
            tables.append([line.split("\t") for line in file])
    check(tables[0][0] == tables[1][0] and len(tables[0]) == len(tables[1]) == 7, tables)
    worst = max(abs(float(a) - float(b)) for x, y in zip(*tables) if x[0] != "layer" for a, b in zip(x, y))
    check(worst < 1e-4, worst)
    check("file    2 layers x 3 heads" in answer("--from", ONLY, program="19_heads").stdout)
    refused(1, "--why works on a model's whole pass", "--from", ONLY, "--layer", "0", "--head", "0", "--why", "1,2",
            program="19_heads")


def the_same_pictures_come_out_of_it(folder):
    file = os.path.join(folder, "maps")
    for view in ("heat", "lines", "flow", "neuron"):
        shown = []
        for source in (["--model", PLAIN, TEXT], ["--from", file]):
            answer("--model", PLAIN, "--export", file, TEXT)
            out = os.path.join(folder, f"{view}{len(shown)}")
            answer(*source, "--out", out, "--view", view, "--layer", "1", "--head", "2")
            shown.append({name: open(os.path.join(out, name), "rb").read()
                          for name in sorted(os.listdir(out)) if name.endswith(".dat")})
        check(shown[0] and shown[0] == shown[1], view, [list(s) for s in shown])


# ---- 2. tokens as strangers spell them ----

def tokens_of_other_vocabularies_are_readable(folder):
    file = os.path.join(folder, "f")
    for spelled, shown in ((["The", "Ġold", "Ċ"], "The  old ⏎"), (["▁The", "▁old", "<0x0A>"], " The  old <0x0A>"),
                           (["[CLS]", "Ġgantija", "##a"], "[CLS] Ġgantija ##a")):
        write(file, {"attentions": uniform()}, tokens(*spelled))
        said = answer("--from", file, "--out", folder).stdout
        check(f"tokens  3: {shown}\n" in said, shown, said)
    write(file, {"attentions": uniform()}, tokens("<s>", "Ġold", "</s>"))
    answer("--from", file, "--out", folder, "--token", "old")
    answer("--from", file, "--out", folder, "--no-special", "--layer", "0", "--head", "0")
    with open(os.path.join(folder, "layer0_head0.gp"), encoding="utf-8") as script:
        drawn = script.read()
    check(" old" in drawn and "<s>" not in drawn.split("special tokens hidden")[1], drawn)


def a_decoder_that_says_nothing_counts_as_causal(folder):
    file = os.path.join(folder, "f")
    lower = floats([1, 0, 0, .5, .5, 0, .25, .25, .5], [1, 1, 3, 3])
    write(file, {"attentions": lower}, ABC)
    check("taken as causal" in answer("--from", file, "--out", folder).stderr)
    write(file, {"attentions": lower}, {**ABC, "mask": "none"})
    check(not answer("--from", file, "--out", folder).stderr)
    write(file, {"attentions": lower}, {**ABC, "mask": '{"window": 2}'})
    refused(1, "token 2 looks at token 0", "--from", file, "--out", folder)
    write(file, {"attentions": lower}, {**ABC, "mask": '{"causal": true, "window": 3}'})
    check("grows" not in answer("--from", file, "--mask", "local", "--window", "3", "--out", folder).stderr)
    write(file, {"attentions": floats([1, 0, 0, .5, .5, 0, 0, .5, .5], [1, 1, 3, 3])},
          {**ABC, "mask": '{"causal": true, "window": 2}'})
    check("stays 0" in answer("--from", file, "--mask", "causal", "--out", folder).stderr)


def the_beginning_of_a_gpts_text_is_special(folder):
    model = os.path.join(ROOT, "tests", "fixtures", "gpt2", "odd_f16")
    for more, shown in (([], True), (["--no-special"], False)):
        answer("--model", model, "--layer", "0", "--head", "1", "--out", folder, *more, "<|endoftext|>The old clock",
               program="18_gpt2")
        with open(os.path.join(folder, "layer0_head1.gp"), encoding="utf-8") as script:
            labels = [line for line in script if line.startswith("set ytics")]
        check(labels and ("endoftext" in "".join(labels)) == shown, more, labels)


# ---- 3. what does not hold together ----

def what_is_missing_is_said(folder):
    refused(1, "q and k, which", "--from", ONLY, "--view", "neuron")
    refused(1, "--anatomy works on a model's whole pass", "--from", BERT, "--anatomy")
    for program in ("17_bert", "18_gpt2"):
        for more, words in ((["TEXT"], "TEXT is for a model"), (["--time", "3"], "--time does nothing beside --from"),
                            (["--ids"], "--ids does nothing beside --from"),
                            (["--pair", "x"], "--pair does nothing beside --from"),
                            (["--mask", "causal", "--mask-scope", "model"], "needs a model")):
            if program == "17_bert" or more[0] != "--pair":
                refused(2, words, "--from", BERT, *more, program=program)
    for more in (["--mlm"], ["--meaning", "bank"]):
        refused(2, f"{more[0]} does nothing beside --from", "--from", BERT, *more)
    for more in (["--next"], ["--write", "3"], ["--perplexity"]):
        refused(2, f"{more[0]} does nothing beside --from", "--from", BERT, *more, program="18_gpt2")
    refused(3, "No such file", "--from", os.path.join(folder, "nothing"))


def rows_that_are_no_shares_are_shown_and_named(folder):
    maps = floats([.5, .2, .1, .3, .3, .4, 1, 1, 0], [1, 1, 3, 3])
    file = write(os.path.join(folder, "f"), {"attentions": maps}, ABC)
    said = answer("--from", file, "--out", folder).stderr
    check("2 of 3 rows do not sum to 1 (layer 0 head 0 token 2: 2)" in said and said.count("\n") == 1, said)


def queries_of_another_pass_are_left_aside(folder):
    tensors = load(BERT)
    tensors["q"] = floats([2 * x for x in tensors["q"].values()], tensors["q"].shape)
    file = write(os.path.join(folder, "f"), tensors, metadata(BERT))
    said = answer("--from", file, "--mask", "causal", "--export", os.path.join(folder, "out"))
    check("q and k give other weights" in said.stderr and said.stderr.count("\n") == 1, said.stderr)
    expected = load(os.path.join(MAPS, "masked.safetensors"))["causal"]
    got = load(os.path.join(folder, "out"))
    check("q" not in got and apart(got["attentions"], expected) < 2e-6, set(got))
    scale = {**metadata(BERT), "scale": str(.5 / math.sqrt(tensors["q"].shape[2] / tensors["attentions"].shape[1]))}
    check(not answer("--from", write(file, tensors, scale), "--export", os.path.join(folder, "out")).stderr)


def damage(good, n):
    """(what is said, tensors, metadata) of files that a careful reader refuses."""
    huge = {"dtype": "F32", "shape": [0, 1 << 40, 1 << 20, 1 << 20], "data_offsets": [0, 0]}
    yield "no tensor \"attentions\"", {"q": good["q"]}, ABC
    yield "has shape [2, 9]", {"attentions": floats([.5] * 18, [2, 9])}, ABC
    yield "has shape [0, 2, 3, 3]", {"attentions": floats([], [0, 2, 3, 3])}, ABC
    yield "2 heads of 3 x 4", {"attentions": floats([.25] * 24, [1, 2, 3, 4])}, ABC
    yield "has shape [0, 1099511627776", {"attentions": Tensor("F32", huge["shape"], b"")}, ABC
    yield "is nan (expected finite", {"attentions": floats([math.nan] * 9, [1, 1, 3, 3])}, ABC
    yield "is inf (expected finite", {"attentions": floats([math.inf] * 9, [1, 1, 3, 3])}, ABC
    yield "is -1 (expected 0 or more)", {"attentions": floats([-1, 1, 1] * 3, [1, 1, 3, 3])}, ABC
    yield "has type I64 (expected F32", {"attentions": Tensor("I64", [1, 1, 1, 1], bytes(8))}, tokens("a")
    yield "no tokens in __metadata__", good, None
    yield "no tokens in __metadata__", good, {"format": "pt"}
    yield "a list of 2, but", good, tokens("a", "b")
    yield "no list, but a value", good, {"tokens": '{"a": 1}'}
    yield "tokens in __metadata__ is no JSON", good, {"tokens": '["a", "b"'}
    yield "tokens in __metadata__ is no JSON", good, {"tokens": "1, 2"}
    yield "tokens[1] in __metadata__ is no text", good, {"tokens": '["a", 7, "c"]'}
    yield "heads in __metadata__ is not the 2", good, {**ABC, "heads": "3"}
    yield "heads in __metadata__ is not the 2", good, {**ABC, "heads": "2.0"}
    for scale in ("0", "-1", "\"x\"", "1e300", "[1]"):
        yield "scale in __metadata__ is no number above 0", good, {**ABC, "scale": scale}
    for mask in ("[]", "7"):
        yield "mask in __metadata__ is no mask", good, {**ABC, "mask": mask}
    yield "mask in __metadata__ is no JSON", good, {**ABC, "mask": "everything"}
    yield "window is -1", good, {**ABC, "mask": '{"window": -1}'}
    yield "picture has 1 lines", good, {**ABC, "mask": '{"picture": ["###"]}'}
    yield "\"q\" without \"k\"", {**good, "k": None}, ABC
    yield "tensor \"v\" has shape [1, 3, 6]", {**good, "v": floats([0] * 18, [1, 3, 6])}, ABC
    yield "tensor \"q\" has shape [2, 3, 4]", {**good, "q": floats([0] * 24, [2, 3, 4])}, ABC
    yield "3 columns (expected a multiple of the 2 heads)", {**good, "q": floats([0] * 9, [1, 3, 3])}, ABC
    yield "tensor \"q\": number 5 is nan", {**good, "q": floats([0] * 5 + [math.nan] + [0] * 6, [1, 3, 4])}, ABC
    yield "\"bias\" has shape [2, 4]", {**good, "bias": floats([0] * 8, [2, 4])}, ABC
    yield "\"hidden_states\" has shape [1, 3, 4]", {**good, "hidden_states": floats([0] * 12, [1, 3, 4])}, ABC
    yield "\"input_ids\" has shape [2]", {**good, "input_ids": Tensor("I64", [2], bytes(16))}, ABC
    yield "is of type F32 (expected I64)", {**good, "input_ids": floats([0] * n)}, ABC
    yield "number 0 is not from 0", {**good, "input_ids": Tensor("I64", [3], b"\xff" * 24)}, ABC
    yield "segment 2", {**good, "token_type_ids": Tensor("I64", [3], (b"\2" + bytes(7)) * 3)}, ABC


def every_wrong_file_is_one_line(folder):
    good = {"attentions": uniform(), "q": floats([0] * 12, [1, 3, 4]), "k": floats([0] * 12, [1, 3, 4]),
            "v": floats([0] * 12, [1, 3, 4])}
    file = os.path.join(folder, "f")
    write(file, good, ABC)
    answer("--from", file, "--out", folder)
    for words, tensors, notes in damage(good, 3):
        write(file, {name: tensor for name, tensor in tensors.items() if tensor}, notes)
        for program in ("17_bert", "18_gpt2"):
            refused(1, words, "--from", file, "--out", folder, program=program)


def a_cut_file_and_one_of_another_kind(folder):
    file, data = os.path.join(folder, "f"), open(BERT, "rb").read()
    for size in (0, 7, 100, len(data) - 1):
        with open(file, "wb") as out:
            out.write(data[:size])
        refused(1, file, "--from", file)
    refused(1, "no tensor \"attentions\"", "--from", os.path.join(PLAIN, "model.safetensors"))


def one_token_alone(folder):
    file = write(os.path.join(folder, "f"), {"attentions": floats([1], [1, 1, 1, 1])}, tokens(""))
    for view in ("heat", "lines", "flow"):
        answer("--from", file, "--out", folder, "--view", view)


if __name__ == "__main__":
    sys.exit(main([a_file_comes_back_bit_for_bit, positions_that_add_numbers_to_scores_travel,
                   the_python_of_the_page_is_what_we_export, a_mask_on_finished_weights_is_that_of_numpy,
                   measures_of_a_file_are_those_of_its_model, the_same_pictures_come_out_of_it,
                   tokens_of_other_vocabularies_are_readable,
                   the_beginning_of_a_gpts_text_is_special, a_decoder_that_says_nothing_counts_as_causal,
                   what_is_missing_is_said, rows_that_are_no_shares_are_shown_and_named,
                   queries_of_another_pass_are_left_aside, every_wrong_file_is_one_line,
                   a_cut_file_and_one_of_another_kind, one_token_alone]))
