"""Weights that are not numbers, and weights that were never trained: a model that loaded wrong must not look right."""
import array
import math

from program import check, civil, failed, MODELS, silent, succeeded, test, TEXT
from tensors import floats, load, make_model, read

BASE = "prefix_gamma_mlm"
TABLES = ("word_embeddings", "position_embeddings", "token_type_embeddings")
NAN, INFINITY = math.nan, math.inf


def damaged(box, name, at, value, base=BASE):
    """A model with one number of one tensor replaced."""
    def change(table):
        numbers = table[name].values()
        numbers[at] = value
        table[name] = floats(numbers, table[name].shape)
    return make_model(box, base=base, tensors=change)


def names():
    """The tensors that a forward pass reads in full: not the tables, the pooler, or the next-sentence head."""
    return [name for name in load(MODELS / BASE / "model.safetensors")
            if not any(part in name for part in TABLES + ("pooler.", "seq_relationship"))]


@test
def each_tensor_is_checked(box):
    for number, name in enumerate(names()):
        size = len(load(MODELS / BASE / "model.safetensors")[name].values())
        at, value = ((0, NAN), (size - 1, INFINITY), (size // 2, -INFINITY))[number % 3]
        model = damaged(box, name, at, value)
        failed(box.run("--model", model, TEXT, "--tsv", box.path("t")), 1, f"{name} has", f"element {at} ",
               "allow-nonfinite")
        run = box.run("--model", model, TEXT, "--tsv", box.path("t"), "--allow-nonfinite")
        civil(run)
        check(run.code in (0, 1) and any(f"{name} has" in line and "warning" in line for line in run.remarks), name,
              run)
        if run.code == 1:                               # the maps are no maps, whatever is allowed
            failed(run, 1, "sum to", "expected 1")
        else:
            (box.root / "t").unlink()


@test
def the_first_of_many_is_named(box):
    def change(table):
        for name in names()[::-1]:
            numbers = table[name].values()
            numbers[3] = NAN
            table[name] = floats(numbers, table[name].shape)
    model = make_model(box, base=BASE, tensors=change)
    said = {failed(box.run("--model", model, TEXT, "--threads", threads), 1, "element 3 ").error
            for threads in (1, 2, 1, 2)}
    check(len(said) == 1, "the message depends on chance:", said)


@test
def where_it_does_no_harm(box):
    """Damage behind the last map: with --allow-nonfinite the maps are there, and equal those of the sound model."""
    sound = silent(box.run("--model", MODELS / BASE, TEXT, "--tsv", "-")).out
    for name in ("bert.encoder.layer.1.output.dense.bias", "bert.encoder.layer.1.output.LayerNorm.gamma",
                 "cls.predictions.bias"):
        model = damaged(box, name, 5, NAN)
        run = succeeded(box.run("--model", model, TEXT, "--tsv", "-", "--allow-nonfinite"), name)
        check(run.out == sound and len(run.remarks) == 1, "the maps are other ones:", name)


@test
def where_it_ruins_the_maps(box):
    for name in ("bert.encoder.layer.0.attention.self.query.bias", "bert.encoder.layer.0.output.LayerNorm.beta",
                 "bert.embeddings.LayerNorm.gamma", "bert.encoder.layer.1.attention.self.key.weight"):
        layer = "layer 1" if "layer.1" in name or "output.L" in name else "layer 0"
        for mode in (("--tsv", box.path("t")), ("--export", box.path("e")), ("--mlm",), ("--terminal",), ()):
            failed(box.run("--model", damaged(box, name, 1, NAN), TEXT, "--allow-nonfinite", *mode), 1, layer, "sum to")


@test
def rows_that_are_used_and_rows_that_are_not(box):
    """Only the rows of the tables that the text needs are read: damage elsewhere is not seen, damage there is named."""
    model_ids = [int(word) for word in silent(box.run("--model", MODELS / "plain", "--ids", TEXT)).out.split()]
    unused, used, width = 60, 130, 24
    check(unused not in model_ids and used in model_ids, "the text has changed:", model_ids)
    sound = silent(box.run("--model", MODELS / "plain", TEXT, "--tsv", "-")).out
    for name, row_used, row_unused in (("embeddings.word_embeddings.weight", used, unused),
                                       ("embeddings.position_embeddings.weight", len(model_ids) - 1, len(model_ids)),
                                       ("embeddings.token_type_embeddings.weight", 0, 1)):
        model = damaged(box, name, row_unused * width + 7, NAN, "plain")
        check(silent(box.run("--model", model, TEXT, "--tsv", "-")).out == sound, name, "a row that is not used")
        model = damaged(box, name, row_used * width + 7, INFINITY, "plain")
        failed(box.run("--model", model, TEXT, "--tsv", box.path("t")), 1, f"{name} has inf",
               f"element {row_used * width + 7} ", "--allow-nonfinite")
        failed(box.run("--model", model, TEXT, "--tsv", box.path("t"), "--allow-nonfinite"), 1, "sum to")


@test
def the_decoder_reads_the_whole_table(box):
    """A tied decoder scores every word, so a bad row of the table is one of its weights, in the text or not."""
    name = "bert.embeddings.word_embeddings.weight"
    model = damaged(box, name, 60 * 24 + 7, NAN)
    for mode in (("--mlm",), ("--export", box.path("e"))):
        failed(box.run("--model", model, TEXT, *mode), 1, f"{name} has", f"element {60 * 24 + 7} ", "--allow-nonfinite",
               answered=mode == ("--mlm",))
    succeeded(box.run("--model", model, TEXT, "--allow-nonfinite", "--export", box.path("e")), name)
    logits = read(box.path("e"))["mlm_logits"].rows()
    check(all(math.isnan(row[60]) and sum(map(math.isnan, row)) == 1 for row in logits),
          "one column is NaN, the others are not")
    silent(box.run("--model", model, TEXT, "--tsv", "-"))               # which nobody asked for: not looked at
    decoder = damaged(box, "cls.predictions.decoder.weight", 9 * 24 + 2, NAN, "mlm_untied_tanh")
    failed(box.run("--model", decoder, TEXT, "--export", box.path("x")), 1, "cls.predictions.decoder.weight has",
           f"element {9 * 24 + 2} ")


@test
def half_precision_is_checked_too(box):
    for base, bits in (("f16", 0x7e00), ("f16", 0x7c00), ("bf16_mlm", 0x7fc0), ("bf16_mlm", 0xff80)):
        def change(table):
            name = next(name for name in table if name.endswith("layer.1.attention.self.value.weight"))
            data = bytearray(table[name].data)
            data[2:4] = bits.to_bytes(2, "little")
            table[name].data = bytes(data)
        model = make_model(box, base=base, tensors=change)
        failed(box.run("--model", model, TEXT, "--tsv", "-"), 1, "encoder.layer.1.attention.self.value.weight has",
               "element 1 ")
    def too_large(table):
        table["encoder.layer.0.output.dense.bias"].data = array.array("d", [1e300] * 24).tobytes()
    failed(box.run("--model", make_model(box, base="f64", tensors=too_large), TEXT), 1,
           "encoder.layer.0.output.dense.bias has inf")


@test
def finite_weights_that_overflow(box):
    """Each number is fine, their products are not: rows of NaN, or of nothing, never pass as a map."""
    def huge(table):
        for name in ("query", "key"):
            name = f"encoder.layer.0.attention.self.{name}.weight"
            table[name] = floats([3e38] * (24 * 24), [24, 24])
    failed(box.run("--model", make_model(box, tensors=huge), TEXT, "--tsv", box.path("t")), 1, "layer 0", "sum to")


@test
def saturated_heads_are_maps(box):
    """Scores of thousands: a softmax that subtracts the maximum gives 0 and 1, no overflow."""
    def large(table):
        for part in ("query", "key"):
            name = f"encoder.layer.0.attention.self.{part}.weight"
            table[name] = floats([30 * number for number in table[name].values()], [24, 24])
    silent(box.run("--model", make_model(box, tensors=large), TEXT, "--tsv", box.path("t")))
    lines = (box.root / "t").read_text().split("\n")[1:-1]
    check(any(float(line.split("\t")[4]) > 0.999 for line in lines if line.startswith("0\t")), "this should saturate")


def all_uniform(table):
    for name in table:
        if ".query." in name or ".key." in name:
            table[name] = floats([0.0] * len(table[name].values()), table[name].shape)


@test
def heads_that_are_all_uniform(box):
    model = make_model(box, tensors=all_uniform)
    for mode in (("--tsv", box.path("t")), ("--export", box.path("e")), ("--terminal",)):
        run = succeeded(box.run("--model", model, TEXT, *mode), "UNIFORM")
        check(sum("UNIFORM" in line for line in run.remarks) == 1, "once:", run)
    weights = read(box.path("e"))["attentions"].values()
    check(all(abs(weight - 1 / 13) < 1e-6 for weight in weights), "which they are")
    succeeded(box.run("--model", model, TEXT, "--mask", "causal", "--mask-scope", "model", "--tsv", "-"), "UNIFORM")


@test
def heads_that_are_not(box):
    """No warning for a sound model under any mask, one live head among dead ones, or a text too short to tell."""
    plain = MODELS / "plain"
    for mask in (("causal",), ("local", "--window", "1"), ("local", "--window", "0"), ("chunked", "--chunk", "1"),
                 ("sliding", "--window", "1")):
        silent(box.run("--model", plain, TEXT, "--tsv", "-", "--mask", *mask, "--mask-scope", "model"))
        silent(box.run("--model", plain, TEXT, "--tsv", "-", "--mask", *mask))
    silent(box.run("--model", plain, "", "--tsv", "-"))

    def one_alive(table):
        query, key = (f"encoder.layer.1.attention.self.{part}.weight" for part in ("query", "key"))
        alive = {name: table[name].values() for name in (query, key)}
        all_uniform(table)
        for name, numbers in alive.items():
            table[name] = floats(list(numbers[:8 * 24]) + [0.0] * (16 * 24), [24, 24])
    silent(box.run("--model", make_model(box, tensors=one_alive), TEXT, "--tsv", "-"))
    silent(box.run("--model", make_model(box, name="u", tensors=all_uniform), "", "--tsv", "-"))
