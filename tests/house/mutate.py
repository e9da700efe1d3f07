"""Small faults put into a C function, one at a time: what `make mutants` tries (mutants.py).

changes(text, name) gives the faults of one function; forked(text, faults) gives a file that holds all of them and is
the right one, or one of the faulty ones, as the environment says: MUTANT=3. So a file is compiled once."""
import os
import re
import sys

import house

sys.path.insert(0, os.path.join(house.ROOT, "tests", "course"))
import blank  # noqa: E402

TOKEN = re.compile(r"""(?P<skip> /\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | ^\#[^\n]* | \s+)
    | (?P<number> (?:0[xX][\da-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)[uUlLfF]*)
    | (?P<word> [A-Za-z_]\w*)
    | (?P<sign> <<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)""", re.X | re.S | re.M)
SWAPPED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&",
           "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "%": "/", "<<": ">>", ">>": "<<", "|": "&"}
BINARY = {"+": "-", "-": "+", "*": "/", "/": "*"}
WORDS = {"true": "false", "false": "true", "fmaxf": "fminf", "fminf": "fmaxf", "fmax": "fmin", "fmin": "fmax"}
DROPPED = ("sqrt", "sqrtf", "exp", "expf", "log", "logf", "fabs", "fabsf", "abs", "tanhf", "erff")
TYPES = set("""const volatile unsigned signed int long short char float double bool void size_t return case else do
    sizeof uint8_t uint16_t uint32_t uint64_t int8_t int16_t int32_t int64_t""".split())
PAIR = re.compile(r"\[(\w+)\]\[(\w+)\]")
LAST_TWO = re.compile(r"\b\w+\((?:[^()]*, )?([A-Za-z_]\w*), ([A-Za-z_]\w*)\)")
EITHER = re.compile(r"\b(?:smaller|larger|f?m(?:in|ax)f?)\(")                       # whose arguments have no order
LARGER = re.compile(r"([\w.>-]+) ([<>]=?) ([\w.>-]+) \? (?:\1 : \3|\3 : \1)(?!\w)")     # equal ones may go either way
UNLIKE = re.compile(r"([\w.>-]+) != ([\w.>-]+)(?:\) return| \?) \1 ([<>]=?) \2(?!\w)")    # they are not equal
OURS = re.compile(r"\bassert\s*\([^;]*;")                 # what only a mistake of ours would reach
OPERAND = re.compile(r"\s*(?:\(\w+\)\s*)?[A-Za-z_0-9.]\w*(?:(?:\.|->)\w+|\[[^][]*\]|\([^()]*\)|\.\d*f?)*")


class Fault:
    """One change: of which function, on which of its lines, and the whole body that it makes."""

    def __init__(self, function, line, was, now, body):
        self.function, self.line, self.was, self.now, self.body = function, line, was, now, body

    @property
    def emptied(self):
        return self.now == ""

    def told(self):
        return f"{self.function}: emptied" if self.emptied else f"{self.function}: `{self.was}` as `{self.now}`"


def tokens(body):
    """(kind, text, where it begins) of what the compiler reads."""
    return [(match.lastgroup, match.group(), match.start()) for match in TOKEN.finditer(body)
            if match.lastgroup != "skip"]


def is_value(token):
    """Can a binary operator stand behind this token?"""
    kind, text, _ = token
    if kind == "word":
        return text not in TYPES and not re.fullmatch(r"[A-Z][a-z]\w*", text)
    return kind == "number" or text in (")", "]")


def edits(body):
    """(from, to, instead) of every change of one operator, constant, index, or factor; without those that change
    nothing by their form."""
    found, before = [], ("sign", "{", 0)
    for kind, text, at in tokens(body):
        end, behind = at + len(text), is_value(before)
        if kind == "number" and re.fullmatch(r"\d+", text):
            found.append((at, end, str(int(text) + 1)))
        elif kind == "word" and text in WORDS:
            found.append((at, end, WORDS[text]))
        elif kind == "word" and text in DROPPED and body[end] == "(":
            found.append((at, end, ""))
        elif kind == "sign" and text in SWAPPED and (behind or text not in ("&", "*")):
            found.append((at, end, SWAPPED[text]))
        elif kind == "sign" and text in BINARY and behind:
            found.append((at, end, BINARY[text]))
            operand = OPERAND.match(body, end)
            if text in "*/" and operand:
                found.append((at, operand.end(), ""))           # a scale that is forgotten
        elif kind == "sign" and text in "-!":
            found.append((at, end, ""))
        before = (kind, text, at)
    same = [match.span() for match in OURS.finditer(body)] + [match.span(2) for match in LARGER.finditer(body)]
    same += [match.span(3) for match in UNLIKE.finditer(body)]
    code = {(at, at + len(text)) for _, text, at in tokens(body)}
    for shape in (PAIR, LAST_TWO):
        for match in shape.finditer(body):
            a, b = match.span(1), match.span(2)
            if match.group(1) != match.group(2) and {a, b} <= code and not EITHER.match(match.group()):
                found.append((a[0], b[1], match.group(2) + body[a[1]:b[0]] + match.group(1)))
    return sorted(edit for edit in found if not any(start <= edit[0] < end for start, end in same))


def line_of(body, at):
    """(number, text) of the line that holds a place."""
    begin, end = body.rfind("\n", 0, at) + 1, (body + "\n").find("\n", at)
    return body.count("\n", 0, at), body[begin:end].strip()


def changes(text, name):
    """Every fault of the function `name`: its body emptied first, then each of edits()."""
    place = blank.find(text, name)
    if not place:
        return []
    body = text[place[1]:place[2] + 1]
    emptied = blank.empty(text, name)
    hollow = blank.find(emptied, name)
    nothing = emptied[hollow[1]:hollow[2] + 1].replace("NOT_DONE_YET();", "")       # what a handout says there
    faults, seen = [Fault(name, 0, "", "", nothing)], {body}
    for start, end, instead in edits(body):
        changed = body[:start] + instead + body[end:]
        if changed not in seen:
            seen.add(changed)
            number, was = line_of(body, start)
            faults.append(Fault(name, number, was, line_of(changed, start)[1], changed))
    return faults


SWITCH = """extern char *getenv(const char *);
extern int atoi(const char *);
static int mutant_number;
__attribute__((constructor)) static void mutant_choose(void) {
    if (getenv("MUTANT")) mutant_number = atoi(getenv("MUTANT"));
}
"""


def forked(text, faults):
    """The file with every body in it. faults: {number from 1: Fault}. A compiler calls the fault N `mutant-N`."""
    for name in dict.fromkeys(fault.function for fault in faults.values()):
        start, opening, end = blank.find(text, name)
        head, body = text[start:opening], text[opening:end + 1]
        at = re.search(rf"\b{name}\s*\(", head)
        names = blank.parameters(blank.signature(text, name)[1])
        private = head if re.search(r"\bstatic\b", head) else "static " + head
        back = "" if re.search(r"\bvoid\s*$", head[:at.start()]) else "return "
        copies, cases = [head.rstrip() + ";"], []
        for number, which in [(0, body)] + [(n, f.body) for n, f in faults.items() if f.function == name]:
            copy = f"{name}_mutant_{number}"
            copies.append(f'#line 1 "mutant-{number}"\n' + re.sub(rf"\b{name}(?=\s*\()", copy, private) + which)
            label = f"case {number}" if number else "default"
            cases.append(f"    {label}: {back}{copy}({', '.join(names)});" + ("" if back else " return;"))
        switch = head + "{\n    switch (mutant_number) {\n" + "\n".join(cases[1:] + cases[:1]) + "\n    }\n}"
        text = text[:start] + "\n".join([*copies, '#line 1 "mutant-switch"', switch]) + text[end + 1:]
    return SWITCH + text
