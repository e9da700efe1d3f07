"""What a run of stage 15 leaves behind, read whole, and how its tests run."""
import os
import shutil
import sys
import tempfile
import traceback

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


def main(tests):
    """Each test in a folder of its own; words on the command line choose. The exit code."""
    wanted, failed = sys.argv[1:], 0
    tests = [t for t in tests if not wanted or any(word in t.__name__ for word in wanted)]
    for test in tests:
        folder = tempfile.mkdtemp(prefix="headlight-training-")
        try:
            test(folder)
            print(f"ok   {test.__name__}")
        except AssertionError as problem:
            failed += 1
            print(f"FAIL {test.__name__}: {problem or traceback.format_exc()}")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(tests) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0
