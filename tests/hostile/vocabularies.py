"""vocab.txt, tokenizer.json and tokenizer_config.json: missing, torn, hostile, or of another model."""
import json
import os
import re

from program import check, failed, MODELS, PLAIN, silent, succeeded, test, TEXT
from tensors import make_model

VOCAB = (MODELS / "plain" / "vocab.txt").read_bytes()
TOKENIZER = json.loads((MODELS / "plain" / "tokenizer.json").read_text(encoding="utf-8"))
IDS = b"2 110 129 130 131 132 17 117 58 133 134 19 3\n"


def refused(box, vocab, *words, code=1, mode=("--ids",), **more):
    model = make_model(box, vocab=vocab, **more)
    for modes in (mode, ("--tsv", box.path("t"))):
        run = failed(box.run("--model", model, *modes, TEXT), code, *words)
    return run


@test
def the_vocabulary_is_enough_for_ids(box):
    folder = box.folder("words")
    box.write("words/vocab.txt", VOCAB)
    check(silent(box.run("--model", folder, "--ids", TEXT)).out == IDS, "vocab.txt alone")
    failed(box.run("--model", folder, "--tsv", "-", TEXT), 3, "config.json")
    check(silent(box.run("--model", PLAIN, "--ids", TEXT)).out == IDS, "tokenizer.json")


@test
def no_vocabulary(box):
    model = make_model(box, vocab=VOCAB, without=["vocab.txt"])
    failed(box.run("--model", model, "--ids", TEXT), 3, "neither tokenizer.json nor vocab.txt", "Try:")
    for name, *words in (("merges.txt", "merges.txt:1: is no merge"), ("vocab.bpe", "vocab.bpe:1: is no merge"),
                         ("spiece.model", "SentencePiece", "WordPiece"),
                         ("sentencepiece.bpe.model", "SentencePiece", "WordPiece")):
        other = make_model(box, name, vocab=VOCAB, without=["vocab.txt"], files={name: b"x"})
        failed(box.run("--model", other, "--ids", TEXT), 1, *words)
    box.folder("model/vocab.txt")
    failed(box.run("--model", model, "--ids", TEXT), 3, "vocab.txt")


@test
def an_unreadable_vocabulary(box):
    model = make_model(box, vocab=VOCAB)
    os.chmod(model + "/vocab.txt", 0)
    if not os.access(model + "/vocab.txt", os.R_OK):
        failed(box.run("--model", model, "--ids", TEXT), 3, "vocab.txt", "Permission denied")
    os.remove(model + "/vocab.txt")
    os.symlink("/dev/full", model + "/vocab.txt")
    failed(box.run("--model", model, "--ids", TEXT), 3)


@test
def vocabularies_that_are_none(box):
    refused(box, b"", "vocab.txt", "empty")
    for content in (b"\n", b"\n" * 200, b"the\nclock\n", b"\0" * 500):
        refused(box, content, "vocab.txt", "[UNK]")
    for special in (b"[UNK]", b"[CLS]", b"[SEP]"):
        refused(box, VOCAB.replace(special + b"\n", b"[no]\n"), "vocab.txt", special.decode())
    refused(box, b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 231508\n", "vocab.txt",
            "git lfs pull")
    refused(box, b"<!DOCTYPE html>\n<html></html>\n", "vocab.txt", "web page")
    refused(box, json.dumps({"the": 1}).encode(), "vocab.txt")


@test
def lines_that_are_not_utf8(box):
    for line, dirt in ((1, b"\xff"), (100, b"\xc0\x80"), (158, b"caf\xe9"), (3, b"\xed\xa0\x80")):
        lines = VOCAB.split(b"\n")
        lines[line - 1] = dirt
        refused(box, b"\n".join(lines), f"vocab.txt:{line}:", "UTF-8")
    refused(box, "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]"]).encode("utf-16"), "vocab.txt:1:")


@test
def lines_of_any_kind(box):
    for content, same in ((VOCAB.replace(b"\n", b"\r\n"), True), (VOCAB.rstrip(b"\n"), True), (VOCAB + b"a\0b\n", True),
                          (VOCAB + b"x" * 1_000_000 + b"\n", True), (VOCAB + b"##\n", True),
                          (VOCAB + b"\n" * 1000, True), (VOCAB + b"clock\n", False)):
        model = make_model(box, vocab=content)
        run = silent(box.run("--model", model, "--ids", TEXT))
        check((run.out == IDS) == same, content[-20:], run)
    model = make_model(box, vocab=VOCAB.replace(b"\nthe\n", b"\n\n") + b"the\n")
    run = succeeded(box.run("--model", model, "--ids", "the"), "vocab.txt:111: a blank line")
    check(run.out == b"2 158 3\n", "`the` is the last word:", run)
    model = make_model(box, vocab=b"\xef\xbb\xbf" + VOCAB)
    run = box.run("--model", model, "--ids", TEXT)
    check(run.code == 0 and run.out == IDS, "a byte-order mark before [PAD]:", run)


@test
def a_vocabulary_of_a_larger_model(box):
    """Ids beyond the table of embeddings: a word that is in the vocabulary, but of which the model knows nothing."""
    model = make_model(box, vocab=VOCAB + b"zebra\nyak\n")
    check(silent(box.run("--model", model, "--ids", "a zebra")).out == b"2 58 158 3\n", "the tokenizer alone knows it")
    run = succeeded(box.run("--model", model, "--tsv", "-", TEXT), "has 160 tokens, the model's table only 158")
    check(run.err.count("\n") == 1, "one warning:", run)
    for mode in (("--tsv", box.path("t")), ("--export", box.path("e")), ("--time", "1"), ("--mlm",), ("--terminal",),
                 ()):
        failed(box.run("--model", model, *mode, "a zebra"), 1, "158", "0 to 157", "Try:")
    failed(box.run("--model", model, "--tsv", box.path("t"), "--pair", "yak", "a"), 1, "159")


@test
def a_vocabulary_of_a_smaller_model(box):
    """Fewer words than rows in the table is common (padded tables): fine, and the model's guesses stay printable."""
    lines = VOCAB.split(b"\n")
    model = make_model(box, base="prefix_gamma_mlm", vocab=b"\n".join(lines[:140]) + b"\n")
    run = succeeded(box.run("--model", model, "--mlm", TEXT),
                    "has 140 tokens, the model's table 158: the last 18")
    check(b"?" in run.out or run.out, run)


@test
def a_pair_for_a_model_without_segments(box):
    model = str(MODELS / "one_head")
    check(silent(box.run("--model", model, "--ids", "--pair", "b", "a")).out == b"2 58 3 59 3\n", "ids know no model")
    failed(box.run("--model", model, "--tsv", box.path("t"), "--pair", "b", "a"), 1, "segment 1", "1 segment")


@test
def hostile_tokens_on_a_terminal(box):
    """A vocabulary may hold escape sequences; printed, they would take over the terminal."""
    model = make_model(box, base="prefix_gamma_mlm",
                       vocab=VOCAB.replace(b"\nthe\n", b"\n\x1b]0;x\x07\n").replace(b"\nclock\n", b"\n\xc2\x9b2J\n"))
    lines = VOCAB.split(b"\n")
    for word in range(62, 157):                          # every likely guess of the model is such a token
        lines[word] = b"\x1b[31m%d" % word
    other = make_model(box, "other", base="prefix_gamma_mlm", vocab=b"\n".join(lines))
    for folder in (model, other):
        for mode in (("--mlm",), ("--terminal",), ("--terminal", "--anatomy"), ("--terminal", "--token", "1"),
                     ("--terminal", "--meaning", "1", "--pair", "the \x1b[2J"), ("--terminal", "--view", "neuron")):
            run = succeeded(box.run("--model", folder, *mode, "a bird, \x1b[31m [MASK] b"))
            left = run.out
            if "--terminal" in mode:                     # colours are its own
                left = re.sub(rb"\x1b\[[0-9;]*m", b"", left)
            check(not any(byte < 32 and byte not in b"\n" or byte == 127 for byte in left), "control bytes on stdout:",
                  run)
            check(b"\x1b]" not in run.out and b"\xc2\x9b" not in run.out, "control sequences on stdout:", run)


def tokenizer(box, change):
    """A model whose tokenizer.json is changed: a function of the parsed file, or all of its bytes."""
    settings = json.loads(json.dumps(TOKENIZER))
    content = change if isinstance(change, bytes) else json.dumps(change(settings) or settings).encode()
    return make_model(box, files={"tokenizer.json": content})


@test
def hostile_tokenizer_json(box):
    text = json.dumps(TOKENIZER)
    for content in (b"", b"{", b"[]", b"null", b"{}", b"[" * 1_000_000, b'{"model":' * 100_000, text.encode()[:-1],
                    text.encode() + b"x", b"<html></html>",
                    b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", text.encode("utf-16"),
                    text.replace('"the"', '"\\ud800"').encode(), text.replace('"the"', '"th\\u0000e"').encode(),
                    text.replace('"the": 110', '"the": NaN').encode(), text.encode().replace(b'"the"', b'"\xff"')):
        failed(box.run("--model", tokenizer(box, content), "--ids", TEXT), 1, "tokenizer.json")
    run = succeeded(box.run("--model", tokenizer(box, b"\xef\xbb\xbf" + text.encode()), "--ids", TEXT),
                    "byte-order mark")
    check(run.out == IDS, "a byte-order mark:", run)


@test
def ids_that_make_no_vocabulary(box):
    for number in (-1, 158000, 2 ** 31, 2 ** 32 + 110, 2 ** 63, 1.5, "110", None, True, 109, 10 ** 400):
        def change(settings):
            settings["model"]["vocab"]["the"] = number
        failed(box.run("--model", tokenizer(box, change), "--ids", TEXT), 1, "tokenizer.json")
    text = json.dumps(TOKENIZER)
    failed(box.run("--model", tokenizer(box, text.replace('"the": 110', '"the": 110, "the": 110').encode()), "--ids",
                   TEXT), 1, "tokenizer.json")
    for number in (-1, 500000, 2 ** 32, "0", None):
        def other(settings):
            settings["added_tokens"][0]["id"] = number
        failed(box.run("--model", tokenizer(box, other), "--ids", TEXT), 1, "tokenizer.json", "id")


@test
def tokenizers_of_another_kind(box):
    for kind in ("BPE", "Unigram", "WordLevel", "Other"):
        failed(box.run("--model", tokenizer(box, lambda s: s["model"].update(type=kind)), "--ids", TEXT), 1,
               "tokenizer.json", kind, "WordPiece")
    for part, value, name in (("normalizer", {"type": "Strange"}, "Strange"), ("pre_tokenizer", None, "missing"),
                              ("pre_tokenizer", {"type": "Strange"}, "Strange"),
                              ("post_processor", {"type": "Strange"}, "Strange")):
        model = tokenizer(box, lambda s: s.update({part: value}))
        box.write("model/tokenizer_config.json", b"{}")
        succeeded(box.run("--model", model, "--ids", TEXT), f"tokenizer.json: {part} ({name}) does not count")
        box.write("model/tokenizer_config.json", b'{"tokenizer_class": "PreTrainedTokenizerFast"}')
        failed(box.run("--model", model, "--ids", TEXT), 1, part, name)
    box.write("model/tokenizer_config.json", b"{}")
    failed(box.run("--model", tokenizer(box, lambda s: s.update({"model": None})), "--ids", TEXT), 1, "model")
    failed(box.run("--model", tokenizer(box, lambda s: s["model"].update(vocab=[])), "--ids", TEXT), 1, "vocab")
    model = tokenizer(box, lambda s: s["model"].update(unk_token="[gone]"))
    succeeded(box.run("--model", model, "--ids", TEXT), "tokenizer.json: model.unk_token does not count")
    box.write("model/tokenizer_config.json", b'{"tokenizer_class": "PreTrainedTokenizerFast"}')
    failed(box.run("--model", model, "--ids", TEXT), 1, "[gone]")


@test
def hostile_tokenizer_config(box):
    for content in (b"", b"{", b"[" * 100_000, b'{"do_lower_case": 3}', b'{"do_lower_case": "no"}',
                    b'{"strip_accents": 1}', b'{"unk_token": 3}', b'{"cls_token": "[gone]"}',
                    b'{"added_tokens_decoder": {"x": {"content": "y"}}}',
                    b'{"added_tokens_decoder": {"-1": {"content": "y"}}}',
                    b'{"added_tokens_decoder": {"99999999999": {"content": "y"}}}'):
        model = make_model(box, vocab=VOCAB, files={"tokenizer_config.json": content})
        failed(box.run("--model", model, "--ids", TEXT), 1)


@test
def very_large_vocabularies(box):
    words = b"".join(b"word%d\n" % i for i in range(300_000))
    model = make_model(box, vocab=VOCAB + words)
    check(silent(box.run("--model", model, "--ids", TEXT + " word299999")).out.endswith(b" 300157 3\n"),
          "300,000 more words")
    model = make_model(box, vocab=VOCAB + b"\n" * 1_900_000)
    check(silent(box.run("--model", model, "--ids", TEXT)).out == IDS, "1.9 million blank lines")
    refused(box, VOCAB + b"\n" * 3_000_000, "vocab.txt", "at most")
    def change(settings):
        settings["model"]["vocab"].update({f"word{i}": 158 + i for i in range(200_000)})
    check(silent(box.run("--model", tokenizer(box, change), "--ids", "word199999")).out == b"2 200157 3\n",
          "200,000 words in tokenizer.json")
