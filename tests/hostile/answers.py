"""What other people's scripts rely on: --ids, --export, --tsv, --mlm, against values computed by other programs."""
import json
import math
import pathlib
import re

from program import check, failed, MODELS, needs_minilm, PLAIN, REPO, silent, succeeded, test, TEXT
from reference import flat, Model
from tensors import cases, largest_difference, load, make_model, read

FOLDERS = sorted(path.name for path in MODELS.iterdir() if (path / "cases.tsv").exists())
TOLERANCE = 1e-4


def sentence(text, pair):
    return [text] if pair is None else [text, "--pair", pair]


def compare(got, expected, number, what):
    """All that the fixture holds of case `number`; returns the names compared."""
    names = [name for name in expected if name.startswith(f"{number}.")]
    for name in names:
        short = name.split(".", 1)[1]
        check(short in got, f"{what}: {short} is not exported")
        mine, theirs = got[short], expected[name]
        check((mine.dtype, mine.shape) == (theirs.dtype, theirs.shape), f"{what}: {short} is {mine.dtype} {mine.shape}")
        if mine.dtype == "I64":
            check(mine.data == theirs.data, f"{what}: {short} differs")
        else:
            apart = largest_difference(mine.values(), theirs.values())
            check(apart <= TOLERANCE, f"{what}: {short} is {apart} off")
    return names


@test
def every_fixture(box):
    check(len(FOLDERS) >= 14, "models are missing:", FOLDERS)
    for folder in FOLDERS:
        expected = load(MODELS / folder / "expected.safetensors")
        config = json.loads((MODELS / folder / "config.json").read_text())
        compared = []
        for number, (text, pair) in enumerate(cases(MODELS / folder)):
            out = box.path("trace.safetensors")
            run = silent(box.run("--model", MODELS / folder, "--export", out, *sentence(text, pair)))
            check(not run.out, "--export prints nothing:", run)
            got = read(out)
            compared += compare(got, expected, number, f"{folder}, case {number}")
            n = len(got["input_ids"].values())
            layers, heads = config["num_hidden_layers"], config["num_attention_heads"]
            shapes = {"input_ids": [n], "token_type_ids": [n], "hidden_states": [layers + 1, n, config["hidden_size"]],
                      "attentions": [layers, heads, n, n],
                      **{part: [layers, n, config["hidden_size"]] for part in "qkv"}}
            if f"{number}.mlm_logits" in expected:
                shapes["mlm_logits"] = [n, config["vocab_size"]]
            check({name: tensor.shape for name, tensor in got.items()} == shapes,
                  f"{folder}: names and shapes are not exact")
            ids = silent(box.run("--model", MODELS / folder, "--ids", *sentence(text, pair)))
            check([int(word) for word in ids.out.split()] == list(expected[f"{number}.input_ids"].values()),
                  f"{folder}: --ids", ids)
            check(ids.out.count(b"\n") == 1 and ids.out.endswith(b"\n"), "--ids is one line")
        check(sorted(compared) == sorted(expected), f"{folder}: never compared:", set(expected) - set(compared))


@test
def minilm_in_full(box):
    model, folder = needs_minilm(), REPO / "tests" / "fixtures" / "minilm"
    expected = load(folder / "full.safetensors")
    for number, (text, pair) in enumerate(cases(folder)[:3]):
        out = box.path("trace.safetensors")
        silent(box.run("--model", model, "--export", out, *sentence(text, pair)))
        check(compare(read(out), expected, number, f"case {number}"), f"the fixture has no case {number}")


@test
def minilm_sampled(box):
    """Pairs, accents, CJK, emoji, quotes, a literal [MASK], one word, 200 words."""
    model, folder = needs_minilm(), REPO / "tests" / "fixtures" / "minilm"
    expected = load(folder / "sampled.safetensors")
    seen = 0
    for number, (text, pair) in enumerate(cases(folder)):
        if f"{number}.hidden_at" not in expected:
            continue
        out = box.path("trace.safetensors")
        silent(box.run("--model", model, "--export", out, *sentence(text, pair)), seconds=4)
        got, seen = read(out), seen + 1
        check(got["input_ids"].data == expected[f"{number}.input_ids"].data, f"case {number}: other ids")
        for short, name in (("hidden", "hidden_states"), ("attention", "attentions")):
            at, numbers = expected[f"{number}.{short}_at"].values(), got[name].values()
            apart = largest_difference([numbers[i] for i in at], expected[f"{number}.{short}"].values())
            check(apart <= TOLERANCE, f"case {number}: {name} is {apart} off")
    check(seen >= 8, f"only {seen} cases in the fixture")


@test
def the_oracle_of_these_tests(box):
    """The Python model, which judges masks below, agrees with the fixtures."""
    for folder in ("plain", "odd_geometry", "eps_1e-5"):
        expected, model = load(MODELS / folder / "expected.safetensors"), Model(MODELS / folder)
        hidden, maps = model.forward(expected["1.input_ids"].values(), expected["1.token_type_ids"].values())
        check(largest_difference(flat(hidden), expected["1.hidden_states"].values()) < 2e-5, folder)
        check(largest_difference(flat(maps), expected["1.attentions"].values()) < 2e-5, folder)


@test
def the_same_bytes_every_time(box):
    for model in (PLAIN, MODELS / "odd_geometry", MODELS / "mlm_untied_tanh", MODELS / "f16"):
        seen = set()
        for number, threads in enumerate(("1", "2", "1", "2", "3", "7")):
            silent(box.run("--model", model, "--threads", threads, "--export", box.path(f"{number}"), TEXT))
            seen.add((box.root / f"{number}").read_bytes())
        check(len(seen) == 1, f"{model}: {len(seen)} different files")
    silent(box.run("--model", PLAIN, "--export", box.path("default"), TEXT))
    silent(box.run("--model", PLAIN, "--export", box.path("seed"), "--seed", "99", TEXT))
    check((box.root / "default").read_bytes() == (box.root / "seed").read_bytes(), "nothing here is random")


@test
def minilm_with_any_number_of_threads(box):
    model = needs_minilm()
    for text in ("The river bank was steep.", "word " * 100):
        for threads in "12":
            silent(box.run("--model", model, "--threads", threads, "--export", box.path(threads), text))
        check((box.root / "1").read_bytes() == (box.root / "2").read_bytes(), "other bytes with two threads")


def table(run_or_path):
    """{(layer, head): [[weight]]} in the order of the file; asserts its form."""
    text = run_or_path.out.decode() if hasattr(run_or_path, "out") else pathlib.Path(run_or_path).read_text()
    lines = text.split("\n")
    check(lines[0] == "layer\thead\tfrom\tto\tweight" and lines[-1] == "", "header or end:", lines[0])
    maps = {}
    for line in lines[1:-1]:
        layer, head, query, key, weight = line.split("\t")
        rows = maps.setdefault((int(layer), int(head)), [])
        if int(key) == 0:
            rows.append([])
        check(int(query) == len(rows) - 1 and int(key) == len(rows[-1]), "out of order:", line)
        rows[-1].append(float(weight))
    return maps


@test
def tsv_is_the_export_in_words(box):
    for folder, more in (("plain", ["--pair", "was it a bank?"]), ("odd_geometry", []), ("one_head", []),
                         ("plain", ["--mask", "causal"])):
        run = silent(box.run("--model", MODELS / folder, "--tsv", box.path("t"), "--export", box.path("e"), TEXT,
                             *more))
        check(not run.out, "files, and nothing on stdout:", run)
        maps, exported = table(box.path("t")), read(box.path("e"))["attentions"]
        layers, heads, n, _ = exported.shape
        check(list(maps) == [(layer, head) for layer in range(layers) for head in range(heads)], "layers and heads:",
              list(maps))
        check(all(len(rows) == n and all(len(row) == n for row in rows) for rows in maps.values()), "not n x n")
        check(largest_difference(flat(list(maps.values())), exported.values()) < 1e-6, "other weights")
        check(all(abs(sum(row) - 1) < 1e-5 for rows in maps.values() for row in rows), "a row does not sum to 1")
        piped = silent(box.run("--model", MODELS / folder, "--tsv", "-", TEXT, *more))
        check(piped.out == (box.root / "t").read_bytes(), "- is standard output, with nothing else on it")
        piped = silent(box.run("--model", MODELS / folder, "--export", "-", TEXT, *more))
        check(piped.out == (box.root / "e").read_bytes() and not piped.new_files(), "- is standard output for --export")


@test
def tsv_of_some_heads(box):
    everything = table(silent(box.run("--model", MODELS / "odd_geometry", "--tsv", "-", TEXT)))
    for layers, heads, expected in (("1", None, [(1, h) for h in range(5)]), (None, "4", [(0, 4), (1, 4), (2, 4)]),
                                    ("2", "3", [(2, 3)]), ("0,2", "1-3", [(l, h) for l in (0, 2) for h in (1, 2, 3)]),
                                    ("2,0", "4,0", [(2, 4), (2, 0), (0, 4), (0, 0)]), ("0-2", "0-4", list(everything)),
                                    ("1,1,1", "2-2", [(1, 2)]),
                                    ("0,0-1", "3,2-4", [(0, 3), (0, 2), (0, 4), (1, 3), (1, 2), (1, 4)])):
        options = (["--layer", layers] if layers else []) + (["--head", heads] if heads else [])
        some = table(silent(box.run("--model", MODELS / "odd_geometry", "--tsv", "-", TEXT, *options)))
        check(list(some) == expected, options, list(some))
        check(all(some[key] == everything[key] for key in some), options, "other weights")


@test
def guesses(box):
    """--mlm prints the five largest logits of every place, which --export has too."""
    model = MODELS / "mlm_untied_tanh"
    words = (model / "vocab.txt").read_text(encoding="utf-8").split("\n")
    run = silent(box.run("--model", model, "--mlm", "she sat on the [MASK] of the river"))
    silent(box.run("--model", model, "--export", box.path("e"), "she sat on the [MASK] of the river"))
    exported = read(box.path("e"))
    lines = run.out.decode().split("\n")
    start = next(i for i, line in enumerate(lines) if line.split()[:3] == ["at", "token", "likeliest"]) + 1
    for place, (row, token) in enumerate(zip(exported["mlm_logits"].rows(), exported["input_ids"].values())):
        best = sorted(range(len(row)), key=lambda i: -row[i])[:5]
        total = sum(map(math.exp, row))
        for rank, index in enumerate(best):
            fields = lines[start + 6 * place + rank].split()
            if rank == 0:
                check(fields[:2] == [str(place), words[token]], fields)
                check(("masked" in fields) == (words[token] == "[MASK]"), "which one is masked?", fields)
                fields = fields[2:]
            check(fields[0] == words[index] and abs(float(fields[1]) - row[index]) < 1e-3, place, rank, fields,
                  words[index], row[index])
            check(math.isclose(float(fields[2]), math.exp(row[index]), rel_tol=1e-3), "exp:", fields)
            check(abs(float(fields[3]) - math.exp(row[index]) / total) < 1e-3, "probability:", fields)
        check(math.isclose(float(lines[start + 6 * place + 5].split()[0]), total, rel_tol=1e-3), "the sum:",
              lines[start + 6 * place + 5])
    check(not run.new_files(), "--mlm drew something")


@test
def no_guesses_without_a_head(box):
    run = succeeded(box.run("--model", PLAIN, "--mlm", TEXT))
    check(b"no masked-language-model head" in run.out and b"likeliest" not in run.out, run)
    silent(box.run("--model", PLAIN, "--export", box.path("e"), TEXT))
    check("mlm_logits" not in read(box.path("e")), "logits of a head that is not there")


@test
def the_model_card(box):
    run = silent(box.run("--model", MODELS / "prefix_gamma_mlm", "--terminal", "--pair", "it was", TEXT))
    text = run.out.decode()
    parameters = sum(len(t.values())
                     for t in load(MODELS / "prefix_gamma_mlm" / "model.safetensors").values() if t.dtype == "F32")
    check(f"2 layers x 3 heads, width 24, {parameters:,} parameters" in text and "model.safetensors" in text, run)
    check("[CLS] the old clock struck nine , and a bird sang . [SEP] it was [SEP]" in text, "the tokens:", run)
    check("2 110 129 130 131 132 17 117 58 133 134 19 3" in text and "A A A" in text and "B B B" in text,
          "ids and segments:", run)
    check("told and common agree: max difference < 1e-5\n" in text, "the proof:", run)


@test
def the_proof_runs_in_the_lesson_only(box):
    for mode in (("--ids",), ("--export", box.path("e")), ("--tsv", "-"), ("--time", "1")):
        check(b"agree" not in silent(box.run("--model", PLAIN, *mode, TEXT)).out, mode)
    for folder in FOLDERS:                              # every number type, activation, geometry
        for more in ((), ("--mask", "local", "--window", "1", "--mask-scope", "model")):
            run = silent(box.run("--model", MODELS / folder, "--terminal", "the old clock struck nine", *more))
            allowed = rb"1e-5\n" if folder != "loud" else rb"\d\.\de-04, as scores reach 1\d{3}\n"
            check(re.search(b"told and common agree: max difference < " + allowed, run.out), folder, run)


@test
def weights_that_change_the_answer(box):
    """The export follows the file: one weight changed by hand moves the numbers, and by what the oracle says."""
    def change(tensors):
        name = "encoder.layer.1.attention.self.key.weight"
        numbers = tensors[name].values()
        numbers[24 * 9 + 3] += 4.0
        tensors[name].data = numbers.tobytes()
    model = make_model(box, tensors=change)
    silent(box.run("--model", model, "--export", box.path("e"), TEXT))
    got = read(box.path("e"))
    hidden, maps = Model(model).forward(got["input_ids"].values(), got["token_type_ids"].values())
    check(largest_difference(flat(maps), got["attentions"].values()) < 2e-5, "maps")
    check(largest_difference(flat(hidden), got["hidden_states"].values()) < 1e-4, "hidden states")
    _, before = Model(PLAIN).forward(got["input_ids"].values(), got["token_type_ids"].values())
    check(largest_difference(flat(maps), flat(before)) > 0.01, "the change should matter")
    failed(box.run("--model", model, "--export", box.folder("folder"), TEXT), 3, "Is a directory")
