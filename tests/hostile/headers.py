"""The header of model.safetensors: lengths that lie, tables that lie, JSON that is none, and very large ones."""
import json
import struct

from program import failed, MODELS, PLAIN, silent, test, TEXT, check
from tensors import header_of, load, make_model, pack

HEADER, DATA = header_of(load(MODELS / "plain" / "model.safetensors"))
FIRST = "embeddings.word_embeddings.weight"
SMALL = "pooler.dense.bias"


def refused(box, weights, *words, **limits):
    model = make_model(box, weights=weights)
    return failed(box.run("--model", model, TEXT), 1, "model.safetensors", *words, **limits)


def entry(name=SMALL, **changes):
    """The header with one entry changed; None removes a key."""
    header = json.loads(json.dumps(HEADER))
    header[name].update(changes)
    header[name] = {key: value for key, value in header[name].items() if value is not None}
    return header


@test
def the_twin(box):
    """The header as it is, packed by these tests, loads: what follows is refused for what is changed in it."""
    expected = silent(box.run("--model", PLAIN, TEXT, "--tsv", "-")).out
    for text in (json.dumps(HEADER), json.dumps(HEADER, separators=(",", ":")), json.dumps(HEADER, indent=3),
                 " \t\r\n" + json.dumps(HEADER) + "\n  \r\t",
                 json.dumps({**HEADER, "__metadata__": {"format": "pt", "": "\u00e9"}}),
                 json.dumps(dict(reversed(HEADER.items()))), json.dumps(entry(later=[{"x": None}, 1.5, -3, True]))):
        model = make_model(box, weights=pack(text, DATA))
        check(silent(box.run("--model", model, TEXT, "--tsv", "-")).out == expected, "other numbers:", text[:80])


@test
def lengths_that_lie(box):
    good = pack(HEADER, DATA)
    for length in (len(good), len(good) + 1, 16 << 20, (16 << 20) + 1, 100_000_000, 100_000_001, 2 ** 31 - 1, 2 ** 31,
                   2 ** 32, 2 ** 32 + 100, 2 ** 62, 2 ** 63 - 1, 2 ** 63, 2 ** 64 - 8, 2 ** 64 - 1, 0xffffff000000003c):
        refused(box, struct.pack("<Q", length) + good[8:], megabytes=50)
        refused(box, struct.pack("<Q", length))
        refused(box, struct.pack("<Q", length) + b"{}")
    for length in (0, 1, 2, 100, 3000):
        refused(box, struct.pack("<Q", length) + good[8:])


@test
def headers_of_more_than_16_mb(box):
    for size in ((16 << 20) + 1, 17 << 20, 40 << 20):
        refused(box, struct.pack("<Q", size) + b"{" + b" " * (size - 2) + b"}", "16 MB", megabytes=100)
    size = (16 << 20) - 8
    text = json.dumps(HEADER)
    model = make_model(box, weights=pack(text + " " * (size - len(text)), DATA))
    silent(box.run("--model", model, TEXT, "--tsv", "-"))               # padding up to the limit is legal


@test
def headers_of_100_000_entries(box):
    many = {f"a.tensor.with.a.name.{i}": {"dtype": "F32", "shape": [0, 3], "data_offsets": [0, 0]}
            for i in range(100_000)}
    model = make_model(box, weights=pack({**many, **HEADER}, DATA))
    check(silent(box.run("--model", model, TEXT, "--tsv", "-")).out ==
          silent(box.run("--model", PLAIN, TEXT, "--tsv", "-")).out, "a valid header of 100,000 entries")
    refused(box, pack(many, b""), "no BERT")
    refused(box, pack({**many, **HEADER}, DATA[:-1]), "truncated")
    refused(box, pack({**{name: {**value, "data_offsets": [0, 4]} for name, value in many.items()}, **HEADER}, DATA),
            "tensor")
    same = ",".join('"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}' for _ in range(100_000))
    refused(box, pack("{" + same + "}", DATA), "twice")
    overlap = ",".join(f'"{i}":{{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}' for i in range(200_000))
    refused(box, pack("{" + overlap + "}", b"\0" * 4), "overlap")
    metadata = {"__metadata__": {str(i): "x" for i in range(100_000)}, **HEADER}
    model = make_model(box, weights=pack(metadata, DATA))
    silent(box.run("--model", model, TEXT, "--tsv", "-"))


@test
def a_million_of_anything(box):
    """Up to the 16 MB that a header may have."""
    refused(box, pack("[" * 1_000_000, b""))
    refused(box, pack('{"a":{"x":' + "[" * 1_000_000, b""), "nested")
    refused(box, pack('{"a":' * 1_000_000, b""))
    refused(box, pack('{"a":{"x":' + "[" * 4_000_000 + "]" * 4_000_000 + "}}", b""), "nested")
    refused(box, pack("{" + '"":[],' * 2_000_000 + "}", b""))
    refused(box, pack('{"' + "a" * 15_000_000, b""), "quote")
    refused(box, pack('{"' + "\\u0041" * 2_000_000 + '":{}}', b""), "missing")
    refused(box, pack('{"a":{"dtype":"F32","shape":[' + "1," * 5_000_000 + '1],"data_offsets":[0,4]}}', b"\0" * 4),
            "axes")
    refused(box, pack('{"a":{"dtype":"F32","shape":[' + "9" * 10_000_000 + '],"data_offsets":[0,4]}}', b"\0" * 4),
            "64 bits")
    refused(box, pack("\n" * 10_000_000 + "x", b""), ":10000001:1:")


@test
def offsets_that_lie(box):
    begin, end = HEADER[SMALL]["data_offsets"]
    other = next(name for name, value in HEADER.items() if value["data_offsets"][0] == end)
    for offsets in ([begin - 4, end], [begin, end + 4], [begin - 4, end - 4], [begin + 4, end + 4], [begin, end - 4],
                    [begin + 4, end], [begin, begin], [end, begin], [0, end - begin], [0, 0], [begin, 2 ** 63],
                    [2 ** 63, 2 ** 63 + end - begin], [begin, 2 ** 64 - 1], [2 ** 64 - 4, 4],
                    [begin + 10 ** 9, end + 10 ** 9]):
        refused(box, pack(entry(data_offsets=offsets), DATA))
    refused(box, pack(entry(data_offsets=[begin - 4, end - 4]), DATA), "overlap", SMALL)
    refused(box, pack(entry(data_offsets=[begin + 4, end + 4]), DATA), "belong to no tensor", SMALL)
    refused(box, pack(entry(data_offsets=[end, begin]), DATA), SMALL)
    refused(box, pack(entry(other, data_offsets=HEADER[SMALL]["data_offsets"]), DATA), "tensor")
    hole = {name: {**value, "data_offsets": [offset + 8 for offset in value["data_offsets"]]}
            for name, value in HEADER.items()}
    refused(box, pack(hole, bytes(8) + DATA), "belong to no tensor",
            FIRST if HEADER[FIRST]["data_offsets"][0] == 0 else "first")
    refused(box, pack({name: value for name, value in HEADER.items() if name != SMALL}, DATA), "belong to no tensor")


@test
def shapes_that_lie(box):
    for shape in ([23], [25], [24, 2], [], [0], [24, 0], [2 ** 32], [2 ** 63], [2 ** 63, 2], [2, 2 ** 63],
                  [2 ** 64 - 1], [2 ** 62, 4], [2, 18446744073709551614], [2, 9223372036854775807],
                  [2 ** 31, 2 ** 31, 4], [1] * 7 + [23]):
        refused(box, pack(entry(shape=shape), DATA), SMALL)
    refused(box, pack(entry(shape=[1] * 9), DATA), "axes", SMALL)
    refused(box, pack(entry(shape=[24], dtype="F4"), DATA), SMALL)
    refused(box, pack({**HEADER, "z": {"dtype": "F4", "shape": [1, 3], "data_offsets": [len(DATA), len(DATA) + 1]}},
                      DATA + b"\0"),
            '"z"', "whole bytes")
    refused(box, pack({**HEADER, "z": {"dtype": "F8_E4M3", "shape": [3], "data_offsets": [len(DATA), len(DATA) + 4]}},
                      DATA + bytes(4)), '"z"')


@test
def numbers_that_are_none(box):
    text = json.dumps(entry(shape="SHAPE", data_offsets="OFFSETS"))
    begin, end = HEADER[SMALL]["data_offsets"]
    for number in ("-1", "-0", "24.0", "2.4e1", "24e0", "1e400", "18446744073709551616", "9" * 400, '"24"', "true",
                   "null", "[24]", "{}", "024", "+24", "0x18", "NaN", "Infinity", "24,", ",24", ""):
        shape = text.replace('"SHAPE"', f"[{number}]").replace('"OFFSETS"', f"[{begin}, {end}]")
        offsets = text.replace('"SHAPE"', "[24]").replace('"OFFSETS"', f"[{number}, {end}]")
        if number != "":                                # an empty shape is one number: refused elsewhere, for its size
            refused(box, pack(shape, DATA), SMALL)
        refused(box, pack(offsets, DATA), SMALL)
    for offsets in ("[]", f"[{begin}]", f"[{begin}, {end}, {end}]", f"{begin}", "null", '"0"', f'{{"begin": {begin}}}'):
        refused(box, pack(text.replace('"SHAPE"', "[24]").replace('"OFFSETS"', offsets), DATA), SMALL, "data_offsets")
    for shape in ("24", "null", '"24"', "{}"):
        refused(box, pack(text.replace('"SHAPE"', shape).replace('"OFFSETS"', f"[{begin}, {end}]"), DATA), SMALL,
                "shape")


@test
def entries_that_are_none(box):
    for key in ("dtype", "shape", "data_offsets"):
        refused(box, pack(entry(**{key: None}), DATA), SMALL, key, "missing")
        refused(box, pack(entry(**{key: {}}), DATA), SMALL, key)
    for value in (None, [], "x", 3, True):
        refused(box, pack({**HEADER, SMALL: value}, DATA), SMALL)
    for value in (None, [], "x", 3, {"a": 1}, {"a": None}, {"a": {"b": "c"}}, {"a": ["b"]}):
        refused(box, pack({"__metadata__": value, **HEADER}, DATA), "__metadata__")


@test
def names_that_appear_twice(box):
    text = json.dumps(HEADER)
    twice = text[:-1] + f', "{SMALL}": ' + json.dumps(HEADER[SMALL]) + "}"
    refused(box, pack(twice, DATA), SMALL, "twice")
    escaped = text[:-1] + ', "\\u0070ooler.dense.bias": ' + json.dumps(HEADER[SMALL]) + "}"
    refused(box, pack(escaped, DATA), SMALL, "twice")
    refused(box, pack(text.replace('"dtype": "F32"', '"dtype": "F32", "dtype": "F32"', 1), DATA), "dtype", "twice")
    refused(box, pack('{"__metadata__": {"a": "b", "a": "b"},' + text[1:], DATA), "twice")


@test
def names_of_any_kind(box):
    for name in ("", "\x00", "a\nb", "\x1b[2J", "%s%n", "../../etc/passwd", "é" * 1000, "\ud83d\ude00", "x" * 100_000):
        bad = {**HEADER, name: {"dtype": "F32", "shape": [7], "data_offsets": [len(DATA), len(DATA) + 4]}}
        refused(box, pack(bad, DATA + bytes(4)))
        if "\x00" not in name:
            good = {**HEADER, name: {"dtype": "F32", "shape": [1], "data_offsets": [len(DATA), len(DATA) + 4]}}
            model = make_model(box, weights=pack(good, DATA + bytes(4)))
            silent(box.run("--model", model, TEXT, "--tsv", "-"))


@test
def headers_that_are_no_json(box):
    text = json.dumps(HEADER)
    for bad in ("", " ", "{", "}", "[]", "null", "3", '"x"', "{}x", "{}{}", text[:-1], text + "x", text + "\0",
                text.replace(":", "=", 1), text.replace('"', "'"), text.replace(",", ",,", 1),
                text.replace("}}", "},}"), "\ufeff" + text, "// x\n" + text):
        refused(box, pack(bad, DATA))
    for raw in (b"\xff", b'{"\xff":1}', b'{"a\xc0\x80":{}}', b'{"\xed\xa0\x80":{}}', b'{"a":"\xe2\x82"}',
                b'{"a\0b":{}}', b'{"a\nb":{}}'):
        refused(box, pack(raw, DATA), ":1:" if b"\n" not in raw else ":")
    for escape in (r"\ud800", r"\udc00", r"\ud800\u0041", r"\u0000", r"\uZZZZ", r"\u12", r"\x41", "\\"):
        refused(box, pack('{"' + escape + '":' + text, DATA), ":1:")
    refused(box, pack('{\n"a":\n  nonsense}', DATA), ":3:3:")
