"""Empties the bodies of C functions by name, however the file is laid out: what stands in comments, in texts and behind
`#if 0` is no code."""
import functools
import re

HEADER = '#include "base/not_done.h"\n'               # a handout has it: handout.py
SPECIFIERS = re.compile(r"\b(static|inline|extern|register)\b|__attribute__\s*\(\(.*?\)\)\s*", re.S)
NO_CODE = re.compile(r"""/\*.*?(?:\*/|\Z) | //(?:\\\n|[^\n])* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'
                         | ^[ \t]*\#[ \t]*if[ \t]+0\b.*?^[ \t]*\#[ \t]*(?:endif|else|elif)[^\n]*
                         | ^[ \t]*\#(?:\\\n|[^\n])*""", re.S | re.M | re.X)


@functools.lru_cache(64)
def plain(text):
    """As long as the text, with blanks for all that is no code, directives among it."""
    return NO_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), text)


def find(text, name):
    """(where the definition begins, where its `{` is, where its closing `}` is), or None."""
    code = plain(text) if name in text else ""
    for match in re.finditer(rf"\b{name}\s*\(", code):
        before = code[:match.start()]
        end = closing(code, match.end() - 1)
        brace = re.compile(r"\s*\{").match(code, end + 1) if end is not None else None
        if brace and before.count("{") == before.count("}"):
            last = closing(code, brace.end() - 1, "{}")
            line = before.rfind("\n", 0, len(before.rstrip()))          # its type may stand in a line of its own
            begin = max(before.rfind(";"), before.rfind("}"), line) + 1
            return (begin, brace.end() - 1, last) if last is not None else None
    return None


def closing(text, at, pair="()"):
    """Where the bracket that opens at `at` is closed again."""
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] == pair[0]) - (text[i] == pair[1])
        if depth == 0:
            return i
    return None


def parameters(text):
    """The names in a parameter list (without its brackets)."""
    names, depth, start = [], 0, 0
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S) + ","
    for i, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0:
            part, start = text[start:i].strip(), i + 1
            pointer = re.match(r".*?\(\s*\*\s*(\w+)", part)
            plain = re.search(r"(\w+)\s*(\[[^\]]*\]\s*)*$", part)
            if part not in ("", "void", "..."):
                names.append(pointer.group(1) if pointer else plain.group(1))
    return names


def signature(text, name):
    """(what a function returns, its parameter list) of one that is there, as they are written."""
    start, opening, _ = find(text, name)
    head = text[start:opening]
    at = re.search(rf"\b{name}\s*\(", head)
    return " ".join(SPECIFIERS.sub(" ", head[:at.start()]).split()), head[at.end():closing(head, at.end() - 1)]


def empty(text, name):
    """The text with the body of `name` emptied so that it still compiles; None when there is no such function."""
    place = find(text, name)
    if not place:
        return None
    _, opening, end = place
    kind, listed = signature(text, name)
    if "_Noreturn" in kind:
        return None
    names = parameters(listed)
    body = ["", "    /* your code here */", "    NOT_DONE_YET();"]
    body += ["    " + ", ".join(f"(void){name}" for name in names) + ";"] if names else []
    body += [] if kind == "void" else [f"    return ({kind}){{0}};"]
    return including(text[:opening + 1] + "\n".join(body) + "\n" + text[end:])


def including(text):
    """The text with the header of NOT_DONE_YET(), behind its other ones."""
    if HEADER in text:
        return text
    last = list(re.finditer(r"^#include .*\n", text, re.M))[-1:]
    at = last[0].end() if last else 0
    return text[:at] + HEADER + text[at:]
