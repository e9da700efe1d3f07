"""What these tests stand on: a sandbox that runs the program from the outside, and the checks of every failure.

Nothing here knows how the program works. A run is judged by what a user sees: exit code, two streams, the files that
are there afterwards, and what it cost. PROGRAM=path tests another build; HEADLIGHT_SLACK=20 allows it 20 times the
cost.
"""
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor

REPO = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.path.abspath(os.environ.get("PROGRAM", REPO / (os.environ.get("BUILD") or "build") / "17_bert"))
NAME = os.path.basename(PROGRAM)
MODELS = REPO / "tests" / "fixtures" / "models"
PLAIN = str(MODELS / "plain")
MINILM = REPO / "data" / "minilm"
SLACK = float(os.environ.get("HEADLIGHT_SLACK", "1"))
CPU_SECONDS, MEGABYTES = 2.0, 200
PATIENCE = 60 * max(1, SLACK / 10)              # seconds until a run is killed: only a hang takes that long
TEXT = "the old clock struck nine, and a bird sang."
SANITIZER = re.compile(r"(Address|Leak|Memory|Thread)Sanitizer|runtime error:")
TESTS = []


class Skip(Exception):
    pass


def check(condition, *words):
    if not condition:
        raise AssertionError(" ".join(str(word) for word in words))


def test(function):
    """Each test gets a sandbox of its own, which is gone afterwards."""
    def run():
        box = Box()
        try:
            function(box)
        finally:
            box.close()
    TESTS.append((f"{function.__module__}: {function.__name__}", run))
    return function


class Run:
    """One finished run of the program."""

    def __init__(self, command, code, out, err, seconds, megabytes, before, after, timed_out):
        self.command, self.code, self.out, self.err = command, code, out, err
        self.seconds, self.megabytes = seconds, megabytes
        self.before, self.after, self.timed_out = before, after, timed_out
        self.lines = err.split("\n")[:-1] if err.endswith("\n") else err.split("\n") if err else []
        self.error = next((line for line in self.lines if line.startswith(f"{NAME}: error: ")), "")
        self.remarks = [line for line in self.lines if line.startswith((f"{NAME}: warning: ", f"{NAME}: note: "))]

    def __str__(self):
        shown = " ".join(ascii(part)[:200] for part in self.command[1:])
        return f"{NAME} {shown}\n    exit {self.code}, stdout {self.out[:300]!r}, stderr {self.err[:1500]!r}"

    def new_files(self):
        return sorted(name for name in self.after if name not in self.before)


class Box:
    """A folder, the working folder of every run in it, so that a file which the program leaves anywhere is seen."""

    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="headlight hostile "))     # with spaces, as folders may have
        self.mounted = []

    def close(self):
        for folder in reversed(self.mounted):
            subprocess.run(["umount", str(folder)], check=False, capture_output=True)
        shutil.rmtree(self.root, ignore_errors=True)

    def path(self, name):
        return str(self.root / name)

    def write(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def folder(self, name):
        (self.root / name).mkdir(parents=True, exist_ok=True)
        return str(self.root / name)

    def mount(self, name, options):
        """A disk of its own, as small or as read-only as the test likes."""
        folder = self.folder(name)
        if os.geteuid() != 0:
            raise Skip("needs root to mount a tmpfs")
        if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder],
                          capture_output=True).returncode != 0:
            raise Skip("cannot mount a tmpfs here")
        self.mounted.append(folder)
        return folder

    def files(self):
        """{path: (size, time, inode)} of everything that is no folder."""
        found = {}
        for folder, _, names in os.walk(self.root):
            for name in names:
                status = os.lstat(os.path.join(folder, name))
                found[os.path.relpath(os.path.join(folder, name), self.root)] = (
                    status.st_size, status.st_mtime_ns, status.st_ino)
        return found

    def start(self, *arguments, **more):
        """The program as a process that the test steers itself; more is for Popen."""
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8", **more.pop("env", {})}
        return subprocess.Popen([PROGRAM, *map(ready, arguments)], cwd=more.pop("cwd", self.root), env=environment,
                                **more)

    def run(self, *arguments, stdin=b"", stdout=None, env=None, cwd=None):
        """Runs to the end. stdout: a path to write to instead of catching it."""
        before = self.files()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as given:
            given.write(stdin)
            given.seek(0)
            sink = open(stdout, "wb") if stdout else out
            process = self.start(*arguments, stdin=given, stdout=sink, stderr=err, env=env or {}, cwd=cwd or self.root)
            timer = threading.Timer(PATIENCE, process.kill)
            timer.start()
            _, status, usage = os.wait4(process.pid, 0)
            timed_out = not timer.is_alive()
            timer.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            if stdout:
                sink.close()
            out.seek(0), err.seek(0)
            return Run(process.args, process.returncode, out.read(), err.read().decode("utf-8", "backslashreplace"),
                       usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, before, self.files(), timed_out)


def ready(argument):
    return argument if isinstance(argument, bytes) else str(argument)


# ---- what every run must be like ----------------------------------------------------------------------------------

def civil(run, seconds=CPU_SECONDS, megabytes=MEGABYTES):
    """It ended by itself, its stderr is lines of its own, and it cost what it may cost. Processor time, not the clock:
    another test beside this one must not make it red. The memory of a child counts from the memory of its parent,
    hence the maximum."""
    check(not run.timed_out, f"did not end within {PATIENCE} s:", run)
    check(not SANITIZER.search(run.err), "the sanitizer complains:", run, run.err[-3000:])
    check(run.code >= 0, f"died of {signal.Signals(-run.code).name}:" if run.code < 0 else "", run)
    check(run.seconds <= seconds * SLACK, f"took {run.seconds:.2f} s of processor time:", run)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    check(run.megabytes <= max(megabytes * SLACK, own + 20), f"took {run.megabytes:.0f} MB:", run)
    check(not run.err or run.err.endswith("\n"), "the last line on stderr does not end:", run)
    for line in run.lines:
        check(re.match(rf"{re.escape(NAME)}: (error|warning|note): \S", line), "a strange line on stderr:", ascii(line),
              run)
        check(all(c >= " " and c != "\x7f" and not "\x80" <= c < "\xa0" for c in line),
              "a control character on stderr:", run)
        check(len(line) < 3000, "a very long line on stderr:", run)


def failed(run, code, *words, answered=False, wrote=(), **limits):
    """One error line, last, with these words; the exit code; no answer, unless it was out already; no file but those
    of `wrote`."""
    civil(run, **limits)
    check(run.code == code, f"expected exit {code}, got", run)
    errors = [line for line in run.lines if ": error: " in line[:len(NAME) + 10]]
    check(len(errors) == 1 and run.lines[-1] == errors[0], "expected one error line, at the end:", run)
    for word in words:
        check(word.lower() in errors[0].lower(), f"the error does not say {word!r}:", run)
    check(answered or not run.out, "something is on stdout:", run)
    if wrote == ():
        check(run.before == run.after, "files have changed:", sorted(set(run.before.items()) ^ set(run.after.items())),
              run)
    else:
        check(run.new_files() == sorted(wrote), "expected the files", sorted(wrote), "got", run.new_files(), run)
    return run


def succeeded(run, *words, **limits):
    """Exit 0, no error line, and these words in the remarks on stderr."""
    civil(run, **limits)
    check(run.code == 0 and not run.error, "expected exit 0:", run)
    for word in words:
        check(any(word.lower() in line.lower() for line in run.remarks), f"no remark says {word!r}:", run)
    return run


def silent(run, **limits):
    """succeeded, with nothing at all on stderr."""
    succeeded(run, **limits)
    check(not run.err, "stderr should be empty:", run)
    return run


def needs_minilm():
    if not (MINILM / "model.safetensors").exists():
        raise Skip("data/minilm is not there (data/fetch.sh minilm)")
    return str(MINILM)


# ---- running the tests ---------------------------------------------------------------------------------------------

def attempt(item):
    try:
        item[1]()
        return "ok", ""
    except Skip as reason:
        return "skip", str(reason)
    except AssertionError as problem:
        return "FAIL", str(problem) or traceback.format_exc()
    except Exception:
        return "FAIL", traceback.format_exc()


def main(workers=os.cpu_count() or 2):
    """Runs the tests whose module or name holds one of the command line's words; the exit code. workers: 1 for tests
    that choose PROGRAM as they go."""
    if not os.access(PROGRAM, os.X_OK):
        sys.exit(f"{PROGRAM} is not there. Try: make build/{NAME}")
    wanted = [item for item in TESTS if not sys.argv[1:] or any(word in item[0] for word in sys.argv[1:])]
    counts = {"ok": 0, "FAIL": 0, "skip": 0}
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for (name, _), (state, words) in zip(wanted, pool.map(attempt, wanted)):
            counts[state] += 1
            print(f"{state:4} {name}{': ' + words if words else ''}", flush=True)
    print(f"{counts['ok']} passed, {counts['FAIL']} failed, {counts['skip']} skipped")
    return 1 if counts["FAIL"] or not wanted else 0
