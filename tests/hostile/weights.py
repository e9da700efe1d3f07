"""model.safetensors as a whole: not there, another format, torn, bytes flipped, tensors missing or of another shape."""
import os
import pathlib
import random
import time

from program import check, civil, failed, MODELS, PLAIN, silent, succeeded, test, TEXT
from tensors import floats, header_of, largest_difference, load, make_model, pack, Tensor

WEIGHTS = (MODELS / "plain" / "model.safetensors").read_bytes()


def refused(box, weights, *words, **limits):
    model = make_model(box, weights=weights)
    return failed(box.run("--model", model, TEXT, "--export", box.path("e")), 1, "model.safetensors", *words, **limits)


@test
def weights_that_are_not_a_file(box):
    model = make_model(box, without=["model.safetensors"])
    failed(box.run("--model", model, TEXT), 3, "no model.safetensors here", "Try:")
    box.folder("model/model.safetensors")
    failed(box.run("--model", model, TEXT), 3, "model.safetensors", "Is a directory")
    os.rmdir(model + "/model.safetensors")
    os.symlink("/dev/zero", model + "/model.safetensors")
    failed(box.run("--model", model, TEXT), 3, "model.safetensors")
    os.remove(model + "/model.safetensors")
    os.symlink("/dev/null", model + "/model.safetensors")
    failed(box.run("--model", model, TEXT), 3, "model.safetensors")
    os.remove(model + "/model.safetensors")
    pathlib.Path(model, "model.safetensors").write_bytes(WEIGHTS)
    os.chmod(model + "/model.safetensors", 0)
    if not os.access(model + "/model.safetensors", os.R_OK):
        failed(box.run("--model", model, TEXT), 3, "model.safetensors", "Permission denied")


@test
def other_formats_by_name(box):
    refused(box, b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 90868376\n", "LFS",
            "git lfs pull")
    for page in (b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>\n" * 20, b"<html>gone</html>",
                 b"\n\n  <!doctype HTML><p>Sorry", b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"):
        refused(box, page, "web page", "Try:")
    for pickle in (b"\x80\x02}q\x00(X\x01\x00\x00\x00aq\x01K\x01u.",
                   b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00}\x94.", b"PK\x03\x04" + bytes(400)):
        refused(box, pickle, "pickle", "save_file")
    refused(box, b"GGUF\x03\x00\x00\x00" + bytes(100), "GGUF")
    refused(box, b'{"metadata": {"total_size": 1}, "weight_map": {"a": "model-00001-of-00002.safetensors"}}',
            "several files")
    refused(box, b"\x89HDF\r\n\x1a\n" + bytes(100), "HDF5")
    refused(box, b"Entry not found", "Entry not found")
    refused(box, b"\x1f\x8b\x08" + bytes(100), "gzip")


@test
def other_files_in_the_folder(box):
    for name, words in (("pytorch_model.bin", ("pickle", "save_file")), ("model.safetensors.index.json",
                                                                         ("several files",)),
                        ("tf_model.h5", ("TensorFlow",)), ("pytorch_model.bin.index.json", ("several",))):
        model = make_model(box, name, without=["model.safetensors"], files={name: b"\x80\x02."})
        failed(box.run("--model", model, TEXT), 1, *words)
    model = make_model(box, files={"pytorch_model.bin": b"\x80\x02.", "model.safetensors.index.json": b"{}"})
    silent(box.run("--model", model, TEXT, "--tsv", "-"))           # the right file is there too: nothing to say


@test
def torn_downloads(box):
    refused(box, b"", "empty")
    header = 8 + int.from_bytes(WEIGHTS[:8], "little")
    for size in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100, header - 1, header, header + 1, len(WEIGHTS) // 2, len(WEIGHTS) - 4,
                 len(WEIGHTS) - 1):
        run = refused(box, WEIGHTS[:size])
        if size not in (1, 2, 3):
            check("truncated download?" in run.error and f"{size:,}" in run.error, f"{size} bytes:", run)
    names = list(load(MODELS / "plain" / "model.safetensors"))
    run = refused(box, WEIGHTS[:-1], f"file ends at byte {len(WEIGHTS) - 1:,}", f"needs bytes up to {len(WEIGHTS):,}")
    check(any(f'"{name}"' in run.error for name in names), "which tensor?", run)
    for tail in (b"\0", b"extra_bogus_data_for_polyglot_file", WEIGHTS):
        refused(box, WEIGHTS + tail, "belong to no tensor")


@test
def flipped_bytes(box):
    """Clean failure or success, never a signal: 200 files, half of them with the damage in the header."""
    chance = random.Random(20)
    header = 8 + int.from_bytes(WEIGHTS[:8], "little")
    codes = set()
    for number in range(200):
        bad = bytearray(WEIGHTS)
        for _ in range(chance.choice((1, 1, 1, 2, 8, 64))):
            at = chance.randrange(header if number % 2 else len(bad))
            bad[at] = chance.randrange(256) if number % 4 < 2 else bad[at] ^ (1 << chance.randrange(8))
        model = make_model(box, weights=bytes(bad))
        out = box.path("e")
        run = box.run("--model", model, TEXT, "--export", out)
        if run.code == 0:
            succeeded(run)
            os.remove(out)
        else:
            failed(run, 1, "model.safetensors")
        codes.add(run.code)
    check(codes == {0, 1}, "both should happen in 200 files:", codes)


@test
def noise_as_weights(box):
    chance = random.Random(21)
    for size in (16, 1000, 100_000):
        for _ in range(10):
            noise = chance.randbytes(size)
            run = box.run("--model", make_model(box, weights=noise), TEXT)
            failed(run, 1, "model.safetensors")
            run = box.run("--model", make_model(box, weights=(size // 2).to_bytes(8, "little") + noise[8:]), TEXT)
            failed(run, 1, "model.safetensors")


def changed(change, base="plain"):
    table = load(MODELS / base / "model.safetensors")
    change(table)
    return pack(*header_of(table))


@test
def missing_tensors(box):
    names = [name for name in load(MODELS / "plain" / "model.safetensors") if not name.startswith("pooler.")]
    for name in names:
        words = ("no tensor is called",) if "word_embeddings" in name else ("1 tensor", name)
        refused(box, changed(lambda table: table.pop(name)), *words)

    def drop_layer(table):
        for gone in [name for name in table if name.startswith("encoder.layer.1.")]:
            del table[gone]
    run = refused(box, changed(drop_layer), "16 tensors", "...")
    check(run.error.count("encoder.layer.1.") == 5, "the first five by name:", run)
    refused(box, pack({}, b""), "no tensor is called")
    refused(box, changed(lambda table: [table.pop(name) for name in list(table) if "word" not in name]), "tensors",
            "missing")


def renamed(rename):
    """A change that gives each tensor the name rename(name)."""
    def change(table):
        old = dict(table)
        table.clear()
        table.update({rename(name): tensor for name, tensor in old.items()})
    return change


def halves(table):
    for name in list(table)[::2]:
        table["bert." + name] = table.pop(name)


def decoder_for_words(table):
    table["cls.predictions.decoder.weight"] = table.pop("bert.embeddings.word_embeddings.weight")


@test
def names_in_more_ways(box):
    """Each is what transformers reads from the file, too: the same numbers as with the usual names."""
    expected = silent(box.run("--model", PLAIN, "--tsv", "-", TEXT)).out
    for change in (halves, renamed(lambda name: "bert." + name),
                   renamed(lambda name: name.replace("LayerNorm.weight", "LayerNorm.gamma")),
                   renamed(lambda name: name.replace("LayerNorm.bias", "LayerNorm.beta"))):
        check(silent(box.run("--model", make_model(box, tensors=change), "--tsv", "-", TEXT)).out == expected, change)

    def logits(**more):
        out = box.path("e")
        run = box.run("--model", make_model(box, base="mlm_no_pooler", **more), "--export", out, TEXT)
        check(run.code == 0, run)
        return load(out).get("mlm_logits"), run.err
    right, _ = logits()
    for change in (renamed(lambda name: name if name.startswith("bert.") else "bert." + name),
                   renamed(lambda name: name.removeprefix("bert.")), decoder_for_words):
        got, said = logits(tensors=change)
        check(got and largest_difference(got.values(), right.values()) < 1e-6 and not said, "the head:", change, said)
    lost, said = logits(tensors=renamed(lambda name: "model." + name if name.startswith("cls.") else name))
    check(lost is None and said.count("\n") == 1 and "`" not in said and "model.cls.predictions" in said, said)

    def twice(table):
        table.update({"bert." + name: tensor for name, tensor in load(MODELS / "plain" / "model.safetensors").items()})
        table["embeddings.word_embeddings.weight"] = floats([0.0] * 158 * 24, [158, 24])
    run = box.run("--model", make_model(box, tensors=twice), "--tsv", "-", TEXT)
    check(run.out == expected and "with bert. in front and without" in run.err, "two of each name:", run)


@test
def tensors_of_another_shape(box):
    """Each tensor that a forward pass reads: one row less, one column less, an axis more, an axis less."""
    for name, tensor in load(MODELS / "plain" / "model.safetensors").items():
        if name.startswith("pooler."):
            continue
        shape = tensor.shape
        for other in ([shape[0] - 1] + shape[1:], shape[:-1] + [shape[-1] + 1], shape + [1], [1] + shape,
                      [0] + shape[1:], shape[::-1] if len(set(shape)) > 1 else []):
            size = 1
            for n in other:
                size *= n
            replaced = floats([0.01] * size, other)
            refused(box, changed(lambda table: table.update({name: replaced})), name, "config.json says")
    refused(box,
            changed(lambda t: t.update({"encoder.layer.1.attention.self.query.weight": floats([0.0] * 24 * 23,
                                                                                              [24, 23])})),
            "encoder.layer.1.attention.self.query.weight is [24, 23], config.json says [24, 24]")


@test
def tensors_of_another_type(box):
    name = "encoder.layer.0.output.dense.bias"
    for dtype, width in (("I64", 8), ("I32", 4), ("U8", 1), ("BOOL", 1), ("F8_E4M3", 1), ("F8_E5M2", 1), ("C64", 8),
                         ("I8", 1), ("U16", 2)):
        odd = Tensor(dtype, [24], bytes(24 * width))
        refused(box, changed(lambda table: table.update({name: odd})), name, dtype, "F32, F16, BF16 or F64")
    for dtype in ("float32", "f32", "F31", "", "F32 ", "\\u0000", "X" * 1000):
        odd = Tensor(dtype, [24], bytes(96))
        refused(box, changed(lambda table: table.update({name: odd})).replace(b"\\\\u0000", b"\\u0000 "),
                "dtype" if dtype != "\\u0000" else "")
    for dtype, width in (("I64", 8), ("U8", 1), ("F8_E4M3", 1), ("BOOL", 1),
                         ("I16", 2)):          # what nobody reads may be of any type
        odd = Tensor(dtype, [3, 5], bytes(15 * width))
        model = make_model(box, weights=changed(lambda table: table.update({"z.extra": odd})))
        silent(box.run("--model", model, TEXT, "--tsv", "-"))


@test
def weights_of_another_family(box):
    for prefix, family in (("roberta.", "RoBERTa"), ("distilbert.", "DistilBERT"), ("albert.", "ALBERT"),
                           ("electra.", "ELECTRA")):
        table = load(MODELS / "plain" / "model.safetensors")
        refused(box, pack(*header_of({prefix + name: tensor for name, tensor in table.items()})), family)
    refused(box, pack(*header_of({"wte.weight": floats([0.0] * 8, [2, 4])})), "GPT-2")
    refused(box, pack(*header_of({"something.else": floats([0.0])})), "no BERT")


@test
def a_file_that_shrinks_while_it_is_read(box):
    """A download that starts over truncates the file under our feet: one clear line and exit 3, not a signal."""
    words = 120_000                                     # 11.5 MB of embeddings, so that the run takes a moment
    model = make_model(box, config={"vocab_size": words}, tensors=lambda table: table.update(
        {"embeddings.word_embeddings.weight": Tensor("F32", [words, 24], bytes(words * 96))}))
    weights = model + "/model.safetensors"
    reader, writer = os.pipe()
    process = box.start("--model", model, "--export", box.path("e"), "-", stdin=reader, stdout=-1, stderr=-1)
    os.close(reader)
    try:                                                # the weights are loaded before the text is read: wait for that
        for _ in range(1000):
            maps = pathlib.Path(f"/proc/{process.pid}/maps")
            if process.poll() is not None or os.path.basename(weights) in maps.read_text():
                break
        mapped = process.poll() is None
        time.sleep(0.3)
        os.truncate(weights, 4096)
    finally:
        os.write(writer, b"the clock")
        os.close(writer)
    out, err = process.communicate(timeout=60)
    check(mapped, "it ended too early:", err)
    # a note that the table has more rows than the vocabulary, and the error
    check(process.returncode == 3 and not out and b"became shorter" in err.split(b"\n")[1] and err.count(b"\n") == 2,
          process.returncode, err)
    check(not os.path.exists(box.path("e")), "a file was written")


@test
def two_models_at_once(box):
    """A folder is only read: two runs on it do not disturb each other, and neither writes into it."""
    before = sorted(os.listdir(PLAIN))
    a, b = (box.start("--model", PLAIN, "--tsv", box.path(name), TEXT, stdout=-1, stderr=-1) for name in "ab")
    a.communicate(), b.communicate()
    check(a.returncode == b.returncode == 0, "two at once")
    check(pathlib.Path(box.path("a")).read_bytes() == pathlib.Path(box.path("b")).read_bytes() != b"", "they differ")
    check(sorted(os.listdir(PLAIN)) == before, "the model's folder changed")
    civil(box.run("--model", PLAIN, "--ids", TEXT))
