#!/usr/bin/env python3
"""What the pages say, held against what is there: make targets, links, pictures, options, C names, packages, the table
of stages, and output.

An output block is a fenced block whose first line is `$ COMMAND`. The lines under it are what COMMAND prints, from the
first to the last; `...` stands for lines left out, and numbers may differ in their last digits (compare.py). A block of
a stage whose data is not there is skipped. A page is any .md file of ours.
"""
import os
import re
import subprocess
import sys
import tempfile
import xml.dom.minidom
import xml.parsers.expat
import zlib

import compare
import house

STAGE = re.compile(r"\b\d\d_[a-z]\w*")
TEXTS = ["data/lamplighter.txt", "data/the-verdict.txt"]         # our own, which the pages show, and the default
PARTS = ["Goal", "Before you start", "Run", "What you see", "How it works", "Try", "Exercises", "Summary", "Next"]


def pages():
    return {path: house.read(path) for path in house.own_files() if path.endswith(".md") and "fixtures" not in path}


def without_blocks(text):
    return re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)


def stages():
    """{folder: its row} of the table of stages: folder, title, tells, library, picture, data."""
    rows = [line.split("\t") for line in house.read("stages/stages.tsv").split("\n") if line and line[0] != "#"]
    return {row[0]: row for row in rows}


def is_there(stage):
    return all(os.path.exists(os.path.join(house.ROOT, "stages", stage, name)) for name in ("main.c", "README.md"))


def missing_data(stage):
    return [name for name in stages()[stage][5].split() if name != "-" and not any(
        os.path.exists(os.path.join(house.ROOT, "data", name + end)) for end in (".txt", "/"))]


def section(text, first, last):
    return text[text.index(first):text.index(last) if last else None]


# ---- make targets, links, options, names -----------------------------------------------------------------------

def unknown_targets(text, makefile):
    known = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.M))
    patterns = tuple(re.findall(r"^([a-z]+-)%:", makefile, re.M))
    code = "\n".join(re.findall(r"`([^`\n]+)`", text) + re.findall(r"^```.*?\n(.*?)^```", text, re.M | re.S))
    wanted = re.findall(r"(?:^|[;&|] *|^\w+=\S+ )make ([a-z][a-z-]*(?:[\d.NK]+)?)(?=\s|$)", code, re.M)
    numbers = {name[:2] for name in os.listdir(os.path.join(house.ROOT, "stages"))} | {"NN"}
    for word in wanted:
        if word.startswith("run-"):
            if word[4:] not in numbers:
                yield word
        elif word not in known and not word.startswith(patterns):
            yield word


def make_targets_exist():
    course = os.path.join("tests", "course", "course.mk")
    makefile = house.read("Makefile") + (house.read(course) if course in house.own_files() else "")
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


def well_formed(data):
    try:
        return xml.dom.minidom.parseString(data)
    except xml.parsers.expat.ExpatError:
        return None


def the_machine_says_where_you_are():
    """Each lecture shows the one diagram, with its own stage marked; what is committed is what the script draws."""
    complaints = []
    with tempfile.TemporaryDirectory() as folder:
        for stage in filter(is_there, stages()):
            name = f"docs/img/machine_{stage[:2]}.svg"
            done = subprocess.run([sys.executable, "docs/machine.py", stage[:2], f"{folder}/m.svg"], cwd=house.ROOT)
            with open(f"{folder}/m.svg", encoding="utf-8") as file:
                drawn = file.read()
            if done.returncode or drawn != house.read(name) or drawn.count("you are here") == 0:
                complaints.append(f"{name}: not what docs/machine.py draws. Try: make docs")
            page = f"stages/{stage}/README.md"
            if [path for path, _ in pictures_of(page, house.read(page)) if "machine" in path] != [name]:
                complaints.append(f"{page}: it does not show {name}")
        asked = [sys.executable, "docs/machine.py", "21", f"{folder}/no.svg"]
        assert subprocess.run(asked, cwd=house.ROOT, capture_output=True).returncode == 1
    house.expect_none(complaints)


def problems_of_picture(path):
    """A PNG that is whole: every chunk has its checksum, the last is IEND, the pixels unpack. Or an SVG that is XML."""
    with open(os.path.join(house.ROOT, path), "rb") as file:
        data = file.read()
    if path.endswith(".svg"):
        return None if re.fullmatch(rb"<svg [^>]*>.*</svg>\n", data, re.S) and well_formed(data) else "no whole SVG"
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return "no PNG"
    at, pixels, kind = 8, b"", b""
    while kind != b"IEND":
        size, kind = int.from_bytes(data[at:at + 4], "big"), data[at + 4:at + 8]
        body, checksum = data[at + 8:at + 8 + size], data[at + 8 + size:at + 12 + size]
        if len(checksum) < 4 or zlib.crc32(kind + body) != int.from_bytes(checksum, "big"):
            return f"damaged or cut short at byte {at}"
        pixels += body if kind == b"IDAT" else b""
        at += 12 + size
    try:
        return None if zlib.decompress(pixels) and at == len(data) else "something follows its end"
    except zlib.error as problem:
        return str(problem)


def pictures_of(path, text):
    """(file, the command that makes it or None) of each picture of a page."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        for target in re.findall(r'<img src="([^"]+)"|!\[[^]]*\]\(([^)\s]+)', line):
            above = re.match(r"<!-- made by: (.*) -->$", lines[number - 1]) if number else None
            yield (os.path.normpath(os.path.join(os.path.dirname(path), "".join(target))),
                   above.group(1) if above else None)


def pictures_are_whole_and_say_what_makes_them():
    complaints, shown = [], set()
    for path, text in pages().items():
        for picture, command in pictures_of(path, without_blocks(text)):
            shown.add(picture)
            if not os.path.exists(os.path.join(house.ROOT, picture)):
                complaints.append(f"{path}: {picture}: not there. Try: make docs")
            elif problems_of_picture(picture):
                complaints.append(f"{path}: {picture}: {problems_of_picture(picture)}. Try: make docs")
            if not command or picture not in command:
                complaints.append(f"{path}: {picture}: above it is no <!-- made by: COMMAND that writes it -->")
    folder = os.path.join("docs", "img")
    complaints += [f"{path}: no page shows it" for path in house.own_files()
                   if path.startswith(folder) and path not in shown]
    house.expect_none(complaints)
    with tempfile.TemporaryDirectory() as other:
        with open(os.path.join(house.ROOT, sorted(shown)[0]), "rb") as file:
            whole = file.read()
        for name, data in (("short", whole[:-13]), ("bent", whole[:200] + b"x" + whole[201:]), ("more", whole + b"x")):
            with open(f"{other}/{name}", "wb") as file:
                file.write(data)
            assert problems_of_picture(f"{other}/{name}"), f"it does not see one that is {name}"
        with open(f"{other}/cut.svg", "wb") as file:
            file.write(b"<svg x='y'><rect></svg>\n")
        assert problems_of_picture(f"{other}/cut.svg"), "it does not see an SVG that is no XML"
    assert list(pictures_of("a/b.md", '<img src="c.png">')) == [("a/c.png", None)]


def manual(stage):
    program = os.path.join(house.ROOT, os.environ.get("BUILD") or "build", stage)
    return subprocess.run([program, "--help"], capture_output=True, text=True).stdout if os.path.exists(program) else ""


def options_exist():
    known = {stage: set(re.findall(r"--[a-z][a-z-]*", manual(stage))) for stage in stages()}
    if not any(known.values()):
        raise house.Skip("no stage is built")
    complaints = []
    for path in [path for path in house.own_files() if path.endswith((".md", ".cmd", os.sep + "tour.tsv"))]:
        for line in house.read(path).replace("\\\n", " ").split("\n"):
            for stage, call in re.findall(r"\b(\d\d_[a-z]\w*)((?: [^`|\t]*)?)", line):
                used = re.findall(r"(?<=\s)--[a-z][a-z-]*", call) if known.get(stage) else []
                complaints += [f"{path}: {stage} has no {option}" for option in used if option not in known[stage]]
    house.expect_none(complaints)


def unknown_names(table, defined):
    """C names in the rows of tables that no header has. A row may end with its stages, | 02, 17 |: while all of
    these are to come, so may its names be."""
    here = {stage[:2] for stage in stages() if is_there(stage)}
    for line in table.split("\n"):
        told_in = re.search(r"\| ((?:\d\d(?:, )?)+) \|$", line)
        if line.startswith("|") and not (told_in and here.isdisjoint(told_in.group(1).split(", "))):
            for span in re.findall(r"`([^`]+)`", line):
                yield from (name for name in re.findall(r"[A-Za-z_]\w+", span) if name not in defined)


def notation_names_exist():
    headers = "\n".join(without_comments(house.read(path)) for path in house.own_files()
                        if path.startswith("common") and path.endswith(".h"))
    defined = set(re.findall(r"\w+", headers)) | {"d_head", "scores", "out", "h"}   # (names in the lectures' own code)
    house.expect_none([f"docs/notation.md: {name}: not in any header of common/"
                       for name in unknown_names(house.read("docs/notation.md"), defined)])
    assert list(unknown_names("| `mask_permits` |\n| `bert_x` | 17 |\n| `mask_allows` |", defined)) == [
        "mask_permits", "bert_x"]


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
            optional = row[1] in ("fuzz", "bench", "mpi", "page") or row[2] == "nice"
            complaints += [f"docs/setup.md, {place}: {name} is not named" for name in row[column].split()
                           if (place == "Debian" or not optional and name != "llvm") and name not in text]
    house.expect_none(complaints)


# ---- the table of stages, and their pages ------------------------------------------------------------------------

def table_of_stages_is_whole():
    rows = list(stages().values())
    assert [row[0][:2] for row in rows] == [f"{n:02}" for n in range(1, 21)], [row[0] for row in rows]
    data = {line.split("\t")[0] for line in house.read("data/manifest.tsv").split("\n")}
    complaints = []
    for row in rows:
        if len(row) != 6 or not all(row) or not STAGE.fullmatch(row[0]) or any("|" in cell for cell in row):
            complaints.append(f"{row[0]}: six columns, none empty, no `|`: {row}")
            continue
        complaints += [f"{row[0]}: {name}: not in data/manifest.tsv" for name in row[5].split()
                       if name != "-" and name not in data]
        complaints += [f"{row[0]}: common/{place}: not there" for place in (row[3].split() if is_there(row[0]) else [])
                       if not any(os.path.exists(f"{house.ROOT}/common/{place}{end}") for end in (".h", "/"))]
    folder = os.path.join(house.ROOT, "stages")
    complaints += [f"stages/{name}: it has no row" for name in os.listdir(folder)
                   if os.path.isdir(os.path.join(folder, name)) and name not in stages()]
    house.expect_none([f"stages/stages.tsv: {complaint}" for complaint in complaints])


def table_of_stages_is_in_the_readme():
    table = subprocess.run(["sh", "docs/stages.sh", "markdown"], cwd=house.ROOT, capture_output=True, text=True).stdout
    missing = [row for row in table.rstrip("\n").split("\n") if row not in house.read("README.md").split("\n")]
    house.expect_none([f"README.md has not this row (Try: make docs): {row}" for row in missing])
    assert table in house.read("README.md"), "README.md: the table of stages has rows of its own. Try: make docs"
    assert table.count("\n") == 22 and table.count("make run-") == sum(map(is_there, stages())), table


def minutes_are_summed_in_the_readme():
    lectures = exercises = 0
    for stage in filter(is_there, stages()):
        lectures += int(re.search(r"\((\d+) min\)", house.read(f"stages/{stage}/README.md").split("\n")[0]).group(1))
        rows = house.read(f"stages/{stage}/exercises/exercises.tsv").split("\n")[1:]
        exercises += sum(int(row.split("\t")[2]) for row in rows if row)
    said = f"All lectures together are {lectures} minutes to read, all exercises {exercises} minutes to solve"
    assert said in house.read("README.md"), f"README.md does not say: {said}"


def the_syllabus_is_what_is_there():
    script = os.path.join(house.ROOT, "docs", "book", "syllabus.py")
    table = subprocess.run([sys.executable, script], capture_output=True, text=True).stdout
    assert table == house.read("docs/syllabus.md"), "docs/syllabus.md is out of date. Try: make docs"
    sums = [int(cell) for cell in re.findall(r" (\d+) ", table.rstrip("\n").split("\n")[-1])]
    assert sums[2] >= 90 and sums[5] >= 20, f"exercises, and those of a whole function of attention: {sums}"
    kinds = {}
    for stage in filter(is_there, stages()):
        for row in house.read(f"stages/{stage}/exercises/exercises.tsv").split("\n")[1:-1]:
            kinds[f"{stage[:2]}.{row.split(chr(9))[0]}"] = row.split("\t")[3]
    named = re.search(r'WHOLE = \("([^"]*)"', house.read("docs/book/syllabus.py")).group(1).split()
    assert len(set(named)) == sums[5] and {kinds[name] for name in named} == {"code"}, named


def wrong_minutes(text):
    """A lecture in two parts says how long each takes; together they are what its first line says."""
    whole = int(re.search(r"\((\d+) min\)", text.split("\n")[0]).group(1))
    parts = [int(minutes) for minutes in re.findall(r"^\*\*Part [^*]*\((\d+) min\)\.\*\*", text, re.M)]
    return f"{len(parts)} parts of {sum(parts)} minutes in a lecture of {whole}" if parts and (
        len(parts) != 2 or sum(parts) != whole) else None


def parts_take_as_long_as_the_lecture():
    texts = {stage: house.read(f"stages/{stage}/README.md") for stage in filter(is_there, stages())}
    house.expect_none([f"stages/{stage}/README.md: {wrong_minutes(text)}" for stage, text in texts.items()
                       if wrong_minutes(text)])
    assert [s for s, text in texts.items() if "**Part one" in text] == ["07_positions", "10_masks", "12_multi_head"]
    assert wrong_minutes("# A (40 min)\n\n**Part one (20 min).** x\n\n**Part two (15 min).** y\n")


def parts_of(text):
    found = re.findall(r"^\*\*([^*]+?)\.\*\*|^## (.+?)\.?$", without_blocks(text), re.M)
    return [bold or heading for bold, heading in found]


def lectures_have_their_order():
    complaints = []
    for stage in filter(is_there, stages()):
        path = f"stages/{stage}/README.md"
        text = house.read(path)
        found = [part for part in parts_of(text) if part in PARTS]
        if found != PARTS:
            complaints.append(f"{path}: its parts are {found} (expected {PARTS})")
        elif not re.search(rf"^\$ build/{stage}", section(text, "What you see", "How it works"), re.M):
            complaints.append(f"{path}: What you see shows no output (a block that begins with `$ build/{stage}`)")
        elif f"git restore stages/{stage}`" not in section(text, "**Try.**", "**Exercises.**"):
            complaints.append(f"{path}: Try does not say how to undo an edit: `git restore stages/{stage}`")
        behind = [name for name in stages() if name > stage][:1]
        if behind and f"](../{behind[0]}/README.md)" not in section(text, "**Next.**", None):
            complaints.append(f"{path}: Next does not lead to {behind[0]}")
        if not re.match(rf"# {stage[:2]} · .* [★☆]{{4}} \(\d+ min\)$", text.split("\n")[0]):
            complaints.append(f"{path}: its first line is not `# {stage[:2]} · TITLE ★★☆☆ (45 min)`")
    house.expect_none(complaints)
    assert parts_of("**Goal.** x\n## Run\n```\n**Try.**\n```\n") == ["Goal", "Run"]


# ---- output blocks -----------------------------------------------------------------------------------------------

def output_blocks():
    for path, text in pages().items():
        for command, block in re.findall(r"^```\w*\n\$ ([^\n]*)\n(.*?)^```", text, re.M | re.S):
            yield path, command, block.rstrip("\n").split("\n")


def wrong_with(command, block):
    """What differs between a block and what its command prints, or None. Of a run that fails, stderr counts too."""
    stage = STAGE.search(command)
    with tempfile.TemporaryDirectory() as folder:
        out = f" --out {folder}" if stage and "--out" not in command else ""
        done = subprocess.run(["sh", "-c", command + out], cwd=house.ROOT, capture_output=True, text=True, timeout=120)
        got = (done.stdout + (done.stderr if done.returncode else "")).replace(folder, f"out/{stage and stage.group()}")
    got = got.rstrip("\n").split("\n")
    found = compare.first_difference(block, got, 1e-4, elide=True)
    if found is None:
        return None
    wanted, printed = (lines[at] if at < len(lines) else "(the end)" for lines, at in zip((block, got), found))
    return f"expected: {wanted}\n    printed: {printed}"


def output_is_what_is_printed():
    complaints, skipped = [], set()
    for path, command, block in output_blocks():
        lacks = [name for stage in STAGE.findall(command) if stage in stages() for name in missing_data(stage)]
        lacks += [name.split(".")[0] for name in re.findall(r"(?:--model |--file |--data )data/([\w.-]+)", command)
                  if not os.path.exists(os.path.join(house.ROOT, "data", name))]
        if lacks:
            skipped |= set(lacks)
            continue
        wrong = wrong_with(command, block)
        if wrong:
            complaints.append(f"{path}: {command}\n    {wrong}")
    house.expect_none(complaints)
    if skipped:
        raise house.Skip(f"some output blocks need data. Try: data/fetch.sh {' '.join(sorted(skipped))}")


def without_a_text(commands, both):
    """What is wrong with the commands of a page whose program would read The Verdict where it is there: a block that
    names no text shows other digits than your screen. With `both`, each of the two texts has to have a block."""
    yield from (f"{command}: it names no text" for command in commands if not re.search(r"data/[\w-]+\.txt", command))
    yield from (f"no block reads {text}" for text in TEXTS if both and not any(text in c for c in commands))


def the_screen_equals_the_page():
    complaints = []
    for stage in filter(is_there, stages()):
        path, number = f"stages/{stage}/README.md", int(stage[:2])
        commands = [c for page, c, _ in output_blocks() if page == path and re.match(rf"build/{stage}\b", c)]
        if number <= 6 or number in (15, 16):
            complaints += [f"{path}: {wrong}" for wrong in without_a_text(commands, number != 6)]
    house.expect_none(complaints)
    assert list(without_a_text(["build/x"], False)) == ["build/x: it names no text"]
    assert len(list(without_a_text(["build/x --file data/lamplighter.txt"], True))) == 1


def a_false_output_block_is_seen():
    assert wrong_with("printf 'a 0.50\\nb\\n'", ["a 0.50001", "b"]) is None
    assert wrong_with("printf 'a 0.50\\nb\\n'", ["a 0.51", "b"]) and wrong_with("printf 'a\\nb\\n'", ["a"])
    assert wrong_with("printf 'a\\nb\\n'", ["a", "..."]) is None
    assert wrong_with("echo a; echo no >&2; exit 1", ["a", "no"]) is None


if __name__ == "__main__":
    house.main([make_targets_exist, links_lead_somewhere, pictures_are_whole_and_say_what_makes_them,
                the_machine_says_where_you_are, options_exist,
                notation_names_exist, packages_are_named, table_of_stages_is_whole, table_of_stages_is_in_the_readme,
                minutes_are_summed_in_the_readme, the_syllabus_is_what_is_there,
                parts_take_as_long_as_the_lecture, lectures_have_their_order,
                the_screen_equals_the_page, output_is_what_is_printed, a_false_output_block_is_seen])
