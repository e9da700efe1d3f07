#!/usr/bin/env python3
"""Does a test notice? Puts small faults into every taught function, one at a time, and runs the tests that must go red.

    python3 tests/house/mutants.py [WORD...]     functions, stages or files that hold a word; all without one
    make mutants ARGS="10_masks"                 the same, built first

stages/taught.tsv says which functions are taught and who must notice. equal_mutants.tsv beside this file lists changes
that change nothing anyone could see, with the reason. The changed file is compiled under sanitizers, so that a read
beside an array is noticed, too. Exit 1 when an emptied body survives, or more than one change in twenty.
"""
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import house
import mutate

sys.path.insert(0, os.path.join(house.ROOT, "tests", "golden"))
import golden  # noqa: E402

TAUGHT = os.path.join("stages", "taught.tsv")
EQUAL = os.path.join("tests", "house", "equal_mutants.tsv")
PLACE = os.path.join("build", "mutants")
ENOUGH = 95                             # percent of changed operators that must be noticed
PATIENCE = 4                            # seconds that a test has beyond three times what it takes when all is right
SLOWEST = 300                           # seconds that a test may take when all is right
SANITIZER = "detect_leaks=0:allocator_may_return_null=1:hard_rss_limit_mb=2000"
SANITIZED = ["-fsanitize=address,bounds", "-fno-sanitize-recover=bounds"]
STRICT = ["-w", "-Werror=implicit-function-declaration", "-Werror=int-conversion", "-Werror=incompatible-pointer-types",
          *SANITIZED]                   # a change that turns a number into a pointer is none that anybody would make


# Draws nothing, and ends each picture as a whole one ends: most of a stage's time goes into pictures, and nobody looks.
GNUPLOT = r"""#!/bin/sh
sed -n "s/^set output '\\(.*\\)'$/\\1/p" "$2" | while read -r name; do
    case $name in *.svg*) printf '</svg>' ;; *.pdf*) printf '%%%%EOF' ;; *) printf 'IEND\256B`\202' ;; esac > "$name"
done
"""


class Missing(Exception):
    pass


class Taught:
    """A row of taught.tsv."""

    def __init__(self, stage, function, file, tests):
        self.stage, self.function, self.file, self.tests = stage, function, file, tests.split(", ")


def rows(name, columns, root=house.ROOT):
    """Cells of a table without its comments."""
    cut = [line.split("\t") for line in house.read(name, root).split("\n") if line and line[0] != "#"]
    wrong = [row for row in cut if len(row) != columns]
    assert not wrong, f"{name}: expected {columns} columns: {wrong[:3]}"
    return cut


def taught(words=()):
    every = [Taught(*row) for row in rows(TAUGHT, 4)]
    return [one for one in every if not words or any(word == one.function or word in f"{one.stage} {one.file}"
                                                     for word in words)]


def equal():
    """{(file, function, the line as it is, as it would be)} of changes with a reason on record."""
    return {tuple(row[:4]) for row in rows(EQUAL, 5)}


def commands(target, changed):
    """What make would run for `target` if the file `changed` were new."""
    asked = subprocess.run([os.environ.get("MAKE") or "make", "-n", "V=1", "-W", changed, target], cwd=house.ROOT,
                           capture_output=True, text=True, env={k: v for k, v in os.environ.items()
                                                                if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")})
    return [line.split() for line in asked.stdout.split("\n")]


def draw_nothing(folder):
    """For the programs to come, gnuplot is GNUPLOT, which is written into the folder."""
    path = os.path.join(folder, "gnuplot")
    with open(path, "w", encoding="utf-8") as file:
        file.write(GNUPLOT)
    os.chmod(path, 0o755)
    os.environ["PATH"] = folder + os.pathsep + os.environ["PATH"]


def quiet(command):
    return subprocess.run(command, cwd=house.ROOT, capture_output=True, text=True)


FAILED = re.compile(rb"^\[  FAILED  \] (\w+)", re.M)


def ending(words, seconds):
    """What a program came to: "" for exit 0, else the first test that failed (then it need not go on), or its code."""
    process = subprocess.Popen(words, cwd=house.ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    clock = threading.Timer(seconds, process.kill)
    clock.start()
    try:
        for line in process.stderr:
            failed = FAILED.match(line)
            if failed:
                return failed.group(1).decode()
        code = process.wait()
        return "" if code == 0 else f"ends with {code}"
    finally:
        clock.cancel()
        process.kill()
        process.wait()
        process.stderr.close()


class Judge:
    """A test, linked with the changed object. name: of taught.tsv: a unit test, a stage, or a stage with options, whose
    own proof is the judge then."""

    def __init__(self, name, file, made):
        program, *self.options = name.split()
        self.name, self.made = name, made
        self.stage = os.path.isdir(os.path.join(house.ROOT, "tests", "golden", program))
        self.target = f"build/{program}" if self.stage else f"build/tests/test_{program}"
        self.program = os.path.join(made, os.path.basename(self.target))
        self.cases = [case for case in golden.cases(program) if not case.missing()] if self.stage else []
        self.took = {}
        if not os.path.exists(os.path.join(house.ROOT, self.program)):
            self.link(file)
        self.limit = SLOWEST
        began = time.monotonic()
        if self.notices(0):
            raise Missing(f"{name} is not green without a change: {self.notices(0)}")
        self.limit = PATIENCE + 3 * (time.monotonic() - began)
        self.cases.sort(key=lambda case: self.took[case.name])              # the quick ones are asked first

    def link(self, file):
        """Replaces the file's own object, or stands before the library, which then needs not look for it."""
        lines = [line for line in commands(self.target, file) if line[-2:] == ["-o", self.target]]
        if not lines:
            raise Missing(f"nobody knows how {self.target} is linked. Try: make, then again")
        instead, own = os.path.join(self.made, "mutant.o"), f"build/{file[:-2]}.o"
        words = [instead if word == own else word for word in lines[-1][:-1]]
        if own not in lines[-1]:
            words.insert(next(i for i, word in enumerate(words) if word.endswith(".a")), instead)
        done = quiet(words + [self.program, *SANITIZED])
        if done.returncode:
            raise Missing(f"{self.target}: {done.stderr[-300:]}. Try: make programs")

    def notices(self, number):
        """What went red, or "" """
        os.environ["MUTANT"] = str(number)
        if self.options or not self.stage:
            with tempfile.TemporaryDirectory() as out:
                return ending([self.program, *self.options] + (["--out", out] if self.stage else []), self.limit)
        golden.BUILD, golden.SECONDS = self.made, self.limit
        for case in self.cases:
            began = time.monotonic()
            text, problem = case.run()
            self.took[case.name] = time.monotonic() - began
            if problem or case.difference(text):
                self.cases.sort(key=lambda other: other is not case)        # it may well notice the next one, too
                return case.name
        return ""


class Bench:
    """One source file, with all faults of its taught functions in it, compiled once."""

    def __init__(self, file, functions):
        self.file, self.functions, self.judges = file, functions, {}
        self.made = os.path.join(PLACE, f"{os.path.basename(file)[:-2]}-{os.getpid()}")
        os.makedirs(os.path.join(house.ROOT, self.made), exist_ok=True)
        text = house.read(file)
        every = [fault for one in functions for fault in mutate.changes(text, one.function)]
        without = {one.function for one in functions} - {fault.function for fault in every}
        if without:
            raise Missing(f"{TAUGHT}: no function {', '.join(without)} in {file}")
        self.faults = dict(enumerate(every, 1))
        self.compile(text)

    def compile(self, text):
        """Faults that no compiler takes are none: they go, and the others are compiled."""
        own, source = f"build/{self.file[:-2]}.o", os.path.join(self.made, "mutant.c")
        lines = [line for line in commands(own, self.file) if "-c" in line and line[-1] == own]
        if not lines:
            raise Missing(f"nobody knows how {own} is compiled. Try: make, then again")
        words = [word for word in lines[-1][:-1] if word not in ("-MMD", "-MP", self.file)]
        command = words + [os.path.join(self.made, "mutant.o"), "-O1", *STRICT, "-iquote", os.path.dirname(self.file),
                           source]
        while True:
            with open(os.path.join(house.ROOT, source), "w", encoding="utf-8") as file:
                file.write(mutate.forked(text, self.faults))
            done = quiet(command)
            if done.returncode == 0:
                return
            wrong = {int(number) for number in re.findall(r"^mutant-(\d+):.* error:", done.stderr, re.M)} - {0}
            if not wrong:
                raise Missing(f"{self.file}: {done.stderr[-600:]}")
            self.faults = {n: fault for n, fault in self.faults.items() if n not in wrong}

    def noticed(self, number, tests):
        """Who notices this fault, or "" """
        for name in tests:
            if name not in self.judges:
                self.judges[name] = Judge(name, self.file, self.made)
            who = self.judges[name].notices(number)
            if who:
                return who
        return ""


class Count:
    """emptied, changed: (noticed, all); equal: left out, with a reason on record."""

    def __init__(self):
        self.emptied, self.changed, self.equal, self.survivors = [0, 0], [0, 0], 0, []

    def add(self, fault, who):
        kind = self.emptied if fault.emptied else self.changed
        kind[0] += bool(who)
        kind[1] += 1
        if not who:
            self.survivors.append(fault)

    def join(self, other):
        for mine, theirs in ((self.emptied, other.emptied), (self.changed, other.changed)):
            mine[0] += theirs[0]
            mine[1] += theirs[1]
        self.equal += other.equal
        self.survivors += other.survivors

    def cells(self):
        return f"{self.emptied[0]} of {self.emptied[1]}", f"{self.changed[0]} of {self.changed[1]}", str(self.equal)

    def enough(self):
        return self.emptied[0] == self.emptied[1] and 100 * self.changed[0] >= ENOUGH * self.changed[1]


def try_file(file, functions, same, tell=lambda words: None):
    """{stage: Count} of one source file. same: equal(); tell(words) is called for each survivor."""
    bench, counts = Bench(file, functions), {}
    tests = {one.function: one for one in functions}
    try:
        for number, fault in bench.faults.items():
            one = tests[fault.function]
            count = counts.setdefault(one.stage, Count())
            if (file, fault.function, fault.was, fault.now) in same:
                count.equal += 1
                continue
            who = bench.noticed(number, one.tests)
            count.add(fault, who)
            if not who:
                tell(f"survives  {file}: {fault.told()}")
    finally:
        shutil.rmtree(os.path.join(house.ROOT, bench.made))
    return counts


def run(words=()):
    """{stage: Count} of the chosen functions, and progress as it goes."""
    chosen, stages, same = taught(words), {}, equal()
    files = list(dict.fromkeys(one.file for one in chosen))
    for at, file in enumerate(files, 1):
        functions = [one for one in chosen if one.file == file]
        for stage, count in try_file(file, functions, same, lambda words: print(words, flush=True)).items():
            stages.setdefault(stage, Count()).join(count)
        if sys.stderr.isatty():
            print(f"{at} of {len(files)}  {file}", file=sys.stderr)
    return stages


def table(stages):
    """Lines of the table in docs."""
    total = Count()
    lines = ["| stage | emptied bodies noticed | changed operators noticed | equal |", "|---|---|---|---|"]
    for stage in sorted(stages):
        lines.append(f"| {stage} | " + " | ".join(stages[stage].cells()) + " |")
        total.join(stages[stage])
    return lines + ["| all | " + " | ".join(total.cells()) + " |"], total


def main():
    os.environ.update(OPENBLAS_NUM_THREADS="1", ASAN_OPTIONS=SANITIZER, PYTHONDONTWRITEBYTECODE="1")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not taught(sys.argv[1:]):
        asked = " ".join(sys.argv[1:])
        print(f"mutants: error: no taught function of {asked}. Try: a name from {TAUGHT}", file=sys.stderr)
        return 2
    try:
        with tempfile.TemporaryDirectory() as folder:
            draw_nothing(folder)
            lines, total = table(run(sys.argv[1:]))
    except Missing as problem:
        print(f"mutants: error: {problem}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130
    print("\n".join(lines))
    return 0 if total.enough() else 1


if __name__ == "__main__":
    sys.exit(main())
