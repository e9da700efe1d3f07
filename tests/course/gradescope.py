"""Gradescope: the package that its autograder wants (make handout TARGET=gradescope), and what runs in there.

Its contract (gradescope-autograders.readthedocs.io, Autograder Specifications): a zip with setup.sh and run_autograder
at its top, unpacked into /autograder/source; setup.sh runs once, as root, when the image is built; run_autograder runs
for every submission, which lies in /autograder/submission, and leaves /autograder/results/results.json. A test may have
another folder than /autograder: $AUTOGRADER."""
import json
import os
import shlex
import time
import zipfile

import jail
import report
from catalogue import Trouble, path
from grade import grading_of

LEFT_OUT = ("docs/img/", "tests/page/", "tests/bench/", "tests/fuzz/corpus/", ".ci/", ".devcontainer/")
SETUP = """#!/bin/sh
# Runs once, when Gradescope builds the image.
set -e
cd "${AUTOGRADER:-/autograder}/source/course"
export DEBIAN_FRONTEND=noninteractive
if [ "$(id -u)" = 0 ] && ! command -v make >/dev/null; then apt-get update -q && apt-get install -qy make; fi
sh docs/deps.sh run
sh docs/deps.sh --nice test
make -s QUIET=1 build/libheadlight.a
chmod 700 ..
"""
RUN = """#!/bin/sh
# Runs for every submission; tests/course/gradescope.py does the work.
cd "${AUTOGRADER:-/autograder}/source/course" || exit 3
exec make -s gradescope %s
"""


def package(out, names, settings):
    """The zip; names: the files of the course that go in; settings: {STAGES: ...} of a grading."""
    if not out.endswith(".zip"):
        raise Trouble(f"OUT is {out} (TARGET=gradescope makes a .zip). Try: OUT={out}.zip", 2)
    words = " ".join(f"{name}={shlex.quote(value)}" for name, value in settings.items() if value)
    aside = f"{out}.{os.getpid()}.new"
    try:
        with zipfile.ZipFile(aside, "x", zipfile.ZIP_DEFLATED) as file:
            for name, text in (("setup.sh", SETUP), ("run_autograder", RUN % words)):
                about = zipfile.ZipInfo(name)
                about.external_attr = 0o755 << 16
                file.writestr(about, text)
            for name in names:
                if not name.startswith(LEFT_OUT) and not os.path.islink(path(name)):
                    file.write(path(name), f"course/{name}")
        os.rename(aside, out)
    except BaseException:
        if os.path.exists(aside):
            os.remove(aside)
        raise


def isolation():
    """(the sandbox to use, what is said of it)."""
    kind = jail.best()
    if kind != "none":
        return kind, f"sandbox: {kind}"
    if jail.works("user"):
        return "user", "sandbox: another user, since this container forbids namespaces"
    return "none", "sandbox: none; this container forbids namespaces, and the grader is not root"


def results(grading, folder, words):
    """What results.json holds."""
    began = time.monotonic()
    _, problem, verdicts, points = grading.judged("submission", folder)
    tests = [{"name": f"{e.id} {getattr(e, 'title', '')}".strip(), "score": got, "max_score": e.points,
              "status": "passed" if verdict.passed else "failed", "visibility": "visible",
              "output": "\n".join([verdict.state, *report.told(verdict, grading.details)])}
             for e, verdict, got in zip(grading.wanted, verdicts, points)]
    return {"execution_time": round(time.monotonic() - began), "visibility": "visible", "stdout_visibility": "hidden",
            "output": "\n".join([words] + ([problem] if problem else [])), "tests": tests}


def run(stages_text, exercises_text, blank_text, credit, details):
    base = os.environ.get("AUTOGRADER") or "/autograder"
    kind, words = isolation()
    os.makedirs(os.path.join(base, "results"), exist_ok=True)
    if os.geteuid() == 0:                       # for JAIL=user: what is not everybody's is closed to what is handed in
        for name in ("source", "submission", "results"):
            os.chmod(os.path.join(base, name), 0o700)
    with grading_of(stages_text, exercises_text, blank_text, kind, credit, details) as grading:
        found = results(grading, os.path.join(base, "submission"), words)
    aside = os.path.join(base, "results", "results.json.new")
    with open(aside, "w", encoding="utf-8", errors="backslashreplace") as file:
        json.dump(found, file, indent=1)
    os.replace(aside, os.path.join(base, "results", "results.json"))
