"""Answers that were tried on the checkers: exK.tried beside each code exercise holds wrong ones, each of which a
checker must see, and right ones that it must let pass. For measure it holds wrong numbers; spellings.py adds ways to
write what is right, and slips that anyone may make, and all that is tried of kind think.

    wrong: what is wrong with it, one line
    - a part of the solution, found once
    + what stands there instead
    right: why it is right all the same
    = a whole file, line by line

Several pairs of - and + change several places; a part may have several lines, with - or + on each. An answer of kind
measure is what stands behind `answer:`, as `= 26 34 104`.

    course.py tried [NN.K ...]
"""
import os
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor

import answers
import judge
import spellings
from catalogue import Trouble, exercises, read, shown, warn
from key import letter as right_letter

ENOUGH = 10                     # wrong answers an exercise must have


class Tried:
    """One answer: whether it is right, what it does, the text of its file."""

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
    """All that stands in exK.tried, as texts of the file that would be handed in."""
    solution, found, lines = read(exercise.solution), [], read(exercise.tried).split("\n")
    heads = [i for i, line in enumerate(lines) if re.match(r"(wrong|right): ", line)]
    for head, end in zip(heads, heads[1:] + [len(lines)]):
        where = f"{shown(exercise.tried)}:{head + 1}"
        body = [line for line in lines[head + 1:end] if line]
        if not body or not all(re.match(r"[-+=]( |$)", line) for line in body):
            raise Trouble(f"{where}: expected lines that begin with `- `, `+ ` or `= `")
        kind, title = lines[head].split(": ", 1)
        text = applied(solution, body, where)
        found.append(Tried(kind == "right", title, text if exercise.kind == "code" else "answer: " + text))
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


class Many:
    """The judge of a measure exercise, linked once, for many answers: it may have to read a model first."""

    def __init__(self, exercise):
        self.exercise, self.held = exercise, tempfile.TemporaryDirectory(prefix="headlight-tried-")
        no = judge.build(exercise, None, self.held.name, False, False, False, False)
        if no:
            raise Trouble(f"{exercise.id}: its judge: {no.state}: {' / '.join(no.words)}", 3)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.held.cleanup()

    def run(self, text, **how):
        """Its words; None when it cannot judge here."""
        verdict = judge.run(os.path.join(self.held.name, "judge"), text, False, False, **how)
        if verdict.state not in ("key", "tried", "cannot be judged here"):
            raise Trouble(f"{self.exercise.id}: its judge: {verdict.state}: {' / '.join(verdict.words)}", 3)
        return verdict.words[0] if verdict.state != "cannot be judged here" else None


def surprises_of_measure(exercise, own):
    """(how many were tried, complaints)."""
    with Many(exercise) as judged:
        truth = judged.run("", key=True)
        if truth is None:
            warn(f"{exercise.id}: cannot be judged here, so nothing was tried on it")
            return 0, []
        every = own + [Tried(*one) for one in spellings.measured(answers.given(read(exercise.solution)), truth.split())]
        seen = judged.run("\n".join(answers.given(answer.text) or "" for answer in every), tries=True)
    if len(seen) != len(every):
        raise Trouble(f"{exercise.id}: {len(every)} answers, {len(seen)} verdicts", 3)
    return len(every), [f"{exercise.id}: {'right' if answer.right else 'wrong'}: {answer.title}: "
                        f"{'passed' if letter == 'y' else 'wrong'}: {answer.text!r}"
                        for answer, letter in zip(every, seen) if answer.right != (letter == "y")]


def own_answers(exercise):
    """(what stands in exK.tried, complaints that it is too little)."""
    found = answers_of(exercise) if os.path.exists(exercise.tried) else []
    wrong = sum(not answer.right for answer in found)
    few = [] if wrong >= ENOUGH else [f"{shown(exercise.tried)}: {wrong} wrong answers (expected {ENOUGH})"]
    return found, few


def try_all(names):
    count, work, complaints = 0, [], []
    for e in exercises():
        if names and e.id not in names:
            continue
        if e.kind == "think":
            work += [(e, Tried(*one)) for one in spellings.thought(answers.choices(e), right_letter(e))]
            continue
        own, few = own_answers(e)
        complaints += few
        if e.kind == "code":
            work += [(e, answer) for answer in own]
            continue
        tried_here, found = surprises_of_measure(e, own)
        count, complaints = count + tried_here, complaints + found
    work = work[::judge.whole_number("TRIED_EVERY", 1)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        complaints += [words for words in pool.map(lambda pair: surprise(*pair), work) if words]
    return count + len(work), complaints


def tried(names=()):
    count, complaints = try_all(names)
    print("\n".join(complaints + [f"{count} answers tried, {len(complaints)} complaints"]))
    return 1 if complaints else 0
