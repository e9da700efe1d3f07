"""Functions that a handout came with empty (BLANK), filled by students: judged by the tests that see them empty.

A function of common/ is judged by unit tests, one of a stage by the stage's golden output; by those, at most three,
that pass with our body and fail without one. So a judge that would let an empty body pass is never used."""
import os
import re
import shlex
import shutil
import sys
import tempfile
from glob import glob

import blank
import sandbox
from catalogue import ROOT, Trouble, path, read
from judge import Verdict, compile_with, compiler, libraries, setting, squeezed, tail

sys.path.insert(0, path("tests", "golden"))

POINTS = 3                      # for a function, whatever it is: a stage's hardest exercise has about as many
SECONDS, PATIENCE, MOST = 20, 120, 3
TESTS_PASSED = re.compile(r"^\[  PASSED  \] (\d+) test", re.M)


def run(command, folder):
    """(outcome, what it said on stderr): stdout alone is the answer of a program."""
    said = os.path.join(folder, "said")
    surroundings = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", LC_ALL="C", SAID=said)
    outcome = sandbox.run(["/bin/sh", "-c", 'exec "$@" 2>"$SAID"', "sh", *command], cpu=SECONDS, wall=PATIENCE,
                          cap=sandbox.MEGABYTE, cwd=ROOT, env=surroundings)
    return outcome, read(said) if os.path.exists(said) else ""


def not_run(outcome):
    """The verdict on a program that did not come to its end, or None."""
    if outcome.late or outcome.used_up:
        return Verdict("too slow", [f"stopped after {PATIENCE if outcome.late else SECONDS} s"])
    return Verdict("crashed", [f"by signal {-outcome.code}"]) if outcome.code < 0 else None


class Unit:
    """A cmocka program, linked with one file of common/ that stands in for ours."""

    def __init__(self, source):
        self.source, self.name = source, os.path.basename(source)[:-len(".c")]
        self.count = None

    def try_on(self, place, folder):
        words = len(setting("CC", "cc"))
        command = compiler(False)
        command[words:words] = ["-I" + os.path.join(folder, "common")]     # before ours: the file may be a header
        sources = [os.path.join(folder, place)] if place.endswith(".c") else []
        oracle = ["-lpcre2-8"] if "pcre2" in read(self.source) else []
        program = os.path.join(folder, "judged")
        no = compile_with(command + sources + [self.source] + libraries(False) + ["-lcmocka", *oracle, "-o", program])
        if no:
            return no
        outcome, said = run([program], folder)
        said += outcome.out.decode("utf-8", "replace")
        passed = TESTS_PASSED.search(said)
        count = int(passed.group(1)) if passed and outcome.code == 0 else -1
        if count >= 0 and count == (self.count or count):       # an exit(0) halfway is no pass
            self.count = count
            return Verdict("passed")
        failed = sorted(set(re.findall(r"^\[  FAILED  \] (test_\w+)", said, re.M)))
        why = [f"{self.name}: {', '.join(failed)}"] if failed else [f"{self.name} did not come to its end"]
        return not_run(outcome) or Verdict("wrong", why)


class Golden:
    """A stage's program, and one command whose output is on record."""

    def __init__(self, case):
        self.case, self.name = case, case.name

    def try_on(self, place, folder):
        stage = os.path.join(folder, os.path.dirname(place))
        sources = [os.path.join(stage, name) for name in sorted(os.listdir(stage)) if name.endswith(".c")]
        program = os.path.join(folder, "judged")
        no = compile_with(compiler(False) + sources + libraries(False) + ["-o", program])
        if no:
            return no
        out = os.path.join(folder, "pictures")
        words = [word.replace("{out}", out) for word in shlex.split(self.case.command)]
        outcome, said = run([program, *words[1:], *([] if "--out" in words else ["--out", out])], folder)
        text = outcome.out.decode("utf-8", "replace").replace(out, f"out/{self.case.stage}")
        if outcome.code == 0 and not self.case.difference(text):
            return Verdict("passed")
        difference = [line for line in self.case.difference(text).split("\n") if line[:1] in "+-"][2:6]
        return not_run(outcome) or Verdict("wrong", [f"{self.case.command}"] + (tail(said)[1:] or difference))


def judges_for(name, place):
    """Those that may see whether `name` in `place` is right, the likeliest first."""
    if place.startswith("stages/"):
        import golden
        cases = golden.cases(place.split("/")[1])
        return [Golden(case) for case in cases if not (case.missing() or case.stdin or case.shows)]
    stem, header = os.path.splitext(place[len("common/"):])[0], ".h\""
    units = []
    for source in sorted(glob(path("tests", "unit", "test_*.c"))):
        text, same = read(source), os.path.basename(source) == f"test_{os.path.basename(stem)}.c"
        if same or re.search(rf"\b{name}\b", text) or f'"{stem}{header}' in text:
            units.append((not same, not re.search(rf"\b{name}\b", text), source))
    return [Unit(source) for _, _, source in sorted(units)]


class Place:
    """One definition of the function: the file, its text with our body and without, and who judges it."""

    def __init__(self, name, place, text, emptied):
        self.name, self.place, self.text, self.emptied = name, place, text, emptied
        self.judges = []
        for judge in judges_for(name, place):
            if self.tried(judge, text).passed and not self.tried(judge, emptied).passed:
                self.judges.append(judge)
            if len(self.judges) == MOST:
                break

    def tried(self, judge, text):
        with tempfile.TemporaryDirectory(prefix="headlight-judge-") as folder:
            where = os.path.join(folder, os.path.dirname(self.place))
            if self.place.startswith("stages/"):
                shutil.copytree(path(os.path.dirname(self.place)), where, ignore=shutil.ignore_patterns("exercises"))
            os.makedirs(where, exist_ok=True)
            with open(os.path.join(folder, self.place), "w", encoding="utf-8") as file:
                file.write(text)
            verdict = judge.try_on(self.place, folder)
            verdict.words = [word.replace(folder + os.sep, "") for word in verdict.words]
            return verdict

    def body(self, text, name):
        found = blank.find(text, name)
        return text[found[1]:found[2]] if found else None

    def with_ours(self, text, others):
        """A student's file in which the other emptied functions have our bodies: each is judged alone."""
        for other in others:
            theirs, ours = blank.find(text, other), self.body(self.text, other)
            if theirs and ours is not None and other != self.name:
                text = text[:theirs[1]] + ours + text[theirs[2]:]
        return text

    def verdict(self, names, folder, others):
        found = [name for name in names if f"/{name}".endswith(f"/{self.place}")]
        if not found:
            return Verdict("missing", [f"no {self.place} was found"])
        text = read(os.path.join(folder, min(found, key=lambda name: (name.count(os.sep), name))))
        body = self.body(text, self.name)
        if body is None:
            return Verdict("does not compile", [f"no function {self.name}() was found in {self.place}"])
        if squeezed(body) == squeezed(self.body(self.emptied, self.name)):
            return Verdict("not started")
        text = self.with_ours(text, others)
        for judge in self.judges:
            verdict = self.tried(judge, text)
            if not verdict.passed:
                return verdict
        return Verdict("passed")


class Rebuilt:
    """A function of BLANK, in the place of an exercise in the table of grades."""

    def __init__(self, name, others, sources):
        self.id, self.points, self.others, self.places = name, POINTS, others, []
        for place in sources:
            emptied = blank.empty(read(path(place)), name)
            if emptied is not None:
                self.places.append(Place(name, place, read(path(place)), emptied))
        if not self.places:
            raise Trouble(f"BLANK: no function {name}() in common/ or in the stages that are graded", 2)
        for place in self.places:
            if not place.judges:
                raise Trouble(f"BLANK: nothing here sees whether {name}() in {place.place} is empty, so nobody can "
                              "judge it (expected a test that passes with it). Try: make deps-test, or leave it out")

    def verdict(self, folder, names):
        for place in self.places:
            verdict = place.verdict(names, folder, self.others)
            if not verdict.passed:
                return verdict
        return Verdict("passed")


def rebuilt(blank_text, stages):
    """A Rebuilt for each name in BLANK="mask_allows attention_forward"; stages: numbers, or None for all."""
    words = blank_text.replace(",", " ").split()
    for word in words:
        if not re.fullmatch(r"[A-Za-z_]\w*", word):
            raise Trouble(f"BLANK: {word!r} is no name of a function", 2)
    sources = sorted(glob("common/**/*.[ch]", root_dir=ROOT, recursive=True)) + [
        name for name in sorted(glob("stages/*/*.[ch]", root_dir=ROOT)) if not stages or name[7:9] in stages]
    return [Rebuilt(word, words, sources) for word in dict.fromkeys(words)]
