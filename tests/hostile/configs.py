"""config.json: missing, hostile, or of a model that this program does not read."""
import json
import os

from program import check, failed, MODELS, PLAIN, silent, succeeded, test, TEXT
from tensors import make_model

GIVEN = json.loads((MODELS / "plain" / "config.json").read_text())


def refused(box, settings, *words, code=1, **limits):
    """settings: changes of config.json as a dict, or all of its bytes."""
    more = {"config": settings} if isinstance(settings, dict) else {"files": {"config.json": settings}}
    model = make_model(box, **more)
    return failed(box.run("--model", model, TEXT), code, "config.json", *words, **limits)


@test
def folders_without_a_model(box):
    empty, file = box.folder("empty"), box.write("file", TEXT)
    for mode in ((), ("--ids",), ("--time", "1"), ("--export", box.path("e")), ("--tsv", "-"), ("--mlm",),
                 ("--terminal",)):
        failed(box.run("--model", box.path("nowhere"), TEXT, *mode), 3, "nowhere", "Try:")
        failed(box.run("--model", file, TEXT, *mode), 3, file, "Try:")
        failed(box.run("--model", empty, TEXT, *mode), 3, empty, "Try:")
        failed(box.run("--model", "", TEXT, *mode), 3)
    failed(box.run("--model", box.path("a\nb\x1b[31m"), TEXT), 3, "a\\nb\\x1b[31m")
    failed(box.run("--model", "/" + "deep/" * 2000, TEXT), 3)


@test
def config_that_is_not_a_file(box):
    model = make_model(box, without=["config.json"])
    failed(box.run("--model", model, TEXT), 3, "config.json", "No such file", "Try:")
    box.folder("model/config.json")
    failed(box.run("--model", model, TEXT), 3, "config.json", "Is a directory")
    os.rmdir(model + "/config.json")
    os.symlink("nowhere", model + "/config.json")
    failed(box.run("--model", model, TEXT), 3, "config.json", "No such file")
    os.remove(model + "/config.json")
    os.symlink("config.json", model + "/config.json")
    failed(box.run("--model", model, TEXT), 3, "config.json", "symbolic links")
    os.remove(model + "/config.json")
    os.mkfifo(model + "/config.json")                   # nobody ever writes to it: waiting would be a hang
    process = box.start("--model", model, TEXT, stdout=-1, stderr=-1)
    try:
        out, err = process.communicate(timeout=10)
        check(process.returncode == 3 and not out and b"config.json" in err, "a pipe as config.json:", err)
    finally:
        process.kill()


@test
def config_that_is_unreadable(box):
    model = make_model(box)
    os.chmod(model + "/config.json", 0)
    if not os.access(model + "/config.json", os.R_OK):
        failed(box.run("--model", model, TEXT), 3, "config.json", "Permission denied")
    os.remove(model + "/config.json")
    os.symlink("/proc/self/mem", model + "/config.json")
    failed(box.run("--model", model, TEXT), 3, "config.json")


@test
def config_that_is_no_json(box):
    for content in (b"", b" \n", b"{", b"null", b"[]", b"3", b'"bert"', b"{}}", b"{'hidden_size': 24}",
                    b"<html>not found</html>", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 612\n",
                    b"\x80\x02}q\x00.", b"\0" * 100, b"PK\3\4" + bytes(50), json.dumps(GIVEN).encode()[:-1],
                    json.dumps(GIVEN).encode() + b"x", json.dumps(GIVEN).encode("utf-16"),
                    b'{"hidden_size": 24, "hidden_size": 24}'):
        refused(box, content)
    refused(box, b'{\n  "hidden_size": nonsense\n}', ":2:")
    refused(box, b'{"hidden_size": 24, "hidden_size": 25}', ":1:", "duplicate", "hidden_size")


@test
def hostile_json(box):
    for content in (b"[" * 1_000_000, b'{"a":' * 1_000_000, b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"):
        refused(box, content)
    text = json.dumps(GIVEN)[1:]
    for value in (r'"\ud800"', r'"\udc00\ud800"', r'"\u0000"', r'"a\u0000b"', r'"\x41"', '"\x01"', "NaN", "Infinity",
                  "-Infinity", "1e999", "01", "+1", "0x10", ".5", "1.", "18446744073709551616", "-9223372036854775809",
                  "tru", "'a'", "[1,]"):
        refused(box, f'{{"other": {value}, {text}'.encode(), ":1:")
    for dirt in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"):
        refused(box, b'{"other": "' + dirt + b'", ' + text.encode(), ":1:")
    refused(box, b"{" + b" " * (4 << 20) + text.encode(), "bytes")
    refused(box, ('{"vocab_size": ' + "9" * 100_000 + ", " + text).encode())
    refused(box, ("{" + ", ".join(f'"k{i}": [1,2,3]' for i in range(12_000)) + "}").encode(), "missing")


@test
def what_a_config_may_have(box):
    """The twins of hostile_json: allowed, so the run goes on."""
    expected = silent(box.run("--model", PLAIN, "--tsv", "-", TEXT)).out
    text = json.dumps(GIVEN)[1:]
    for content in (f'{{"other": "\\ud83d\\ude00", {text}', f'\r\n\t {{"other": [{{}}, -1.5e-3, null], {text}\n\n',
                    f'{{"label2id": {{"a\\"b": 1}}, {text}',
                    json.dumps({**GIVEN, "pad_token_id": None, "torch_dtype": None})):
        model = make_model(box, files={"config.json": content.encode()})
        check(silent(box.run("--model", model, "--tsv", "-", TEXT)).out == expected, "other numbers:", content)
    model = make_model(box, files={"config.json": b"\xef\xbb\xbf{" + text.encode()})
    run = box.run("--model", model, "--tsv", "-", TEXT)
    check(run.code == 0 and run.out == expected and "byte-order mark" in run.err, "a byte-order mark:", run)


@test
def numbers_that_make_no_sense(box):
    for key in ("num_hidden_layers", "num_attention_heads", "hidden_size", "intermediate_size", "vocab_size",
                "max_position_embeddings"):
        refused(box, {key: None}, key, "missing")
        for value in (0, -1, 10 ** 9, 2 ** 31, 2 ** 32 + 1, 2 ** 62, 1.5, 2.0, "2", True, [2], {}):
            refused(box, {key: value}, key, "expected")
    for value in (0, -1, 10 ** 9, "2", 2.5):
        refused(box, {"type_vocab_size": value}, "type_vocab_size", "expected")
    for value in (0, -1e-12, 2, 1e300, "1e-12", True):
        refused(box, {"layer_norm_eps": value}, "layer_norm_eps", "expected")


@test
def heads_that_do_not_divide(box):
    for heads in (5, 7, 9, 23, 48):
        refused(box, {"num_attention_heads": heads}, "num_attention_heads", str(heads), "24",
                "1, 2, 3, 4, 6, 8, 12, 24")


@test
def what_is_not_supported(box):
    for kind in ("relative_key", "relative_key_query", "rotary", ""):
        refused(box, {"position_embedding_type": kind}, "position_embedding_type", "absolute")
    for act in ("swish", "silu", "GELU", "quick_gelu", "", "tanh", "relu6", "\x1b[31m"):
        refused(box, {"hidden_act": act}, "hidden_act", "gelu, gelu_new, gelu_pytorch_tanh or relu")
    for key in ("is_decoder", "add_cross_attention", "is_encoder_decoder"):
        refused(box, {key: True}, key)
        refused(box, {key: 1}, key, "true or false")
    refused(box, {"pruned_heads": {"0": [1]}}, "pruned_heads")
    refused(box, {"quantization_config": {"bits": 8}}, "quantiz")
    refused(box, {"hidden_act": 3}, "hidden_act")
    refused(box, {"model_type": ["bert"]}, "model_type")
    refused(box, {"architectures": [1]}, "architectures")


@test
def other_families_by_name(box):
    for kind, name in (("distilbert", "DistilBERT"), ("roberta", "RoBERTa"), ("xlm-roberta", "XLM-RoBERTa"),
                       ("albert", "ALBERT"), ("electra", "ELECTRA"), ("deberta-v2", "DeBERTa"), ("mpnet", "MPNet"),
                       ("modernbert", "ModernBERT"), ("gpt2", "GPT-2"), ("llama", "Llama"), ("t5", "T5"),
                       ("bart", "BART"), ("xlnet", "XLNet"), ("somebert", "somebert")):
        refused(box, {"model_type": kind}, name, "reads BERT", "Try:")
        refused(box, json.dumps({"model_type": kind}).encode(), name)          # before any key is missed
    for architecture, name in (("RobertaModel", "RoBERTa"), ("GPT2LMHeadModel", "GPT-2"),
                               ("DistilBertForMaskedLM", "DistilBERT")):
        refused(box, {"model_type": None, "architectures": [architecture]}, name)
    refused(box, {"architectures": ["JinaBertModel"]}, "JinaBertModel")
    refused(box, {"model_type": "x\n\x1b[2J" + "y" * 5000})


@test
def config_and_weights_that_disagree(box):
    def differs(settings, *words):
        model = make_model(box, config=settings)
        failed(box.run("--model", model, TEXT), 1, "config.json", *words)

    differs({"hidden_size": 36}, "embeddings.word_embeddings.weight is [158, 24]", "config.json says [158, 36]")
    differs({"vocab_size": 159}, "embeddings.word_embeddings.weight is [158, 24]", "[159, 24]")
    differs({"max_position_embeddings": 47}, "position_embeddings.weight is [48, 24]", "[47, 24]")
    differs({"type_vocab_size": 1}, "token_type_embeddings.weight is [2, 24]", "[1, 24]")
    differs({"type_vocab_size": 1000}, "token_type_embeddings.weight is [2, 24]", "[1000, 24]")
    differs({"intermediate_size": 41}, "encoder.layer.0.intermediate.dense.weight is [40, 24]", "[41, 24]")
    differs({"vocab_size": 16000000}, "[158, 24]", "[16000000, 24]")
    differs({"num_hidden_layers": 3}, "16 tensors", "encoder.layer.2.attention.self.query.weight", "...")
    differs({"num_hidden_layers": 1024}, "or more", "encoder.layer.2.attention.self.query.weight")
    run = box.run("--model", make_model(box, config={"num_hidden_layers": 3}), TEXT)
    check(run.error.count("encoder.layer.2.") == 5, "the first five names:", run)


@test
def fewer_layers_than_the_file(box):
    """A model may be cut short on purpose: only the layers that config.json names count, but the reader is told."""
    model = make_model(box, config={"num_hidden_layers": 1})
    run = succeeded(box.run("--model", model, "--tsv", "-", TEXT), "config.json says 1 layer,")
    check({line.split(b"\t")[0] for line in run.out.split(b"\n")[1:-1]} == {b"0"}, "more than layer 0")
