"""What a run of stage 15 leaves behind, read whole: for the tests of its program, alone and on several ranks."""
import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("BUILD") or "build")
FILES = ("loss.tsv", "model.safetensors", "config.json", "vocab.json", "training.safetensors")


def check(condition, *words):
    if not condition:
        raise AssertionError(" ".join(str(word) for word in words))


def content(out):
    """name -> bytes of each file in the folder `out`."""
    found = {}
    for name in FILES:
        with open(os.path.join(out, name), "rb") as file:
            found[name] = file.read()
    return found
