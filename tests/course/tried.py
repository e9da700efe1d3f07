"""Answers that were tried on the checkers: exK.tried beside each code exercise holds wrong ones, each of which a
checker must see, and right ones that it must let pass.

    wrong: what is wrong with it, one line
    - a part of the solution, found once
    + what stands there instead
    right: why it is right all the same
    = a whole file, line by line

Several pairs of - and + change several places; a part may have several lines, with - or + on each.

    course.py tried [NN.K ...]
"""
import os
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor

import judge
from catalogue import Trouble, exercises, read, shown

ENOUGH = 10                     # wrong answers an exercise must have


class Tried:
    """One answer: whether it is right, what it does, its text in C."""

    def __init__(self, right, title, text):
        self.right, self.title, self.text = right, title, text


def pairs(lines):
    """[(old, new)] of lines that begin with - and +."""
    found, last = [], ""
    for line in lines:
        sign, rest = line[:1], line[2:]
        if sign == "-" and last != "-":
            found.append(([], []))
        found[-1]["-+".index(sign)].append(rest)
        last = sign
    return [("\n".join(old), "\n".join(new)) for old, new in found]


def applied(solution, lines, where):
    if all(line.startswith("=") for line in lines):
        return "\n".join(line[2:] for line in lines) + "\n"
    for old, new in pairs(lines):
        if solution.count(old) != 1:
            raise Trouble(f"{where}: `{old}` stands {solution.count(old)} times in the solution (expected once)")
        solution = solution.replace(old, new)
    return solution


def answers_of(exercise):
    """All that stands in exK.tried."""
    solution, found, lines = read(exercise.solution), [], read(exercise.tried).split("\n")
    heads = [i for i, line in enumerate(lines) if re.match(r"(wrong|right): ", line)]
    for head, end in zip(heads, heads[1:] + [len(lines)]):
        where = f"{shown(exercise.tried)}:{head + 1}"
        body = [line for line in lines[head + 1:end] if line]
        if not body or not all(re.match(r"[-+=]( |$)", line) for line in body):
            raise Trouble(f"{where}: expected lines that begin with `- `, `+ ` or `= `")
        kind, title = lines[head].split(": ", 1)
        found.append(Tried(kind == "right", title, applied(solution, body, where)))
    return found


def surprise(exercise, answer):
    """What the checker got wrong about this answer, as one line; None when it was right."""
    with tempfile.TemporaryDirectory(prefix="headlight-tried-") as folder:
        file = os.path.join(folder, exercise.file)
        with open(file, "w", encoding="utf-8") as out:
            out.write(answer.text)
        verdict = judge.judge(exercise, file)
    if verdict.state in ("does not compile", "not started") or verdict.passed != answer.right:
        return (f"{exercise.id}: {'right' if answer.right else 'wrong'}: {answer.title}: {verdict.state}"
                + (": " + " / ".join(verdict.words) if verdict.words else ""))
    return None


def try_all(names):
    every = [e for e in exercises() if e.kind == "code" and (not names or e.id in names)]
    work, complaints = [], []
    for e in every:
        answers = answers_of(e) if os.path.exists(e.tried) else []
        wrong = sum(not answer.right for answer in answers)
        if wrong < ENOUGH:
            complaints.append(f"{shown(e.tried)}: {wrong} wrong answers (expected {ENOUGH})")
        work += [(e, answer) for answer in answers]
    with ThreadPoolExecutor(max_workers=2) as pool:
        complaints += [words for words in pool.map(lambda pair: surprise(*pair), work) if words]
    return len(work), complaints


def tried(names=()):
    count, complaints = try_all(names)
    print("\n".join(complaints + [f"{count} answers tried, {len(complaints)} complaints"]))
    return 1 if complaints else 0
