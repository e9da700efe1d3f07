#!/usr/bin/env python3
"""The rules of style that a machine can check. What a reader checks (names, reasons, words) is not here."""
import os
import re

import house

MOST_FUNCTION, MOST_COLUMNS = 60, 120
MOST_FILE, MOST_TEST = 350, 600                         # lines; a test's table of cases may be long
FORBIDDEN = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|gets|system|popen|rand|srand)[ ]*\(")
UNFINISHED = re.compile(r"\b(TODO|FIX" r"ME|X" r"XX)\b")
# A path of one machine, or a package registry's host: neither means anything to a reader elsewhere.
MACHINE = re.compile(r"(?<![\w.$}*/-])/(work|root|opt/oracle|tmp/w)/\w")
REGISTRY = re.compile("|".join(word.replace("+", "") for word in (
    r"\bpy+pi\.org", r"python+hosted\.org", r"registry\.npm+js", r"deb\.deb+ian\.org", r"npm+js\.org", r"cr+ates\.io")))
NO_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|' r"'(?:\\.|[^'\\\n])*'", re.S)


def without_words(text):
    """C without its comments, texts and characters; lines stay where they are."""
    return NO_CODE.sub(lambda match: "\n" * match.group().count("\n"), text)


def functions(text):
    """(name, first line, number of lines) of every function: it begins and ends at column 0."""
    name = first = None
    for number, line in enumerate(text.split("\n"), 1):
        starts = re.match(r"[A-Za-z_][^=(]*?(\w+)\s*\(", line)
        if starts:
            name, first = starts.group(1), number
        if line.startswith("}") and name:
            yield name, first, number - first + 1
            name = None
        elif name and not line.startswith(" ") and line.rstrip().endswith((";", "}")):
            name = None                                 # a prototype, or a function on one line


def statements(code):
    """(number, statement) of each line of code that assigns, without declarations and without what is in brackets."""
    for number, line in enumerate(code.split("\n"), 1):
        flat, before = line.strip(), None
        while flat != before:
            before, flat = flat, re.sub(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}", "", flat)
        flat = re.sub(r"^(?:(?:for|if|while|else) *)+", "", flat)
        if not re.match(r"(?:[A-Za-z_]\w* )+\**\w+|case |for|#", flat) or flat.startswith("return"):
            yield number, flat


def complain_told(path, text):
    """Told code says one thing a line: no `a = 1, b = 2;` and no `sum += a = b;`."""
    lines, code = text.split("\n"), without_words(text).split("\n")
    for name, first, count in functions(text):
        if name.endswith("_told"):
            for number, statement in statements("\n".join(code[first:first + count - 1])):
                assigned = len(re.findall(r"(?<![=!<>])=(?!=)", statement))
                if assigned > 1 or assigned and "," in statement:
                    yield f"{path}:{first + number}: {name} says two things in a line: {lines[first + number - 1].strip()}"


def complain_c(path, text):
    most = MOST_TEST if path.startswith("tests") else MOST_FILE
    if text.count("\n") > most:
        yield f"{path}: {text.count(chr(10))} lines (at most {most})"
    if path.endswith(".h") and not text.startswith("/*"):
        yield f"{path}:1: a header begins with the comment that is its manual"
    for name, first, lines in functions(text):
        if lines > MOST_FUNCTION:
            yield f"{path}:{first}: {name} has {lines} lines (at most {MOST_FUNCTION})"
    for number, line in enumerate(without_words(text).split("\n"), 1):
        for word in FORBIDDEN.findall(line):
            yield f"{path}:{number}: {word}() is not used here (see base/memory.h, base/rng.h and show/ for what is)"


def complain_any(path, text):
    code = path.endswith((".c", ".h", ".py", ".sh", "Makefile"))
    for number, line in enumerate(text.split("\n"), 1):
        where = f"{path}:{number}:"
        if code and len(line) > MOST_COLUMNS:
            yield f"{where} {len(line)} columns (at most {MOST_COLUMNS})"
        if "\t" in line and path.endswith((".c", ".h", ".py", ".md")):
            yield f"{where} a tab"
        if code and UNFINISHED.search(line) and "exercises" not in path.split(os.sep):
            yield f"{where} something is left to do here"
        if MACHINE.search(line):
            yield f"{where} a path of one machine"
        if REGISTRY.search(line):
            yield f"{where} the host of a package registry"


def complain(root=house.ROOT):
    complaints = []
    for path in house.own_files(root):
        text = house.read(path, root)
        if text is None or path.startswith(os.path.join("tests", "fixtures", "")) and not path.endswith((".py", ".md")):
            continue
        if path == os.path.join("tests", "house", "test_style.py") and root == house.ROOT:
            continue                                    # it has to spell what it looks for
        complaints += complain_any(path, text)
        if path.endswith((".c", ".h")):
            complaints += complain_c(path, text)
            complaints += complain_told(path, text) if path.startswith("stages") else []
    return complaints


def the_style_holds():
    house.expect_none(complain())


def functions_are_seen():
    text = house.read(os.path.join("common", "base", "error.c"))
    names = [name for name, _, _ in functions(text)]
    assert "fail" in names and "error_quote" in names and "finish" in names, f"saw only {names}"


def every_rule_goes_red():
    red = house.expect_red
    body = "    int a = 0;\n"
    red(complain, {"a.c": "int f(void) {\n" + body * 59 + "}\n"}, "a.c:1: f has 61 lines")
    red(complain, {"a.c": "int f(int a,\n      int b) {\n" + body * 58 + "}\n"}, "f has 61 lines")
    red(complain, {"a.c": "int a;\n" * 351}, "351 lines")
    red(complain, {"a.c": "/*" + "x" * 117 + "*/\n"}, "121 columns")
    red(complain, {"a.py": "#" + "x" * 120 + "\n"}, "121 columns")
    red(complain, {"a.h": "int a;\n"}, "a.h:1:", "manual")
    red(complain, {"a.c": "\tint a;\n"}, "a.c:1: a tab")
    red(complain, {"a.c": "int a; /* TODO: more */\n"}, "left to do")
    for call in ("strcpy(a, b)", "sprintf(a, b)", "strcat(a, b)", "gets(a)", "system (a)", "popen(a, b)", "rand()"):
        red(complain, {"a.c": f"int f(void) {{\n    {call};\n}}\n"}, "a.c:2:", call.split("(")[0].strip())
    for line in ("a = 1, b = 2;", "for (;;) sum += a[i] = exp(b);", "if (c) a[0] = 1, n++;"):
        red(complain, {"stages/01_x/main.c": f"static void x_told(int a) {{\n    {line}\n}}\n"}, "main.c:2:", "x_told")
    red(complain, {"a.md": "in /work/main it is\n"}, "path of one machine")
    red(complain, {"a.sh": "python=/opt/oracle/venv/bin/python\n"}, "path of one machine")
    red(complain, {"Makefile": "# from " + "py" + "pi.org\n"}, "registry")


def what_is_allowed_is_not_found():
    body = "    int a = 0;\n"
    with house.made_up({
            "a.h": "/* a - system(x) in words, and a rule. */\nint f(int a,\n      int b);\n",
            "a.c": "int f(void) {\n" + body * 58 + "}\nchar b[] = \"popen(\";\nint g(void) {\n" + body * 58 + "}\n",
            "stages/10_masks/exercises/2.c": "int f(void) {\n    TODO(\"10.2\");\n}\n",
            "stages/01_x/main.c": "static void x_told(int a) {\n    double a = 0, b = f(1, 2);\n    for (i = 0; j = 1;) "
                                  "a = g(x, y);\n    free(a), free(b);\n}\nvoid f(void) {\n    a = 1, b = 2;\n}\n",
            "a.md": "in work/10 and stages/../work/10 and ../work/10\n"}) as folder:
        house.expect_none(complain(folder))


if __name__ == "__main__":
    house.main([the_style_holds, functions_are_seen, every_rule_goes_red, what_is_allowed_is_not_found])
