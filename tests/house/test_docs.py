#!/usr/bin/env python3
"""What the pages say, held against what is there: make targets, links, options, C names, packages, stages, and output.

An output block is a fenced block whose first line is `$ COMMAND`. The lines under it must occur in what COMMAND prints,
in this order; `...` stands for lines left out, and numbers may differ in their last digits. Without data/minilm a block
of 17_bert is skipped. A page is any .md file of ours.
"""
import os
import re
import subprocess

import house

NUMBER = re.compile(r"-?\d+\.\d+")


def pages():
    return {path: house.read(path) for path in house.own_files() if path.endswith(".md") and "fixtures" not in path}


def without_blocks(text):
    return re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)


def section(text, first, last):
    return text[text.index(first):text.index(last) if last else None]


# ---- make targets, links, options, names -----------------------------------------------------------------------

def unknown_targets(text, makefile):
    known = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.M))
    code = "\n".join(re.findall(r"`([^`\n]+)`", text) + re.findall(r"^```.*?\n(.*?)^```", text, re.M | re.S))
    wanted = re.findall(r"(?:^|[;&|] *|^\w+=\S+ )make ([a-z][a-z-]*(?:\d\d)?)(?=\s|$)", code, re.M)
    stages = {name[:2] for name in os.listdir(os.path.join(house.ROOT, "stages"))}
    for word in wanted:
        if word.startswith("run-"):
            if word[4:] not in stages:
                yield word
        elif word not in known:
            yield word


def make_targets_exist():
    makefile = house.read("Makefile")
    house.expect_none([f"{path}: make {target}: there is no such target"
                       for path, text in pages().items() for target in unknown_targets(text, makefile)])
    found = list(unknown_targets("`make toor` and `make run-99`", makefile))
    assert found == ["toor", "run-99"], f"of two that are missing it sees {found}"


def broken_links(path, text):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) + re.findall(r'<img src="([^"]+)"', text)
    for target in targets:
        if "://" not in target and not os.path.exists(os.path.join(house.ROOT, os.path.dirname(path), target)):
            yield f"{path}: {target}: no such file"


def links_lead_somewhere():
    house.expect_none([problem for path, text in pages().items() for problem in broken_links(path, text)])
    assert len(list(broken_links("README.md", "[a](nowhere.md) [b](README.md#x)"))) == 1, "it sees none missing"


def options_exist():
    program = os.path.join(house.ROOT, "build", "17_bert")
    if not os.path.exists(program):
        raise house.Skip("build/17_bert is not built")
    manual = subprocess.run([program, "--help"], capture_output=True, text=True).stdout
    known = set(re.findall(r"--[a-z][a-z-]*", manual))
    complaints = []
    for path in list(pages()) + [os.path.join("docs", "tour.tsv")]:
        for line in house.read(path).replace("\\\n", " ").split("\n"):
            for call in re.findall(r"17_bert((?: [^`|\t]*)?)", line):
                used = re.findall(r"(?<=\s)--[a-z][a-z-]*", call)
                complaints += [f"{path}: 17_bert has no {option}" for option in used if option not in known]
    house.expect_none(complaints)
    assert "--layer" in known and "--mask" in known, f"--help names only {sorted(known)}"


def notation_names_exist():
    headers = "\n".join(without_comments(house.read(path)) for path in house.own_files()
                        if path.startswith("common") and path.endswith(".h"))
    defined = set(re.findall(r"\w+", headers)) | {"d_head", "scores", "out", "h"}   # (names in the lectures' own code)
    tables = "\n".join(line for line in house.read("docs/notation.md").split("\n") if line.startswith("|"))
    missing = [f"docs/notation.md: {name}: not in any header of common/"
               for span in re.findall(r"`([^`]+)`", tables) for name in re.findall(r"[A-Za-z_]\w+", span)
               if name not in defined]
    house.expect_none(missing)
    assert "mask_allows" in defined and "mask_permits" not in defined


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def packages_are_named():
    table = subprocess.run(["sh", "-c", ". docs/needs.sh; needs"], cwd=house.ROOT, capture_output=True,
                           text=True).stdout
    rows = [row.split("|") for row in table.strip().split("\n")]
    assert len(rows) > 10, f"docs/needs.sh gave {table!r}"
    setup, reasons = house.read("docs/setup.md"), house.read("docs/dependencies.md")
    places = {"Debian": (4, section(setup, "**Debian", "**Fedora")),
              "Fedora": (5, section(setup, "**Fedora", "**Arch")),
              "Arch": (6, section(setup, "**Arch", "## macOS")), "macOS": (7, section(setup, "## macOS", "## Windows"))}
    complaints = []
    for row in rows:
        complaints += [f"docs/dependencies.md: no reason for {name}" for name in row[4].split() if name not in reasons]
        for place, (column, text) in places.items():
            optional = row[1] in ("fuzz", "bench") or row[2] == "nice"
            complaints += [f"docs/setup.md, {place}: {name} is not named" for name in row[column].split()
                           if (place == "Debian" or not optional and name != "llvm") and name not in text]
    house.expect_none(complaints)


def table_of_stages_is_true():
    rows = {row[0]: row[1] for row in re.findall(r"^\| \[?(\d\d) (.*)$", house.read("README.md"), re.M)}
    there = {name[:2] for name in os.listdir(os.path.join(house.ROOT, "stages"))}
    assert sorted(rows) == [f"{n:02}" for n in range(1, 21)], f"the table has stages {sorted(rows)}"
    house.expect_none([f"README.md: stage {n} is {'' if n in there else 'not '}there, but its row says otherwise"
                       for n, row in rows.items() if ("to come" in row) == (n in there)])


# ---- output blocks -----------------------------------------------------------------------------------------------

def output_blocks():
    for path, text in pages().items():
        for command, block in re.findall(r"^```\w*\n\$ ([^\n]*)\n(.*?)^```", text, re.M | re.S):
            yield path, command, block.rstrip("\n").split("\n")


def agrees(expected, got):
    """Are two lines the same but for the last digits of their numbers and the width of their spaces?"""
    if NUMBER.sub("#", expected).split() != NUMBER.sub("#", got).split():
        return False
    pairs = zip(map(float, NUMBER.findall(expected)), map(float, NUMBER.findall(got)))
    return all(abs(a - b) <= 0.011 * max(1, abs(a)) for a, b in pairs)


def first_missing(expected, got):
    """The first line of a block that the output has not where it should; None when all is there."""
    at, anywhere = 0, True
    for line in expected:
        if line.strip() == "...":
            anywhere = True
            continue
        places = range(at, len(got)) if anywhere else range(at, min(at + 1, len(got)))
        found = next((i for i in places if agrees(line, got[i])), None)
        if found is None:
            return line
        at, anywhere = found + 1, False
    return None


def output_is_what_is_printed():
    complaints, skipped = [], 0
    for path, command, block in output_blocks():
        if "17_bert" in command and not os.path.exists(os.path.join(house.ROOT, "data", "minilm", "model.safetensors")):
            skipped += 1
            continue
        out = " --out build/tests/pages" if "17_bert" in command and "--out" not in command else ""
        result = subprocess.run(["sh", "-c", command + out], cwd=house.ROOT, capture_output=True, text=True,
                                timeout=120)
        got = (result.stdout + result.stderr).replace("build/tests/pages", "out/17_bert").split("\n")
        line = first_missing(block, got)
        if line is not None or result.returncode != 0:
            complaints.append(f"{path}: {command} (exit {result.returncode}) does not print: {line}")
    house.expect_none(complaints)
    if skipped:
        raise house.Skip(f"{skipped} output blocks need data/minilm")


def output_is_compared():
    got = ["head 3", "cat  0.123  0.500", "sat  0.250", "done"]
    assert first_missing(["cat 0.12 0.5", "...", "done"], got) is None
    assert first_missing(["head 3", "sat 0.250"], got) == "sat 0.250", "a line left out without ..."
    assert first_missing(["head 4"], got) == "head 4", "a whole number that differs"
    assert first_missing(["cat 0.223 0.500"], got) == "cat 0.223 0.500", "a weight that differs"
    assert first_missing(["done", "...", "head 3"], got) == "head 3", "the wrong order"


if __name__ == "__main__":
    house.main([make_targets_exist, links_lead_somewhere, options_exist, notation_names_exist, packages_are_named,
                table_of_stages_is_true, output_is_what_is_printed, output_is_compared])
