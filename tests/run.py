#!/usr/bin/env python3
"""Build and run the tests, and count them: what `make test` does.

    python3 tests/run.py [WORD...]     only the programs whose name holds one of the words
    python3 tests/run.py --memcheck    units, fuzzing corpus, the programs' tests, golden output and the tour, sanitized
    python3 tests/run.py --course      what lecturers rehearse: all that cheats or harms, all assignments, a whole class

What it runs, each in its own process with a time limit, from the checkout's root:
    tests/unit/test_X.c     a cmocka program each: as built by `make`, then sanitized (build/asan)
    tests/fuzz/fuzz_X.c     every file of tests/fuzz/corpus/X through the parser: as built, then sanitized
    tests/*/test_X.py, .sh  a program whose last line is `N passed, N failed, N skipped`, or else it counts as one test
Building is a test too: with WERROR=1 (CI sets it) a warning fails it, and with CI set clang has to agree, where it is
installed.
Python's standard library only. The last line is `N passed, N failed, N skipped`; exit 1 when one failed or none ran.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from glob import glob

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get("BUILD") or "build"
ASAN = BUILD + "/asan"
COUNTS = re.compile(r"(\d+) passed, (\d+) failed, (\d+) skipped\s*$")
CMOCKA = re.compile(r"^\[\s*(OK|FAILED|SKIPPED|PASSED|=+)\s*\] (.*)$", re.M)
WORKERS = os.cpu_count() or 2
KINDS = ("--memcheck", "--course")

ENVIRONMENT = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", PYTHONDONTWRITEBYTECODE="1",
                   PYTHONUNBUFFERED="1", UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1",
                   ASAN_OPTIONS="allocator_may_return_null=1:detect_leaks=%d" % (sys.platform != "darwin"))
for inherited in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"):
    ENVIRONMENT.pop(inherited, None)        # what we start is not part of the make that started us


class Result:
    """One program's outcome: names of the failed and skipped tests, how many passed, and what it said."""

    def __init__(self, name, passed=0, failed=(), skipped=(), output=""):
        self.name, self.passed, self.output = name, passed, output
        self.failed, self.skipped = list(failed), list(skipped)


def run(command, seconds, **more):
    """(exit code or -signal, output); the code is None when the time was up."""
    process = subprocess.Popen(command, cwd=ROOT, env=dict(ENVIRONMENT, **more), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        output, code = process.communicate(timeout=seconds)[0], process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)      # with everything that it started
        output, code = process.communicate()[0], None
    return code, output.decode("utf-8", "replace")


def ending(code, seconds):
    if code is None:
        return f"did not end within {seconds} seconds"
    return f"died of {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


# ---- How each kind of program is run and read ------------------------------------------------------------------

def cmocka(name, program, seconds):
    if not os.path.exists(os.path.join(ROOT, program)):
        return Result(name, failed=["did not build"])
    code, output = run([program], seconds)
    passed, failed, skipped, announced = 0, [], [], 0
    for kind, words in CMOCKA.findall(output):
        names = {"FAILED": failed, "SKIPPED": skipped}.get(kind)
        if kind == "OK":
            passed += 1
        elif names is not None and "listed below" not in words and words.strip() not in names:
            names.append(words.strip())             # (each stands there twice: as it happens, and in a list at the end)
        elif "Running" in words:
            announced += int(re.search(r"Running (\d+)", words).group(1))
    total = passed + len(failed) + len(skipped)
    if code is None or code < 0 or (code and not failed) or total < announced:
        last = re.findall(r"^\[ RUN      \] (.*)$", output, re.M)[-1:] or ["the first test"]
        failed.append(f"{ending(code, seconds)} after {total} of {announced} tests, in {last[0]}")
    elif not total:
        failed.append("ran no test")
    return Result(name, passed, failed, skipped, output)


def replay(name, program, corpus, seconds):
    files = sorted(glob(os.path.join(ROOT, corpus, "*")))
    if not os.path.exists(os.path.join(ROOT, program)):
        return Result(name, failed=["did not build"])
    if not files:
        return Result(name, failed=[f"no file in {corpus}"])
    code, output = run([program, *files], seconds)
    return Result(name, 1, output=output) if code == 0 else Result(name, failed=[ending(code, seconds)], output=output)


def script(name, path, seconds, **environment):
    command = [sys.executable, path] if path.endswith(".py") else ["sh", path]
    code, output = run(command, seconds, **environment)
    lines = output.rstrip().split("\n")
    counts = COUNTS.match(lines[-1])
    if not counts:
        failed = [] if code == 0 else [ending(code, seconds)]
        return Result(name, 1 - len(failed), failed, output=output)
    passed, failures, skips = map(int, counts.groups())
    named = {word: [line.split(None, 1)[-1] for line in lines if line.lower().startswith(word)]
             for word in ("fail ", "skip ")}
    failed = (named["fail "] + ["(it names no more)"] * failures)[:failures]
    skipped = (named["skip "] + ["(it names no more)"] * skips)[:skips]
    if code and not failed:
        failed = [ending(code, seconds)]
    return Result(name, passed, failed, skipped, output)


def step(command, seconds):
    """One stage of the tour, on the sanitized program."""
    code, output = run(["sh", "-c", command], seconds)
    good = code == 0 and "AddressSanitizer" not in output
    return Result(command, int(good), [] if good else [ending(code, seconds)], output=output)


# ---- What there is to run ------------------------------------------------------------------------------------

def programs(build, suffix, seconds):
    for path in sorted(glob(ROOT + "/tests/unit/test_*.c")):
        stem = os.path.basename(path)[:-2]
        yield f"unit/{stem}{suffix}", lambda name, s=stem: cmocka(name, f"{build}/tests/{s}", seconds)
    for path in sorted(glob(ROOT + "/tests/fuzz/fuzz_*.c")):
        stem = os.path.basename(path)[5:-2]
        yield f"corpus/{stem}{suffix}", lambda name, s=stem: replay(
            name, f"{build}/tests/replay_{s}", f"tests/fuzz/corpus/{s}", seconds)


def scripts():
    for path in sorted(glob(ROOT + "/tests/*/test_*.py") + glob(ROOT + "/tests/*/test_*.sh")):
        path = os.path.relpath(path, ROOT)
        yield path[len("tests/"):], lambda name, p=path: script(name, p, 900, BUILD=BUILD)


def sanitized_tour():
    """The tests of programs, the golden output and the tour, sanitized: slow and large, and allowed to be so."""
    for path in sorted(glob("tests/hostile/test_*.py", root_dir=ROOT)):
        yield f"{path[6:]} (sanitized)", lambda name, path=path: script(
            name, path, 3600, BUILD=ASAN, HEADLIGHT_SLACK="20")
    yield "golden/test_golden.py (sanitized)", lambda name: script(
        name, "tests/golden/test_golden.py", 3600, BUILD=ASAN)
    steps = {}  # of a stage: one after the other, for a later one may read what an earlier one left
    for line in run(["sh", "docs/stages.sh", "steps"], 60)[1].rstrip("\n").split("\n"):
        stage, _, command = line.split("\t")[:3]
        command = command.replace("build/", ASAN + "/").replace(" out/", f" {ASAN}/out/")
        steps.setdefault(stage, []).append(command if " --out " in command else f"{command} --out {ASAN}/out")
    for commands in steps.values():
        yield " && ".join(commands), lambda name: step(name, 3600)


def rehearsal():
    """The grading of lecturers, in full; the longest first, so that the others run beside it."""
    for name in ("hostile", "assignments", "real_course", "packages", "documents"):
        path = f"tests/course/test_{name}.py"
        yield path[len("tests/"):], lambda name, p=path: script(name, p, 3600, BUILD=BUILD, HOSTILE="all")


def build(folder, *settings):
    """Build all test programs; the tests of one that does not build fail on their own, beside this one."""
    make = os.environ.get("MAKE", "make")
    code, output = run([make, "-k", "-s", "QUIET=1", f"BUILD={folder}", *settings, "programs"], 3600)
    failed = [] if code == 0 else ["not everything builds"]
    return Result(" ".join(["build", *settings]), 1 - len(failed), failed, output=output)


def fetch():
    names = run(["sh", "docs/stages.sh", "data"], 60)[1].split()
    code, output = run(["sh", "data/fetch.sh", *names], 900)
    if code != 0:
        print("note: not all data could be fetched, so some tests will be skipped:", output.strip().split("\n")[-1])


# ---- The whole -------------------------------------------------------------------------------------------------

def report(result):
    """A line of a test's that begins with `note` is for whoever looks on."""
    failed, skipped = len(result.failed), len(result.skipped)
    words = [f"{result.passed} passed"] + [f"{n} {what}" for n, what in ((failed, "FAILED"), (skipped, "skipped")) if n]
    print(f"{'FAIL' if failed else 'ok':4}  {result.name:40} {', '.join(words)}", flush=True)
    for line in result.output.split("\n"):
        if line.startswith("note "):
            print(f"      {line}", flush=True)
    if failed:
        tail = [line for line in result.output.rstrip().split("\n") if not re.match(r"\[ +(RUN|OK) |ok  ", line)][-80:]
        print("\n".join("      | " + line[:400] for line in tail), flush=True)


def default_signals():
    """What a background job or nohup ignores, everything that we start would ignore too, and then wait for ever for the
    signal that a test sends. A handler that does nothing is not handed down."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


def built(kind, words):
    """What has to stand before the tests run, each a result."""
    if kind == "--course":
        return []
    if kind == "--memcheck":
        return [build(ASAN, "ASAN=1")]
    by_clang = os.environ.get("CI") and not words and shutil.which("clang")
    clang = [build(BUILD + "/clang", "CC=clang", "CFLAGS=-O0")] if by_clang else []        # for its warnings
    return [build(BUILD), build(ASAN, "ASAN=1"), *clang]


def every(kind):
    if kind == "--course":
        return list(rehearsal())
    plain = [] if kind else list(programs(BUILD, "", 120)) + list(scripts())
    return plain + list(programs(ASAN, " (sanitized)", 600)) + (list(sanitized_tour()) if kind else [])


def main():
    arguments = sys.argv[1:]
    if "--help" in arguments or "-h" in arguments:
        print(__doc__.strip())
        return 0
    kind, words = (arguments[0], arguments[1:]) if arguments[:1] and arguments[0] in KINDS else ("", arguments)
    if any(word.startswith("-") for word in words):
        print(f"tests/run.py: error: {words} (expected words, after {' or '.join(KINDS)}, or alone). Try: --help",
              file=sys.stderr)
        return 2
    default_signals()
    if not words and kind != "--course":
        fetch()
    print("building the tests ..." if kind != "--course" else "rehearsing ...", flush=True)
    results = built(kind, words)
    for result in results:
        report(result)
    todo = [(name, task) for name, task in every(kind) if not words or any(word in name for word in words)]
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        for result in pool.map(lambda item: item[1](item[0]), todo):
            report(result)
            results.append(result)
    for what in ("skipped", "failed"):
        for result in results:
            for name in getattr(result, what):
                print(f"{what}: {result.name}: {name}")
    passed = sum(result.passed for result in results)
    failed = sum(len(result.failed) for result in results)
    print(f"{passed} passed, {failed} failed, {sum(len(result.skipped) for result in results)} skipped")
    return 1 if failed or not todo else 0


if __name__ == "__main__":
    sys.exit(main())
