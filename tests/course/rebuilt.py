"""Functions that a handout came with empty (BLANK), filled by students, and who judges them.

Those of bodies/ have a judge of their own (bodies.py), and their verdict is made where no line of a student's ran. Of
the others, a function of common/ is judged by unit tests, one of a stage by the stage's golden output; by at most three
of these programs with the student's code in them: they run in a sandbox and can harm nobody, but what they say can be
forged. A judge is used only when it passes our body and fails an empty one."""
import functools
import os
import re
import shlex
import sys
from glob import glob

import blank
import bodies
import jail
import sandbox
from apart import INSIDE, OBJECT_BYTES, TOGETHER, Handed, Room, folder_of_its_own
from bodies import headers_of, siblings
from catalogue import ROOT, Trouble, path, read, source, warn
from halves import Halves, changed_types
from judge import LARGEST, Verdict, our_object, our_text, squeezed, tail

sys.path.insert(0, path("tests", "golden"))

SECONDS, PATIENCE, MOST = 20, 120, 3
SCRATCH = 64 * sandbox.MEGABYTE
TESTS_PASSED = re.compile(r"^\[  PASSED  \] (\d+) test", re.M)


class Bench:
    """Where a student's file is compiled and run: a sandbox with what tests and stages read there, fixtures and data,
    where nobody can read them. missing: as of a Room; credit: cases count."""

    def __init__(self, kind, missing, credit):
        self.room, self.credit = Room(kind, missing), credit
        self.inside, self.binds = INSIDE if kind in jail.WHOLE else self.room.root, []
        for name in ("tests/fixtures", "data"):
            if not os.path.isdir(path(name)):
                continue
            if kind not in jail.WHOLE:                          # the real folders, by links
                os.makedirs(os.path.dirname(os.path.join(self.room.root, name)), exist_ok=True)
                os.symlink(path(name), os.path.join(self.room.root, name))
                self.binds.append((path(name), path(name)))
            elif jail.reachable(kind, path(name)):
                self.binds.append((path(name), f"{INSIDE}/{name}"))

    def run(self, words, folder):
        """(outcome, what it said on stderr) of folder/out/runner: stdout alone is the answer of a program."""
        said = os.path.join(folder, "out", "said")
        both = ["/bin/sh", "-c", f'cd {shlex.quote(self.inside)} && exec "$@" 2>{INSIDE}/out/said', "sh",
                f"{INSIDE}/out/runner", *words]
        command = jail.jailed(self.room.kind, both, self.binds, [(os.path.join(folder, "out"), f"{INSIDE}/out")],
                              OBJECT_BYTES, scratch=SCRATCH)
        outcome = sandbox.run(command, cpu=SECONDS, wall=PATIENCE, cap=sandbox.MEGABYTE, cwd=ROOT,
                              env=dict(os.environ), together=TOGETHER)
        jail.swept(self.room.kind)                              # nobody puts another file in the place of `said` now
        outcome.code = 128 - outcome.code if outcome.code > 128 else outcome.code     # a sandbox tells signals so
        plain = os.path.isfile(said) and not os.path.islink(said) and os.path.getsize(said) <= OBJECT_BYTES
        return outcome, read(said) if plain else ""


def handed(place, text, halves, more=(), libraries=()):
    """A student's file, linked with ours of its stage, with `more` objects of ours and with libraries."""
    objects = siblings(place) + list(more)
    if halves:
        objects.append(our_text(f'#line 1 "{place}"\n{halves.ours}', os.path.dirname(place)))
    text = f'#line 1 "{place}"\n{halves.theirs if halves else text}'
    return Handed(text.encode("utf-8", "replace"), headers_of(place), objects, place, halves.renamed if halves else (),
                  libraries)


def not_run(outcome):
    """The verdict on a program that did not come to its end, or None."""
    if outcome.out_of_time(-outcome.code, SECONDS):
        return Verdict("too slow", [f"stopped after {PATIENCE if outcome.late else SECONDS} s"])
    return Verdict("crashed", [f"by signal {-outcome.code}"]) if outcome.code < 0 else None


class Unit:
    """A cmocka program, linked with one file of common/ that stands in for ours."""

    def __init__(self, source):
        self.source, self.name = source, os.path.basename(source)[:-len(".c")]
        self.count = None

    def handed(self, place, text, halves):
        """A header stands beside the tests, which are compiled anew then."""
        libraries = ["-lcmocka"] + (["-lpcre2-8"] if "pcre2" in read(self.source) else [])
        if place.endswith(".c"):
            return handed(place, text, halves, [our_object(self.source, False)], libraries)
        beside = {os.path.basename(name): source(name) for name in glob(path("tests", "unit", "*.h"))}
        beside[place[len("common/"):]] = text.encode("utf-8", "replace")
        return Handed(source(self.source), beside, [], "", (), libraries)

    def try_on(self, bench, place, text, halves, folder):
        no = bench.room.build(self.handed(place, text, halves), folder)
        if no:
            return no
        outcome, said = bench.run([], folder)
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

    def try_on(self, bench, place, text, halves, folder):
        no = bench.room.build(handed(place, text, halves), folder)
        if no:
            return no
        out = "/tmp/pictures" if bench.room.kind in jail.WHOLE else os.path.join(folder, "out", "pictures")
        words = [word.replace("{out}", out) for word in shlex.split(self.case.command)]
        outcome, said = bench.run([*words[1:], *([] if "--out" in words else ["--out", out])], folder)
        text = outcome.out.decode("utf-8", "replace").replace(out, f"out/{self.case.stage}")
        if outcome.code == 0 and not self.case.difference(text):
            return Verdict("passed")
        difference = [line for line in self.case.difference(text).split("\n") if line[:1] in "+-"][2:6]
        return not_run(outcome) or Verdict("wrong", [f"{self.case.command}"] + (tail(said)[1:] or difference))


class Apart:
    """The judge of a function that has one of its own: the student's file runs alone, the verdict is made outside."""

    def __init__(self, body):
        self.body, self.name = body, body.id

    def try_on(self, bench, place, text, halves, folder):
        return bench.room.verdict(self.body, self.body.handed(text, halves), bench.credit)


def judges_for(name, place):
    """Those that may see whether `name` in `place` is right, the likeliest first."""
    own = bodies.table().get((name, place))
    if own:
        return [Apart(own)]
    if place.startswith("stages/"):
        if place.endswith(".h"):
            return []
        import golden
        cases = golden.cases(place.split("/")[1])
        return [Golden(case) for case in cases if not (case.missing() or case.stdin or case.shows)]
    stem, header = os.path.splitext(place[len("common/"):])[0], ".h\""
    units = []
    for unit in sorted(glob(path("tests", "unit", "test_*.c"))):
        text, same = read(unit), os.path.basename(unit) == f"test_{os.path.basename(stem)}.c"
        if same or re.search(rf"\b{name}\b", text) or f'"{stem}{header}' in text:
            units.append((not same, not re.search(rf"\b{name}\b", text), unit))
    return [Unit(unit) for _, _, unit in sorted(units)]


CHANGED = re.compile(r"(?:copy of )?(.+?)(?: ?\(\d+\)| ?- ?(?:copy|kopie)(?: ?\(\d+\))?| copy(?: ?\d+)?)?(\.[ch])"
                     r"(?:\.txt)?", re.I)


def unchanged(name):
    """A file's own name, without what browsers and editors make of it: Mask (1).c, mask.c.txt, MASK.C."""
    match = CHANGED.fullmatch(os.path.basename(name))
    return (match.group(1) + match.group(2)).lower() if match else ""


class Place:
    """One definition of the function: the file, its text with our body and without, and who judges it."""

    def __init__(self, bench, name, place, text, emptied):
        self.bench, self.name, self.place, self.text, self.emptied = bench, name, place, text, emptied
        self.judges = []
        for judge in judges_for(name, place):
            if self.tried(judge, text).passed and not self.tried(judge, emptied).passed:
                self.judges.append(judge)
            if len(self.judges) == MOST:
                break

    def tried(self, judge, text, others=()):
        """others: bodies of the file that are asked for, too."""
        halves = Halves(self.text, text, self.name, others) if others else None
        with folder_of_its_own(self.bench.room.kind) as folder:
            verdict = judge.try_on(self.bench, self.place, text, halves, folder)
            verdict.words = [word.replace(folder + os.sep, "") for word in verdict.words]
            return verdict

    def body(self, text, name):
        found = blank.find(text, name)
        return text[found[1]:found[2]] if found else None

    def find(self, names, folder):
        """The student's file or None. Its place and name go before a name that was changed on its way, and that before
        a file of this name in any folder, which must hold the function."""
        alike = [name for name in names if unchanged(name) == os.path.basename(self.place)
                 and os.path.getsize(os.path.join(folder, name)) <= LARGEST]
        for candidates in ([name for name in alike if f"/{name}".endswith(f"/{self.place}")],
                           [name for name in alike if f"/{os.path.dirname(name)}".lower().endswith(
                               f"/{os.path.dirname(self.place)}")],
                           [name for name in alike if self.body(read(os.path.join(folder, name)), self.name)]):
            if candidates:
                return min(candidates, key=lambda name: (name.count(os.sep), name))
        return None

    def verdict(self, names, folder, others):
        name = self.find(names, folder)
        if not name:
            instead = f"; found {', '.join(names[:3])}" if 0 < len(names) < 6 else ""
            return Verdict("missing", [f"no {self.place} was found{instead}"])
        verdict = self.verdict_on(read(os.path.join(folder, name)), others)
        if not f"/{name}".endswith(f"/{self.place}"):
            verdict.words.append(f"took {name}")
        return verdict

    def verdict_on(self, text, others):
        body = self.body(text, self.name)
        if body is None:
            return Verdict("does not compile", [f"no function {self.name}() was found in {self.place}"])
        if squeezed(body) == squeezed(self.body(self.emptied, self.name)):
            return Verdict("not started")
        here = [other for other in others if other != self.name and self.place.endswith(".c")
                and self.body(self.text, other) is not None]
        for judge in self.judges:
            verdict = self.tried(judge, text, here)
            if verdict.state == "does not compile" and here:        # because of another body? Then without those
                again = self.tried(judge, functools.reduce(lambda left, other: blank.empty(left, other) or left, here,
                                                           text), here)
                verdict = verdict if again.state == "does not compile" else again
            if not verdict.passed:
                changed = changed_types(self.text, text) if here else None
                verdict.words += [f"not as it was handed out: {changed}"] if changed else []
                return verdict
        return Verdict("passed")


class Rebuilt:
    """A function of BLANK, in the place of an exercise in the table of grades."""

    def __init__(self, name, others, sources, bench):
        self.id, self.points, self.others, self.places = name, bodies.POINTS, others, []
        for place in sources:
            emptied = blank.empty(read(path(place)), name)
            if emptied is not None:
                own = bodies.table().get((name, place))
                self.points = own.points if own else self.points
                self.places.append(Place(bench, name, place, read(path(place)), emptied))
        if not self.places:
            raise Trouble(f"BLANK: no function {name}() in common/ or in the stages that are graded", 2)
        for place in self.places:
            if not place.judges:
                raise Trouble(f"BLANK: nothing here sees whether {name}() in {place.place} is empty, so nobody can "
                              "judge it (expected a test that passes with it). Try: make deps-test, or leave it out")
            if not isinstance(place.judges[0], Apart):
                warn(f"{name}() is judged by {', '.join(judge.name for judge in place.judges)}, in the student's own "
                     "process: who tries can forge that verdict (docs/lecturers.md)")

    def verdict(self, folder, names):
        taken = []
        for place in self.places:
            verdict = place.verdict(names, folder, self.others)
            if not verdict.passed:
                return verdict
            taken += verdict.words
        return Verdict("passed", taken)


def rebuilt(blank_text, stages, kind, credit):
    """A Rebuilt for each name in BLANK="mask_allows attention_forward", and the Bench to close (None without names).
    stages: numbers, or None for all; kind: the sandbox's; credit: cases count."""
    words = blank_text.replace(",", " ").split()
    for word in words:
        if not re.fullmatch(r"[A-Za-z_]\w*", word):
            raise Trouble(f"BLANK: {word!r} is no name of a function", 2)
    if not words:
        return [], None
    sources = sorted(glob("common/**/*.[ch]", root_dir=ROOT, recursive=True)) + [
        name for name in sorted(glob("stages/*/*.[ch]", root_dir=ROOT)) if not stages or name[7:9] in stages]
    headers = [name for name in sources if name.endswith(".h")
               and any(blank.find(read(path(name)), word) for word in words)]
    bench = Bench(kind, headers, credit)
    try:
        return [Rebuilt(word, words, sources, bench) for word in dict.fromkeys(words)], bench
    except BaseException:
        bench.room.close()
        raise
