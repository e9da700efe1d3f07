"""Answers to think about: one letter, kept as a salted hash so that nobody reads it in passing."""
import hashlib
import os
import re
import secrets

from catalogue import Trouble, read, shown

ANSWER = re.compile(r"^[ \t]*answer[ \t]*:[ \t]*(?:answer[ \t]*:)?(.*)$", re.M | re.I)
# Signs as editors and phones write them.
PLAIN = str.maketrans({"\u2212": "-", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2019": "'"})
LETTER = re.compile(r"""[(["'*_`]* (?: (?:answer|option|choice) \s+ [(["'*_`]* )? ([a-z])
                        ( [)\].:"'*_`]* | [)\].:"'*_`]+ \s .* )""", re.I | re.X)
CHOICE = re.compile(r"^[ \t]*([a-z])\)", re.M)


def given(text):
    """What stands behind the last `answer:` at the start of a line, or, when nothing does, on the lines below it; None
    when there is no such line."""
    found = list(ANSWER.finditer(text))
    if not found:
        return None
    return (found[-1].group(1).strip(" \t") or " ".join(text[found[-1].end():].split())).translate(PLAIN)


def choices(exercise):
    return CHOICE.findall(read(exercise.starter))


def seal_of(exercise, salt, letter):
    return hashlib.sha256(f"{exercise.id}:{salt}:{letter}".encode()).hexdigest()


def seals(exercise):
    """{id: (salt, hash)} of answers.tsv."""
    if not os.path.exists(exercise.answers):
        return {}
    rows = [line.split("\t") for line in read(exercise.answers).split("\n")[1:] if line]
    return {row[0]: (row[1], row[2]) for row in rows if len(row) == 3}


def is_right(exercise, letter):
    sealed = seals(exercise).get(exercise.id)
    if not sealed:
        raise Trouble(f"{shown(exercise.answers)}: no answer for {exercise.id}. "
                      f"Try: make seal-{exercise.id} ANSWER=letter")
    return seal_of(exercise, sealed[0], letter) == sealed[1]


def reply(exercise, letter):
    """What is wrong about this letter: a row of exK.why, under its seal, so that no letter can be read there. Or ""."""
    salt = seals(exercise).get(exercise.id, ("", ""))[0]
    rows = dict(line.split("\t", 1) for line in read(exercise.why).split("\n") if "\t" in line) \
        if os.path.exists(exercise.why) else {}
    return rows.get(seal_of(exercise, salt, letter)[:16], "")


def letter_of(text):
    """`B.`, `(b)`, ` b) because`, `option b` -> `b`; None when it is no single letter."""
    match = LETTER.fullmatch(text.strip())
    if not match or re.search(r"(?:^|\W)[a-z]\)|\bor \(?[a-z][).]*$", match.group(2), re.I):   # several are no answer
        return None
    return match.group(1).lower()


def seal(exercise, letter):
    """Writes or rewrites the row of an exercise in answers.tsv."""
    if exercise.kind != "think":
        raise Trouble(f"{exercise.id} is of kind {exercise.kind} (only think has a sealed answer)", 2)
    letters = choices(exercise)
    if letter not in letters:
        raise Trouble(f"ANSWER is {letter!r} (expected one of {', '.join(letters)}: the choices in "
                      f"{shown(exercise.starter)}). Try: make seal-{exercise.id} ANSWER=b", 2)
    rows = seals(exercise)
    salt = secrets.token_hex(8)
    rows[exercise.id] = (salt, seal_of(exercise, salt, letter))
    os.makedirs(exercise.home, exist_ok=True)
    aside = exercise.answers + ".new"
    with open(aside, "w", encoding="utf-8") as file:
        file.write("id\tsalt\tsha256\n")
        for name in sorted(rows, key=lambda name: int(name.split(".")[1])):
            file.write("\t".join((name, *rows[name])) + "\n")
    os.replace(aside, exercise.answers)
    print(f"sealed the answer of {exercise.id} in {shown(exercise.answers)}")
