#!/usr/bin/env python3
"""The golden output of the stages: runs the cases, compares, and shows and rewrites what is on record. README.md tells.

    python3 tests/golden/golden.py [STAGE] [--yes]     what `make golden` does; STAGE is 17 or 17_bert
"""
import difflib
import os
import shlex
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "house"))
import compare  # noqa: E402
import house  # noqa: E402

HERE = os.path.join("tests", "golden")
BUILD = os.environ.get("BUILD") or "build"
SECONDS = 120 if "asan" not in BUILD else 900           # until it counts as a hang; sanitized programs are slow
KEYS = {"needs", "tolerance", "stdin", "shows"}


class Case:
    """One CASE.cmd: its settings, the command's words, and where the output on record lies."""

    def __init__(self, path, root=house.ROOT):
        self.path, self.root, self.record = path, root, path[:-len(".cmd")] + ".out"
        self.name = os.path.relpath(path[:-len(".cmd")], HERE)
        self.stage = os.path.basename(os.path.dirname(path))
        settings, commands = {}, []
        for line in house.read(path, root).split("\n"):
            key, colon, value = line.partition(":")
            if colon and key in KEYS:
                settings[key] = value.strip()
            elif line.strip() and not line.startswith("#"):
                commands.append(line)
        if len(commands) != 1 or shlex.split(commands[0])[0] != f"build/{self.stage}":
            raise AssertionError(f"{path}: expected one command, build/{self.stage} ..., got {commands}")
        self.command = commands[0]
        self.needs = [name for name in settings.get("needs", "").split() if name != "-"]
        self.tolerance = float(settings.get("tolerance", "1e-4"))
        self.stdin, self.shows = settings.get("stdin"), settings.get("shows", "").split()

    def missing(self):
        """What it needs and has not: names for data/fetch.sh."""
        return [name for name in self.needs if not any(
            os.path.exists(os.path.join(self.root, "data", name + end)) for end in (".txt", "/"))]

    def run(self):
        """(what it prints, None), or (what it prints, what went wrong). Pictures go to a folder that is thrown away."""
        with tempfile.TemporaryDirectory() as out:
            words = [word.replace("{out}", out) for word in shlex.split(self.command)]
            words[0] = BUILD + words[0][len("build"):]
            if "--out" not in words:
                words += ["--out", out]
            try:
                with open(os.path.join(self.root, self.stdin) if self.stdin else os.devnull, "rb") as stdin:
                    done = subprocess.run(words, cwd=self.root, stdin=stdin, capture_output=True, timeout=SECONDS)
            except (OSError, subprocess.TimeoutExpired) as problem:
                return "", str(problem)
            text = done.stdout.decode("utf-8", "replace")
            for name in self.shows:
                path = os.path.join(out, name)
                text += f"---- {name}\n" + (house.read(path, "/") if os.path.exists(path) else "(not there)\n")
            text = text.replace(out, f"out/{self.stage}")
            problem = f"exit code {done.returncode}: {done.stderr.decode('utf-8', 'replace')[-400:]}"
            return text, problem if done.returncode else None

    def recorded(self):
        path = os.path.join(self.root, self.record)
        return house.read(self.record, self.root) if os.path.exists(path) else None

    def difference(self, text):
        """A unified diff of the record and this text, with the record's words wherever the two agree; "" if all do."""
        record = (self.recorded() or "").split("\n")
        got = text.split("\n")
        if compare.first_difference(record, got, self.tolerance, elide=self.partial()) is None:
            return ""
        if len(record) == len(got):
            got = [a if compare.agrees(a, b, self.tolerance) else b for a, b in zip(record, got)]
        return "\n".join(difflib.unified_diff(record, got, self.record, self.command, lineterm="", n=2))

    def partial(self):
        """Cases on a text that is not ours keep only some lines; `...` stands for the others."""
        return bool(self.needs) and "the-verdict" in self.needs


def cases(stage=None, root=house.ROOT):
    folder = os.path.join(root, HERE)
    found = [os.path.join(HERE, name, file) for name in sorted(os.listdir(folder))
             if os.path.isdir(os.path.join(folder, name)) and (not stage or name == stage or name[:2] == stage)
             for file in sorted(os.listdir(os.path.join(folder, name))) if file.endswith(".cmd")]
    return [Case(path, root) for path in found]


def rewrite(case, yes):
    """Show how a case differs and, when told so, keep what it prints now. Gives: is the record right now?"""
    if case.missing():
        print(f"skip {case.name}: needs data. Try: data/fetch.sh {' '.join(case.missing())}")
        return True
    text, problem = case.run()
    if problem:
        print(f"FAIL {case.name}: {case.command}: {problem}")
        return False
    difference = case.difference(text)
    if not difference and case.recorded() is not None:
        print(f"same {case.name}")
        return True
    print(difference or f"new  {case.name}: prints nothing")
    if case.partial() and case.recorded() is not None:
        print(f"left {case.name}: its record is written by hand: the text is not ours. Edit {case.record}")
        return False
    if not yes:
        print(f"write {case.record}? [y/N] ", end="", flush=True)
        if not sys.stdin.readline().strip().lower().startswith("y"):
            print(f"left {case.name}")
            return False
    with open(os.path.join(case.root, case.record + ".new"), "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(os.path.join(case.root, case.record + ".new"), os.path.join(case.root, case.record))
    print(f"wrote {case.record}")
    return True


def main():
    words = [word for word in sys.argv[1:] if word not in ("--yes", "")]
    found = cases(words[0] if words else None)
    if not found:
        print(f"golden: error: {HERE}: no case of {' '.join(words) or 'any stage'}. Try: make list", file=sys.stderr)
        return 2
    return 0 if all([rewrite(case, "--yes" in sys.argv) for case in found]) else 1


if __name__ == "__main__":
    sys.exit(main())
