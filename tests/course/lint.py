"""make lint-exercises: what a machine can check of the exercises. One line a complaint; exit 1 when there is any."""
import os
import re
from concurrent.futures import ThreadPoolExecutor
from glob import glob

import answers
import variants
from catalogue import Trouble, exercises, path, read, shown, stages
from judge import judge

ROW = re.compile(r"^\| (\d\d\.\d+) (.*?) \| (★+) \| (\d+) \| (\w+) \| `make check-([\d.]+)` \|$", re.M)


def readme_row(e):
    return f"| {e.id} {e.title} | {'★' * e.stars} | {e.minutes} | {e.kind} | `make check-{e.id}` |"


def print_table(number):
    """The table that a stage's README must have, made from its exercises.tsv."""
    mine = exercises([number])
    if not mine:
        raise Trouble(f"no stage {number} with exercises", 2)
    print("| | stars | min | kind | check |\n|---|---|---|---|---|")
    print("\n".join(readme_row(exercise) for exercise in mine))


def complain_table(stage, mine):
    readme = path("stages", stage, "README.md")
    rows = [match.group(0) for match in ROW.finditer(read(readme))] if os.path.exists(readme) else []
    for row in [readme_row(exercise) for exercise in mine]:
        if row not in rows:
            yield f"{shown(readme)}: lacks the row (make table-{stage[:2]} prints all): {row}"
    for row in rows:
        if row not in [readme_row(exercise) for exercise in mine]:
            yield f"{shown(readme)}: a row that exercises.tsv does not have: {row}"


def complain_kinds(stage, mine):
    for kind in ("code", "measure", "think"):
        if kind not in [exercise.kind for exercise in mine]:
            yield f"{stage}: no exercise of kind {kind}"


def complain_strays(stage, mine):
    """Files that belong to no exercise."""
    starters = {exercise.file for exercise in mine} | {"exercises.tsv", "after.tsv"}
    judges = {"answers.tsv", "solutions", "data"}
    for e in mine:
        judges |= {f"ex{e.k}.hint"} | ({f"ex{e.k}.why"} if e.kind == "think" else {f"ex{e.k}.c", f"ex{e.k}.hidden.c"})
        judges |= {f"ex{e.k}.run.c", f"ex{e.k}.tried"} if e.kind == "code" else {f"ex{e.k}.variant", f"ex{e.k}.tried"}
    home = path("tests", "course", stage)
    for folder, known in ((path("stages", stage, "exercises"), starters), (home, judges),
                          (os.path.join(home, "solutions"), {exercise.file for exercise in mine})):
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            if name not in known and not name.endswith(".h") and not name.startswith("."):
                yield f"{shown(os.path.join(folder, name))}: belongs to no exercise"


def complain_files(e):
    needed = [e.starter, e.hint, e.solution] + ([] if e.kind == "think" else [e.checker])
    needed += [e.runner] if e.kind == "code" else [e.why] if e.kind == "think" else []
    for name in needed:
        if not os.path.exists(name):
            yield f"{e.id}: {shown(name)} is missing"
        elif not read(name).strip():
            yield f"{e.id}: {shown(name)} is empty"


def complain_hint(e):
    """Code has three: where to look, the idea, and one that is nearly the answer."""
    steps = e.hints()
    if e.kind == "code" and (len(steps) != 3 or not all(steps)):
        yield f"{shown(e.hint)}: {len(steps)} hints (kind code has three: where to look, the idea, nearly the answer)"


def complain_variant(e):
    """Every place of exK.variant is there, and every value is asked for by name in the checker or its headers."""
    mine = variants.knobs(e)
    told = read(e.starter) + e.title + read(e.hint) if mine else ""
    asking = "".join(read(name) for name in [e.checker, *glob(os.path.join(e.home, "*.h"))]) if mine else ""
    for knob in mine:
        for place in (place.replace("{}", knob.values[0]) for place in knob.places):
            if place not in told:
                yield f"{shown(e.variant)}: {place!r} stands neither in the starter nor in the hint"
        if f'("{knob.name}"' not in asking:
            yield f"{shown(e.variant)}: {shown(e.checker)} does not ask for \"{knob.name}\""


def complain_starter(e):
    text = read(e.starter)
    if e.id not in text.split("\n")[0]:
        yield f"{shown(e.starter)}:1: the first line names the exercise ({e.id})"
    if f"make check-{e.id}" not in text:
        yield f"{shown(e.starter)}: does not say `make check-{e.id}`"
    if text.count("\n") > 80:
        yield f"{shown(e.starter)}: {text.count(chr(10))} lines (at most 80)"
    if e.kind == "code":
        if "NOT_STARTED()" not in text:
            yield f"{shown(e.starter)}: no NOT_STARTED() where the learner's code goes"
        verdict = judge(e, e.starter, ours=True)
        if verdict.state not in ("not started", "cannot be judged here"):
            yield (f"{shown(e.starter)}: run as it is, it is `{verdict.state}`, not `not started`: "
                   + " / ".join(verdict.words))
    elif answers.given(text) != "":
        yield f"{shown(e.starter)}: no empty line `answer:`"
    if judge(e, e.starter).state != "not started":
        yield f"{shown(e.starter)}: is not `not started`"


def complain_solution(e, notes):
    if e.kind == "think":
        letters = answers.choices(e)
        if not 3 <= len(letters) <= 6 or letters != sorted(set(letters)):
            yield f"{shown(e.starter)}: choices {', '.join(letters)} (expected 3 to 6, as lines `a) ...`, `b) ...`)"
        if sum(answers.is_right(e, letter) for letter in letters) != 1:
            yield (f"{shown(e.answers)}: the answer of {e.id} is none of its choices. "
                   f"Try: make seal-{e.id} ANSWER=letter")
        if not all(answers.reply(e, letter) or answers.is_right(e, letter) for letter in letters):
            yield f"{shown(e.why)}: does not reply to every wrong letter (rows: 16 digits of its seal, a tab, why)"
        if answers.given(read(e.solution)):
            yield f"{shown(e.solution)}: spells the letter; say why it is right instead"
        return
    for secret in (False, True) if e.kind == "code" else (False,):         # True: apart, and with hidden cases
        verdict = judge(e, e.solution, secret=secret, ours=True)
        if verdict.state == "cannot be judged here":
            notes.append(f"{e.id}: not judged here: {' '.join(verdict.words)}")
            return
        if not verdict.passed:
            yield (f"{shown(e.solution)}{' with hidden cases' if secret else ''}: {verdict.state}: "
                   + " / ".join(verdict.words))


def complain_exercise(e, notes):
    try:
        found = list(complain_files(e))
        return found or [complaint for complaints in (complain_hint(e), complain_starter(e), complain_variant(e),
                                                      complain_solution(e, notes)) for complaint in complaints]
    except Trouble as trouble:
        return [f"{e.id}: {trouble}"]


def uneven(questions):
    """questions: [(right letter, {letter: its text})]. What a learner could guess by: the length of a choice,
    or its letter. Of fewer than eight questions nothing can be said."""
    if len(questions) < 8:
        return
    by_length = sum(right == max(texts, key=lambda letter: len(texts[letter])) for right, texts in questions)
    chance = sum(1 / len(texts) for _, texts in questions)
    if by_length > chance:
        yield f"the longest choice is right in {by_length} of {len(questions)} questions (by chance: {chance:.1f})"
    for letter in sorted({letter for _, texts in questions for letter in texts}):
        right = sum(letter == answer for answer, _ in questions)
        chance = sum(1 / len(texts) for _, texts in questions if letter in texts)
        if right > 2 * chance:
            yield f"{letter} is right in {right} of {len(questions)} questions (by chance: {chance:.1f})"


def complain_guesses(every):
    """Of questions that are whole; what the others lack is complained about before."""
    questions = []
    for e in every:
        if e.kind == "think" and os.path.exists(e.starter):
            texts = {letter: " ".join(text.split()) for letter, text in
                     re.findall(r"^([a-f])\) (.*?)(?=^[a-f]\) |\n\n|\Z)", read(e.starter), re.M | re.S)}
            right = [letter for letter in texts if answers.is_right(e, letter)]
            questions += [(right[0], texts)] if len(right) == 1 else []
    return uneven(questions)


def lint():
    if not any(os.path.isdir(path("tests", "course", stage, "solutions")) for stage in stages()):
        raise Trouble("there are no solutions in this copy of the course, so there is nothing to lint")
    every, complaints, notes = exercises(), [], []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for found in pool.map(lambda e: complain_exercise(e, notes), every):
            complaints += found
    for stage in stages():
        mine = [exercise for exercise in every if exercise.stage == stage]
        for rule in (complain_table, complain_kinds, complain_strays):
            complaints += rule(stage, mine)
    complaints += complain_guesses(every)
    for name in sorted(os.listdir(path("tests", "course"))):
        if re.match(r"\d\d_", name) and name not in stages():
            complaints.append(f"tests/course/{name}: stages/{name}/exercises/exercises.tsv is not there")
    print("\n".join(complaints + [f"note: {note}" for note in notes] or ["nothing to complain about"]))
    print(f"{len(every)} exercises of {len(stages())} stages, {len(complaints)} complaints")
    return 1 if complaints else 0
