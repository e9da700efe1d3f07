"""Of several bodies in one file that came empty, each is judged alone, and nobody sees ours of the others: the file is
cut into two halves, which are compiled apart and call each other.

Ours, compiled outside the sandbox, is our file; where the judged body stood it calls the student's. Theirs is the
student's file; a body that ours calls, and that is asked for as well, calls ours there, so that a mistake in it costs
once. All other functions of their half are their own: two bodies that call each other get nowhere."""
import re

import blank

DEFINED = re.compile(r"^(?!static\b)[A-Za-z_][^;{}=#]*?\b(\w+)\([^;{}]*\)\s*\{", re.M)
ANY = re.compile(r"^[A-Za-z_][^;{}=#]*?\b(\w+)\([^;{}]*\)\s*\{", re.M)
TYPE = re.compile(r"\b(?:struct|union|enum)\b(?:(?!\b(?:struct|union|enum)\b)[^;{}()])*\{[^{}]*\}[^;{}]*;")
JUDGED, OURS, THEIRS = "judged_", "ours_", "theirs_"


def called(text, name):
    """The functions of a file that one of them needs, at any remove."""
    code, found, left = blank.plain(text), set(), [name]
    every = set(ANY.findall(code))
    while left:
        place = blank.find(text, left.pop())
        body = code[place[1]:place[2]] if place else ""
        new = {word for word in set(re.findall(r"\b\w+\b", body)) & every if word not in found}
        found, left = found | new, left + sorted(new)
    return found - {name}


def call(kind, name, listed):
    return f"{'' if kind == 'void' else 'return '}{name}({', '.join(blank.parameters(listed))});"


def door(text, name, prefix):
    """A function, as text, that has another name and calls this one."""
    kind, listed = blank.signature(text, name)
    return f"{kind} {prefix}{name}({listed});\n{kind} {prefix}{name}({listed}) {{ {call(kind, name, listed)} }}\n"


def through(text, name, ours, prefix):
    """The text, in which this function does nothing but go through that door; ours: its file, for what it takes."""
    _, opening, end = blank.find(text, name)
    kind, listed = blank.signature(ours, name)
    mine = blank.parameters(blank.signature(text, name)[1])
    passed = f"{'' if kind == 'void' else 'return '}{prefix}{name}({', '.join(mine)});"
    lines = "\n" * text[opening:end].count("\n")                # what follows keeps its line
    return text[:opening + 1] + f" extern {kind} {prefix}{name}({listed}); {passed} {lines}" + text[end:]


class Halves:
    """ours, theirs: texts; renamed: the functions that get names of their own in theirs, whoever calls them there.
    text: the student's file, in which `name` is to be judged; original: ours; others: what else was empty in it."""

    def __init__(self, original, text, name, others):
        used = [other for other in others if other in called(original, name) and blank.find(text, other)]
        self.ours = through(original, name, original, JUDGED) + "\n"
        self.ours += "".join(door(original, other, OURS) for other in used)
        self.theirs = text
        for other in used:
            self.theirs = through(self.theirs, other, original, OURS)
        self.theirs += f'\n#line 1 "what calls {name}()"\n' + door(original, name, JUDGED)
        self.renamed = sorted(set(DEFINED.findall(blank.plain(original))))


def changed_types(original, text):
    """The first of our file's own types that a student's has not, or None: both halves must see the same."""
    squeezed = ["".join(one.split()) for one in TYPE.findall(blank.plain(text))]
    for one in TYPE.findall(blank.plain(original)):
        if "".join(one.split()) not in squeezed:
            return " ".join(one.split())[:80]
    return None
