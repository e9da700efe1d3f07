"""What the tests of the house share: the list of our own files, a place for made-up trees, and the counting."""
import os
import subprocess
import sys
import tempfile
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MADE = {"build", "out", "work", ".git", "__pycache__"}          # never committed


class Skip(Exception):
    pass


def own_files(root=ROOT):
    """Paths, from root, of everything that is or would be committed."""
    if os.path.exists(os.path.join(root, ".git")):
        asked = subprocess.run(["git", "-c", f"safe.directory={root}", "ls-files", "-z", "--cached", "--others",
                                "--exclude-standard"], cwd=root, capture_output=True)
        if asked.returncode == 0:
            return sorted({f for f in asked.stdout.decode().split("\0") if f and os.path.isfile(os.path.join(root, f))})
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = [f for f in folders if f not in MADE]
        found += [os.path.relpath(os.path.join(folder, f), root) for f in files]
    return sorted(found)


def read(path, root=ROOT):
    """A file's text, or None for one that is no text."""
    with open(os.path.join(root, path), "rb") as file:
        data = file.read()
    try:
        return None if b"\0" in data else data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def made_up(files):
    """A temporary tree: {path: text}. Use it in a `with`."""
    folder = tempfile.TemporaryDirectory()
    for path, text in files.items():
        os.makedirs(os.path.dirname(os.path.join(folder.name, path)) or folder.name, exist_ok=True)
        with open(os.path.join(folder.name, path), "w", encoding="utf-8") as file:
            file.write(text)
    return folder


def expect_none(complaints):
    assert not complaints, f"{len(complaints)} complaints:\n  " + "\n  ".join(complaints[:40])


def expect_red(complain, files, *words):
    """The made-up tree must give exactly one complaint, with these words in it: a judge that cannot say no is none."""
    with made_up(files) as folder:
        complaints = complain(folder)
    assert len(complaints) == 1 and all(word in complaints[0] for word in words), f"{files} gave {complaints}"


def main(tests):
    counts = {"ok": 0, "FAIL": 0, "skip": 0}
    for test in tests:
        words = ""
        try:
            test()
            state = "ok"
        except Skip as reason:
            state, words = "skip", str(reason)
        except AssertionError as problem:
            state, words = "FAIL", str(problem) or traceback.format_exc()
        except Exception:
            state, words = "FAIL", traceback.format_exc()
        counts[state] += 1
        print(f"{state:4} {test.__name__}{': ' + words if words else ''}", flush=True)
    print(f"{counts['ok']} passed, {counts['FAIL']} failed, {counts['skip']} skipped")
    sys.exit(1 if counts["FAIL"] else 0)
