#!/usr/bin/env python3
"""Every stage, with one system call or one allocation that fails: the first, the second, ... until none is left.

Whatever fails, a run ends in one of two ways: exit 0 with every answer and every file as they should be, or exit 3 with
one error line, at the end, and no file under its final name that is not whole. Needs strace for the system calls.

    python3 tests/hostile/test_faults.py [WORD...]      a sample of the faults: five for each stage and kind
    make faults                                         every system call, and every way to an allocation
    make faults FAULTS=every                            every allocation, be they ten thousand on the same way
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import queue
import shutil
import subprocess
import sys
import tempfile
import time

REPO = pathlib.Path(__file__).resolve().parents[2]
BUILD = REPO / (os.environ.get("BUILD") or "build")
PLAIN = str(REPO / "tests/fixtures/models/plain")
TEXT = "the old clock struck nine, and a bird sang."
EVERY = os.environ.get("FAULTS") == "every"
ALL = EVERY or os.environ.get("FAULTS") == "all"
SANITIZED = "asan" in str(BUILD)         # what is loaded before such a program keeps it from starting
SAMPLE = 5
AT_ONCE = min(2, os.cpu_count() or 1)
CALLS = ("write:EIO", "openat:EMFILE", "rename:EACCES") + (
    ("write:ENOSPC", "read:EIO", "fsync:EIO", "mkdir:EACCES", "pipe2:EMFILE", "clone3:EAGAIN", "vfork:EAGAIN")
    if ALL else ())
# No close: strace makes it fail by not calling it, so that a pipe would stay open, as it never does.
TRAIN = ["--steps", "2", "--layers", "1", "--width", "16", "--heads", "2", "--context", "8", "--batch", "2",
         "--evaluate", "1", "--sample", "5", "--threads", "1"]

# stage: the words of its command; {out} is a folder of the run's own.
COMMANDS = {
    "01_characters": [TEXT], "02_regex_tokens": [TEXT],
    "03_bpe_training": ["--vocab-size", "270", str(REPO / "data/lamplighter.txt")],
    "04_gpt2_bpe": ["--vocab", str(REPO / "tests/fixtures/bpe/small"), "--word", "clock", TEXT],
    "05_windows": ["--tokens", "bytes", TEXT], "06_embeddings": [], "07_positions": [], "08_dot_product": [],
    "09_queries_keys_values": [], "10_masks": ["--mask", "local", "--window", "1", "--format", "svg"],
    "11_causal": [], "12_multi_head": [],
    "13_efficient": ["--tokens", "64", "--export", "{out}.safetensors"], "14_backprop": [], "15_training": TRAIN,
    "16_sampling": ["--model", "{trained}", "--tokens", "6"],
    "17_bert": ["--model", PLAIN, "--tsv", "{out}.tsv", "--export", "{out}.safetensors", TEXT],
    "18_gpt2": ["--model", str(REPO / "tests/fixtures/gpt2/story"), "--layer", "0", "the old clock"],
    "19_heads": ["--model", PLAIN, "--tsv", "{out}.tsv", "--json", "{out}.json", "--find", "previous", TEXT],
    "20_atlas": ["--model", PLAIN, TEXT],
}


class Stage:
    """One stage's command, run again and again in a folder of its own, and what it makes when nothing fails."""

    def __init__(self, name, home, trained, tools=None):
        self.name, self.home, self.program, self.trained = name, home, str(BUILD / name), trained
        self.path = os.pathsep.join(filter(None, [tools, os.environ["PATH"]]))
        os.makedirs(home)
        self.command = [self.program] + [self.filled(word) for word in COMMANDS[name]]
        self.command += ["--out", self.out] if "--out" not in self.command else []
        first = self.run()
        assert first.returncode == 0, f"{name}: {first.stderr}"
        self.said, self.files = first.stdout, self.made()
        second = self.run()
        if second.stdout != self.said:                                  # it prints a time
            self.said = None
        again = self.made()
        self.steady = {path for path in self.files if again.get(path) == self.files[path]}

    @property
    def out(self):
        return os.path.join(self.home, "out")

    def filled(self, word):
        return word.format(out=os.path.join(self.out, "given"), trained=self.trained)

    def made(self):
        found = {}
        for folder, _, names in os.walk(self.out):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    found[os.path.relpath(os.path.join(folder, name), self.out)] = file.read()
        return found

    def run(self, before=(), **environment):
        shutil.rmtree(self.out, ignore_errors=True)
        if any("given" in word for word in self.command):               # a file that was named needs its folder
            os.makedirs(self.out)
        surroundings = dict(os.environ, OPENBLAS_NUM_THREADS="1", LC_ALL="C.UTF-8", ASAN_OPTIONS="detect_leaks=0",
                            PATH=self.path, **environment)
        return subprocess.run([*before, *self.command], cwd=REPO, env=surroundings, capture_output=True, text=True,
                              errors="replace", timeout=120)

    def is_whole(self, name, data):
        """As it should be; of a training that was broken off, as it was at an earlier evaluation."""
        if name not in self.files:
            return False
        if self.name == "15_training" and name.endswith(".safetensors"):
            return is_safetensors(data)
        if self.name == "15_training" and name == "loss.tsv":
            return data.endswith(b"\n") and len(data.split(b"\n")) <= len(self.files[name].split(b"\n"))
        return name not in self.steady or data == self.files[name]

    def complaint(self, run):
        """What is wrong with a run in which something failed; None when nothing is."""
        errors = [line for line in run.stderr.split("\n") if ": error: " in line]
        if run.returncode == 127 and "error while loading shared libraries" in run.stderr:
            return None                                                 # before main
        if run.returncode not in (0, 3):
            return f"exit {run.returncode}"
        if run.returncode == 3 and len(errors) != 1:
            return f"exit 3 with {len(errors)} error lines"
        if run.returncode == 0 and self.said is not None and run.stdout != self.said:
            return "exit 0, and it said something else"
        made = self.made()
        if run.returncode == 0 and set(made) != set(self.files):
            return f"exit 0 with other files: {sorted(set(made) ^ set(self.files))}"
        torn = [name for name in made if not self.is_whole(name, made[name])]
        return f"exit {run.returncode}, and not whole: {torn}" if torn else None


def is_safetensors(data):
    """Its header and all the numbers that this speaks of, and not a byte more."""
    size = int.from_bytes(data[:8], "little")
    tensors = json.loads(data[8:8 + size])
    return 8 + size + max(t["data_offsets"][1] for name, t in tensors.items() if name != "__metadata__") == len(data)


def spread(first, last, n):
    """n numbers from first to last, evenly."""
    return {first + i * (last - first) // (n - 1) for i in range(n)} if last > first else {first}


def sample(count):
    """Which faults of so many are tried, counted from 1."""
    return range(1, count + 1) if ALL or count <= SAMPLE else sorted(spread(1, count, SAMPLE))


def one_of_each_way(ways):
    """Some stages allocate ten thousand times in one place, in a loop. Of each way to an allocation (its callers, up to
    main): the first time, the second, one in the middle, and the last."""
    places = collections.defaultdict(list)
    for n, way in enumerate(ways, start=1):
        places[way].append(n)
    return sorted({n for at in places.values() for n in (at[0], at[min(1, len(at) - 1)], at[len(at) // 2], at[-1])})


def calls_made(stage, call):
    log = os.path.join(stage.home, "calls")
    stage.run(["strace", "-o", log, "-e", f"trace={call}"])
    with open(log, encoding="utf-8", errors="replace") as file:
        return sum(line.startswith(call + "(") for line in file)


def system_calls_that_fail(stage):
    """What fails, and the words that stand before the command then."""
    for kind in CALLS:
        call, error = kind.split(":")
        for n in sample(calls_made(stage, call)):
            yield f"{call} {n}: {error}", ["strace", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                                           f"inject={call}:error={error}:when={n}"], {}


def allocations_that_fail(stage, shim):
    """What fails, no words, and what the environment says then."""
    log = os.path.join(stage.home, "ways")
    for_shim = {"LD_PRELOAD": shim, "FAULT_PROGRAM": stage.name}
    stage.run(**for_shim, FAULT_WAYS=log)
    with open(log, encoding="utf-8") as file:
        ways = file.read().split()
    for n in one_of_each_way(ways) if ALL and not EVERY else sample(len(ways)):
        yield f"allocation {n} of {len(ways)}", [], {**for_shim, "FAULT_AT": str(n)}


def can_trace():
    return shutil.which("strace") and subprocess.run(["strace", "-o", "/dev/null", "true"], check=False,
                                                     capture_output=True).returncode == 0


def built(source, folder, name, *options):
    subprocess.run([*os.environ.get("CC", "cc").split(), "-O1", "-w", "-o", os.path.join(folder, name), *options,
                    str(REPO / "tests/hostile" / source), "-ldl"], check=True)
    return os.path.join(folder, name)


def judge(stages, kind, faults):
    """Each fault is tried by the next of `stages` that is free: they are alike, each with a folder of its own."""
    free, started = queue.Queue(), time.monotonic()
    for stage in stages:
        free.put(stage)

    def complaint_about(fault):
        what, before, environment = fault
        stage = free.get()
        try:
            run = stage.run(before, **environment)
            complaint = stage.complaint(run)
        finally:
            free.put(stage)
        return complaint and f"    {what}: {complaint}: {run.stderr.strip()[-200:]!r}"

    faults = list(faults)
    with concurrent.futures.ThreadPoolExecutor(len(stages)) as pool:
        wrong = [line for line in pool.map(complaint_about, faults) if line]
    print(f"{'FAIL' if wrong else 'ok':4} {stages[0].name}: {len(faults)} {kind}"
          + (f", {time.monotonic() - started:.0f} s" if ALL else ""), flush=True)
    print("\n".join(wrong[:12]) + "\n" if wrong else "", end="")
    return not wrong


def judged(name, folder, shim, tools, trained, traced):
    """Whether each kind of fault leaves this stage as it should be. A sample has gnuplot draw; when all faults of our
    own process are tried, a program stands in for it that takes no time."""
    home = os.path.join(folder, name)
    alike = [Stage(name, os.path.join(home, str(i)), trained, tools if ALL else None) for i in range(AT_ONCE)]
    if traced:
        yield judge(alike, "system calls that fail", system_calls_that_fail(alike[0]))
    if not SANITIZED:
        yield judge(alike, "allocations that fail", allocations_that_fail(alike[0], shim))


def main(words):
    names = [name for name in COMMANDS if not words or any(word in name for word in words)]
    counts = {True: 0, False: 0}
    traced = can_trace()
    if not traced:
        print("skip system calls that fail: no strace here, or it may not trace")
    with (tempfile.TemporaryDirectory(prefix="headlight faults ") as folder,
          tempfile.TemporaryDirectory() as tools):                      # LD_PRELOAD knows no blanks in a name
        shim = built("fault_allocations.c", tools, "fault_allocations.so", "-shared", "-fPIC")
        built("fault_gnuplot.c", tools, "gnuplot")
        trained = Stage("15_training", os.path.join(folder, "kept"), None).out if "16_sampling" in names else None
        for name in names:
            for fine in judged(name, folder, shim, tools, trained, traced):
                counts[fine] += 1
    print(f"{counts[True]} passed, {counts[False]} failed, {0 if traced else 1} skipped")
    return 1 if counts[False] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
