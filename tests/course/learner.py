"""What a learner does: start, check, ask for a hint, see the solution, see how far it is."""
import os
import shutil
import sys
import time

from catalogue import Trouble, exercises, full_name, one, path, read, shown, stages
from judge import judge

LINE = "-" * 72
SKIPPED = path("work", ".skipped")


# ---- make start ------------------------------------------------------------------------------------------------

def same(a, b):
    with open(a, "rb") as first, open(b, "rb") as second:
        return first.read() == second.read()


def copy(source, target):
    """A copy that is there whole or not at all."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copyfile(source, target + ".new")
    os.replace(target + ".new", target)


def begin(exercise):
    """Copies one starter, if the learner has no such file yet. Returns `new`, `updated`, `changed` or ``."""
    if not os.path.exists(exercise.starter):
        raise Trouble(f"{shown(exercise.starter)} is not there (exercises.tsv has a row for it)")
    if not os.path.lexists(exercise.work):
        copy(exercise.starter, exercise.pristine)
        copy(exercise.starter, exercise.work)
        return "new"
    if not os.path.exists(exercise.pristine):
        copy(exercise.starter, exercise.pristine)
    if same(exercise.pristine, exercise.starter):
        return ""
    if same(exercise.work, exercise.pristine):          # nothing of the learner's is in it
        copy(exercise.starter, exercise.pristine)
        copy(exercise.starter, exercise.work)
        return "updated"
    return "changed"


def merge_words(exercise):
    mine, old, new = shown(exercise.work), shown(exercise.pristine), shown(exercise.starter)
    return [f"note: the course has changed {exercise.id} since you began. Your file stays as it is. To take the change "
            "over:", f"    git merge-file {mine} {old} {new} && cp {new} {old}"]


def start():
    every = exercises()
    if not every:
        raise Trouble("there are no exercises yet (expected stages/NN_name/exercises/exercises.tsv)")
    done = {exercise: begin(exercise) for exercise in every}
    fresh = [exercise for exercise in every if done[exercise] == "new"]
    for exercise in every:
        if done[exercise] == "updated":
            print(f"updated {shown(exercise.work)} (you had not begun it)")
        elif done[exercise] == "changed":
            print("\n".join(merge_words(exercise)))
    if fresh:
        folders = sorted({os.path.dirname(shown(exercise.work)) for exercise in fresh})
        print(f"copied {len(fresh)} exercises into {', '.join(folders)}. They are yours: nothing overwrites them.")
    else:
        print(f"all {len(every)} exercises were in work/ already; your files stay as they are.")
    print("Next: make check")
    return 0


# ---- make check ------------------------------------------------------------------------------------------------

def explain(exercise, verdict):
    """What a learner reads about a verdict that is not `passed`."""
    mine = shown(exercise.work)
    print(f"{exercise.id} {verdict.state}: {exercise.title}")
    for line in verdict.words + verdict.printed:
        print("    " + line)
    again = f"make check-{exercise.id}"
    advice = {
        "not started": f"Open {mine}: it says what to do. Then: {again}",
        "wrong": f"Change {mine}, then: {again}. A hint: make hint-{exercise.id}; later: make skip-{exercise.id}",
        "crashed": f"Run make memcheck-{exercise.id}: it names the line in {mine}.",
        "does not compile": f"Mend {mine}, then: {again}",
        "too slow": f"Change {mine}, then: {again}. A hint: make hint-{exercise.id}",
        "too much memory": f"Run make memcheck-{exercise.id}, or look for what grows in {mine}.",
        "cannot be judged here": f"Then: {again}",
    }.get(verdict.state)
    if advice:
        print(advice)


def note_changes(every):
    for exercise in every:
        if all(map(os.path.exists, (exercise.work, exercise.pristine, exercise.starter))) \
                and not same(exercise.pristine, exercise.starter):
            print("\n".join(merge_words(exercise) if not same(exercise.work, exercise.pristine)
                            else [f"note: {exercise.id} has changed, and you had not begun it. Run: make start"]))


def skipped():
    """The exercises that the learner has put off, by name."""
    return read(SKIPPED).split() if os.path.exists(SKIPPED) else []


def skip_words(names):
    os.makedirs(os.path.dirname(SKIPPED), exist_ok=True)
    with open(SKIPPED + ".new", "w", encoding="utf-8") as out:
        out.write("".join(f"{name}\n" for name in names))
    os.replace(SKIPPED + ".new", SKIPPED)


def skip(name):
    """Puts an exercise off: `make check` goes on behind it, and comes back to it when all others are done."""
    exercise = one(name, "skip")
    if exercise.id not in skipped():
        skip_words(skipped() + [exercise.id])
    print(f"{exercise.id} is put off. make check goes on behind it and comes back to it at the end; "
          f"make check-{exercise.id} looks at it whenever you like.")
    return 0


def in_order(every):
    """What was put off comes last."""
    off = skipped()
    return [e for e in every if e.id not in off] + [e for e in every if e.id in off]


def check_list(every):
    """One after the other; stops at the first that is not passed. Those that this machine cannot judge (a model that is
    not there) are passed over, with a note. Returns those that passed, or None when one did not."""
    passed = []
    for exercise in every:
        verdict = judge(exercise)
        if verdict.state == "missing":
            raise Trouble(f"{shown(exercise.work)} is not there. Try: make start")
        if verdict.state == "cannot be judged here":
            print(f"{exercise.id} passed over: {' '.join(verdict.words)}")
            continue
        if not verdict.passed:
            if passed:
                print(f"{len(passed)} passed, the last one {passed[-1].id} ({passed[-1].title})")
            if exercise.id in skipped():
                print(f"{exercise.id} was put off, and its turn has come.")
            print(LINE)
            explain(exercise, verdict)
            return None
        passed.append(exercise)
    return passed


def check_begun(every):
    if not any(os.path.exists(exercise.work) for exercise in every):
        raise Trouble("you have not begun. Try: make start")
    note_changes(every)


def check():
    """From the first exercise on."""
    every = exercises()
    check_begun(every)
    passed = check_list(in_order(every))
    if passed is None:
        return 1
    points = sum(exercise.points for exercise in passed)
    if len(passed) < len(every):
        print(f"{len(passed)} of {len(every)} exercises pass; the others wait for what is missing here.")
        return 1
    print(f"All {len(every)} exercises pass: {points} of {points} points. That was the whole course. Well done.")
    return 0


def check_stage(number):
    """All exercises of one stage."""
    mine = exercises([number])
    check_begun(exercises())
    passed = check_list(in_order(mine))
    if passed is None:
        return 1
    print(f"{len(passed)} of {len(mine)} exercises of stage {number} pass: {sum(e.points for e in passed)} points.")
    return 0 if len(passed) == len(mine) else 1


def watch():
    """Looks at work/, and judges a file whenever it was saved. Ctrl-C ends it."""
    every = exercises()
    check_begun(every)
    seen = {e: saved(e) for e in every}
    print("watching work/: save a file and it is checked. Ctrl-C ends this.", flush=True)
    while True:
        time.sleep(0.3)
        for exercise in every:
            now = saved(exercise)
            if now != seen[exercise] and now:
                print(LINE)
                check_one(exercise.id)
                sys.stdout.flush()
            seen[exercise] = now


def saved(exercise):
    """When, and how large; None when it is not there."""
    try:
        about = os.stat(exercise.work)
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size


def following(exercise):
    every = exercises()
    at = [other.id for other in every].index(exercise.id)
    return every[at + 1] if at + 1 < len(every) else None


def check_one(name, memcheck=False):
    if full_name(name) in [stage[:2] for stage in stages()]:
        return check_stage(full_name(name))
    exercise = one(name)
    if os.path.exists(exercise.work):
        note_changes([exercise])
    verdict = judge(exercise, memcheck=memcheck)
    if not verdict.passed:
        explain(exercise, verdict)
        return 1
    print(f"{exercise.id} passed ({exercise.points_text()}){', clean under the memory check' if memcheck else ''}. "
          f"Compare: make solution-{exercise.id}")
    after = following(exercise)
    print(f"Next: {after.id} {after.title} ({after.minutes} min): {shown(after.work)}" if after else
          "That was the last one. All of them again: make check")
    return 0


# ---- make hint, solution, progress --------------------------------------------------------------------------------

def hint(name, upto):
    exercise = one(name, "hint")
    hints = exercise.hints()
    if not hints:
        raise Trouble(f"{exercise.id} has no hint")
    for number, words in enumerate(hints[:upto], 1):
        print(f"hint {number} of {len(hints)}")
        print(words)
    if upto < len(hints):
        print(f"One more: make hint-{exercise.id} HINT={upto + 1}")
    return 0


def solution(name, force):
    exercise = one(name, "solution")
    if not os.path.exists(exercise.solution):
        raise Trouble("there are no solutions in this copy of the course")
    if not force and not judge(exercise).passed:
        raise Trouble(f"{exercise.id} does not pass yet: solutions are for comparing. Try: make hint-{exercise.id}, or "
                      f"make solution-{exercise.id} FORCE=1")
    print(read(exercise.solution), end="")
    return 0


def progress():
    every = exercises()
    if not any(os.path.exists(exercise.work) for exercise in every):
        raise Trouble("you have not begun. Try: make start")
    done = {exercise: judge(exercise).passed for exercise in every}
    print(f"{'stage':28} {'done':>7} {'points':>9} {'minutes left':>13}")
    total = [0, 0, 0, 0, 0]
    for stage in stages():
        here = [exercise for exercise in every if exercise.stage == stage]
        row = [sum(done[e] for e in here), len(here), sum(e.points for e in here if done[e]),
               sum(e.points for e in here), sum(e.minutes for e in here if not done[e])]
        total = [a + b for a, b in zip(total, row)]
        print_row(stage, row)
        for after in sorted({e.after for e in here if e.after and not done[e]}):
            if not all(done[e] for e in every if e.number == after):
                print(f"    {stage[:2]} part 2 waits for {after}")
    print_row("together", total)
    return 0


def print_row(name, row):
    print(f"{name:28} {f'{row[0]}/{row[1]}':>7} {f'{row[2]}/{row[3]}':>9} {row[4]:>13}")
