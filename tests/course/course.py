#!/usr/bin/env python3
"""The exercise machine. `make start`, `make check`, ... come here (tests/course/course.mk); README.md is its manual.

    course.py start | check | watch | progress | lint | tried
    course.py check NN | check NN.K | skip NN.K | memcheck NN.K | hint NN.K | solution NN.K
    course.py seal NN.K | tried NN.K | table NN
    course.py handout | grade        what they need is in the environment: OUT STAGES EXERCISES BLANK TITLE SHEET
                                     VARIANT, TARGET; DIR CSV STAGES EXERCISES BLANK VARIANT, CREDIT DETAILS REPORTS
                                     ROSTER TITLE, JAIL
    course.py key                    what the student VARIANT should answer: VARIANT STAGES EXERCISES
    course.py answers | gradescope   every answer with its reason; one submission, where Gradescope puts it

Exit 0: done, passed. 1: not passed, or bad data. 2: usage. 3: the machine. Python's standard library only.
"""
import os
import select
import sys

import answers
import catalogue
import grade
import gradescope
import handout
import key
import learner
import lint
import tried


def number(name, usual):
    text = os.environ.get(name) or str(usual)
    if not text.isdecimal() or not 1 <= int(text) <= 99:
        raise catalogue.Trouble(f"{name} is {text!r} (expected a whole number from 1)", 2)
    return int(text)


def setting(name):
    return os.environ.get(name, "").strip()


def own_key():
    try:
        import truths
    except ImportError:
        raise catalogue.Trouble("a handout has no answers", 2) from None
    truths.key(*map(setting, "VARIANT STAGES EXERCISES".split()))


ALONE = {
    "start": learner.start, "check": learner.check, "watch": learner.watch, "progress": learner.progress,
    "lint": lint.lint, "tried": tried.tried,
    "handout": lambda: handout.handout(*map(setting, "OUT STAGES BLANK TITLE EXERCISES SHEET TARGET CREDIT DETAILS "
                                            "VARIANT".split())),
    "grade": lambda: grade.grade(*map(setting,
                                      "DIR CSV STAGES BLANK JAIL TRUST CREDIT DETAILS REPORTS EXERCISES ROSTER TITLE "
                                      "VARIANT".split())),
    "gradescope": lambda: gradescope.run(*map(setting, "STAGES EXERCISES BLANK CREDIT DETAILS".split())),
    "key": own_key,
    "answers": lambda: key.tell(setting("STAGES")),
}
WITH_NAME = {
    "check": learner.check_one,
    "memcheck": lambda name: learner.check_one(name, memcheck=True),
    "skip": learner.skip,
    "hint": lambda name: learner.hint(name, number("HINT", 1)),
    "solution": lambda name: learner.solution(name, bool(setting("FORCE"))),
    "tried": lambda name: tried.tried([name]),
    "seal": lambda name: answers.seal(catalogue.one(name), setting("ANSWER").lower()),
    "table": lint.print_table,
}


def main(arguments):
    try:
        if arguments == ["grade", "--trust"]:
            os.environ["TRUST"] = "1"
            arguments.pop()
        if len(arguments) == 1 and arguments[0] in ALONE:
            return ALONE[arguments[0]]() or 0
        if len(arguments) == 2 and arguments[0] in WITH_NAME:
            return WITH_NAME[arguments[0]](arguments[1]) or 0
        raise catalogue.Trouble("expected one of " + ", ".join(sorted(ALONE)) + ", or with NN.K: "
                                + ", ".join(sorted(WITH_NAME)), 2)
    except catalogue.Trouble as trouble:
        sys.stdout.flush()
        print(f"course: error: {trouble}", file=sys.stderr)
        return trouble.code
    except OSError as problem:
        if isinstance(problem, BrokenPipeError) and nobody_reads():
            raise
        sys.stdout.flush()
        print(f"course: error: {problem.filename or ''}: {problem.strerror or problem}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130


def nobody_reads():
    """Whether the other end of the pipe that we print into is closed."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return bool(poll.poll(0))


def main_into_a_pipe(arguments):
    """The same; whoever reads and stops, as in `make progress | head`, has seen enough, and nothing went wrong."""
    try:
        code = main(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main_into_a_pipe(sys.argv[1:]))
