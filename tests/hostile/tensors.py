"""A safetensors reader and writer of forty lines, and models made wrong on purpose.

The reader shares nothing with the program's: header by json, numbers by array.
"""
import array
import json
import math
import pathlib
import struct
import sys

from program import MODELS, check

CODES = {"F32": "f", "F64": "d", "I64": "q", "F16": None, "BF16": None}
SIZES = {"F64": 8, "I64": 8, "F32": 4, "F16": 2, "BF16": 2}


class Tensor:
    def __init__(self, dtype, shape, data):
        self.dtype, self.shape, self.data = dtype, list(shape), data

    def values(self):
        """A flat array of numbers; F32, F64 and I64 only."""
        numbers = array.array(CODES[self.dtype])
        numbers.frombytes(self.data)
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers

    def rows(self):
        """The last axis as lists: [[...], ...]."""
        width, numbers = self.shape[-1], self.values()
        return [list(numbers[i:i + width]) for i in range(0, len(numbers), width)]


def floats(values, shape=None):
    numbers = array.array("f", values)
    if sys.byteorder == "big":
        numbers.byteswap()
    return Tensor("F32", shape or [len(numbers)], numbers.tobytes())


def read(path):
    """{name: Tensor}; asserts what the format demands of a writer."""
    data = pathlib.Path(path).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    check(length % 8 == 0 and data[8:9] == b"{", "the header is not aligned as the writers of the format do")
    end, tensors = 0, {}
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        first, last = entry["data_offsets"]
        size = math.prod(entry["shape"]) * SIZES[entry["dtype"]]
        check(first == end and last - first == size, f"{name} does not lie where it should: {entry}")
        tensors[name] = Tensor(entry["dtype"], entry["shape"], data[8 + length + first:8 + length + last])
        end = last
    check(8 + length + end == len(data), "bytes behind the last tensor")
    return tensors


def load(path):
    """As read(), for files that need not be aligned (a fixture is so on purpose)."""
    data = pathlib.Path(path).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    return {name: Tensor(entry["dtype"], entry["shape"], data[8 + length + entry["data_offsets"][0]:
                                                              8 + length + entry["data_offsets"][1]])
            for name, entry in json.loads(data[8:8 + length]).items() if name != "__metadata__"}


def header_of(tensors):
    """(header as a dict, data) of {name: Tensor}, in the order given."""
    header, data = {}, b""
    for name, tensor in tensors.items():
        header[name] = {"dtype": tensor.dtype, "shape": tensor.shape,
                        "data_offsets": [len(data), len(data) + len(tensor.data)]}
        data += tensor.data
    return header, data


def pack(header, data):
    """The bytes of a file. header: a dict, or the text itself."""
    text = json.dumps(header) if isinstance(header, dict) else header
    text = text if isinstance(text, bytes) else text.encode()
    return struct.pack("<Q", len(text)) + text + data


def write(path, tensors, notes=None):
    """A file of these tensors; notes: its __metadata__."""
    header, data = header_of(tensors)
    if notes is not None:
        header = {"__metadata__": notes, **header}
    with open(path, "wb") as file:
        file.write(pack(header, data))
    return path


def make_model(box, name="model", base="plain", config=None, tensors=None, weights=None, vocab=None, without=(),
               files=None):
    """A copy of a fixture with changes, as a folder. config: {key: value}, where None removes; tensors: a function that
    changes {name: Tensor} in place; weights: the bytes of model.safetensors; vocab: those of vocab.txt (tokenizer.json
    goes away).
    without: files left out; files: {name: bytes} that come in."""
    source, folder = MODELS / base, pathlib.Path(box.folder(name))
    for file in ("config.json", "model.safetensors", "vocab.txt", "tokenizer.json", "tokenizer_config.json"):
        if (source / file).exists() and not (vocab is not None and file.startswith("tokenizer")):
            (folder / file).write_bytes((source / file).read_bytes())
    if config:
        settings = json.loads((folder / "config.json").read_text())
        settings.update(config)
        (folder / "config.json").write_text(json.dumps({k: v for k, v in settings.items() if v is not None}))
    if tensors:
        table = load(source / "model.safetensors")
        tensors(table)
        weights = pack(*header_of(table))
    if weights is not None:
        (folder / "model.safetensors").write_bytes(weights)
    if vocab is not None:
        (folder / "vocab.txt").write_bytes(vocab)
    for file in without:
        (folder / file).unlink()
    for file, content in (files or {}).items():
        (folder / file).write_bytes(content)
    return str(folder)


# ---- cases.tsv, expected values -----------------------------------------------------------------------------------

def unescape(field):
    """The C escapes of the fixtures' .tsv files."""
    return field.encode("latin-1", "backslashreplace").decode("unicode_escape") if "\\" in field else field


def cases(folder):
    """[(text, pair or None)]"""
    lines = (pathlib.Path(folder) / "cases.tsv").read_text(encoding="utf-8").rstrip("\n").split("\n")[1:]
    pairs = [(line.split("\t") + [""])[:2] for line in lines]
    return [(unescape(text), unescape(pair) or None) for text, pair in pairs]


def largest_difference(a, b):
    check(len(a) == len(b), f"{len(a)} numbers, expected {len(b)}")
    check(not any(map(math.isnan, a)), "NaN")
    return max((abs(x - y) for x, y in zip(a, b)), default=0)
