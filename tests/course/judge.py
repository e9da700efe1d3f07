"""Judges one file of a learner: compiles it with its checker and common/, runs that in a sandbox, and says what came of
it. Nothing is remembered but a note in build/course about what has passed, under a hash of all that went into it."""
import functools
import glob
import hashlib
import os
import re
import secrets
import shlex
import signal
import tempfile

import answers
import sandbox
from catalogue import ROOT, TURNING, Trouble, path, read, shown, source


def whole_number(name, usual):
    text = os.environ.get(name) or str(usual)
    if not text.isdecimal() or not 1 <= int(text) < 1 << 63:
        raise SystemExit(f"course: error: {name} is {text!r} (expected a whole number from 1)")
    return int(text)


SECONDS = whole_number("COURSE_SECONDS", 10)                    # of processor time
PATIENCE = whole_number("COURSE_PATIENCE", 6 * SECONDS)         # on the clock, for one that sleeps
LARGEST = 1 << 20                                               # bytes of a learner's file
LONGEST = 4096                                                  # characters of an answer
MEMORY = 1024 * sandbox.MEGABYTE
COMPILE_SECONDS = 60
COMPILE_MEMORY = 4096 * sandbox.MEGABYTE
EXTERN = re.compile(r"^extern\s[^;{]*;", re.M)
JUDGE = ("judge.c", "ask.c", "answer.c", "message.c", "crash.c")    # of tests/course: linked with exK.c
RUNNER = ("runner.c", "heap.c", "system.c", "message.c", "crash.c")  # ... with exK.run.c and the learner's file
STATES = ("passed", "not started", "wrong", "crashed", "does not compile", "too slow", "too much memory", "missing",
          "cannot be judged here", "judge failed")
SANITIZED = "-g -O0 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -DHEAP_UNCOUNTED"
# What newer compilers take for errors is one here, too; the rest is shown under a verdict.
LEARNERS = ["-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror=implicit-function-declaration",
            "-Werror=implicit-int", "-Werror=int-conversion", "-Werror=incompatible-pointer-types",
            "-Werror=return-type"]
# What a sandbox's shell says last, when there is still time, of a program that ended by a signal.
SHELLS = re.compile(r"^(Aborted|Segmentation fault|Killed|Terminated|Bus error|Illegal instruction|"
                    r"Trace/breakpoint trap|Floating point exception)( \(core dumped\))?\n?\Z", re.M)
NOT_PASSED = 4          # verdict.h's EXIT_NOT_PASSED


class Verdict:
    """state: one of STATES; words: lines for the learner; printed: the last lines of what the program itself printed;
    hidden: what is wrong is in a case that learners do not have; cases: (right, all), when they were counted."""

    def __init__(self, state, words=(), printed=()):
        self.state, self.words, self.printed = state, list(words), list(printed)
        self.hidden, self.cases = False, None

    @property
    def passed(self):
        return self.state == "passed"


def squeezed(text):
    return re.sub(r"\s+", "", text)


def untouched(exercise, text):
    """Is this still the starter, this version or the one that the learner began with?"""
    return any(os.path.exists(name) and squeezed(read(name)) == squeezed(text)
               for name in (exercise.starter, exercise.pristine))


def judge(exercise, file=None, secret=False, memcheck=False, ours=False, apart=None):
    """The verdict on `file` (the learner's own by default). secret: with hidden cases, and with the learner's code in a
    process of its own; ours: a starter or a solution, which is run whatever it is, and must compile without a
    warning; apart(exercise, file): judges code, in a sandbox, in our place."""
    file = file or exercise.work
    if not os.path.isfile(file):
        return Verdict("missing", [f"{shown(file)} is no file. Try: move it away, then: make start"
                                   if os.path.lexists(file) else f"{shown(file)} is not there. Try: make start"])
    if os.path.getsize(file) > LARGEST:
        return Verdict("wrong", [f"{shown(file)} has more than {LARGEST >> 20} MB"])
    text = read(file)
    if not ours and untouched(exercise, text):
        return Verdict("not started")
    if exercise.kind == "code":
        return apart(exercise, file) if apart else run_checker(exercise, file, "", secret, memcheck, ours)
    answer = answers.given(text)
    if answer is None:
        return Verdict("wrong", [f"{shown(file)} has no line that begins with `answer:` any more"])
    if not answer:
        return Verdict("not started")
    if len(answer) > LONGEST or "\0" in answer:
        return Verdict("wrong", [f"the answer is no text of at most {LONGEST} characters"])
    if exercise.kind == "measure":
        return run_checker(exercise, file, answer, secret, memcheck, ours)
    return think(exercise, answer)


def think(exercise, answer):
    letters, letter = answers.choices(exercise), answers.letter_of(answer)
    if letter not in letters:
        return Verdict("wrong", [f"got       {answer}", f"expected  one letter of {', '.join(letters)}"])
    if answers.is_right(exercise, letter):
        return Verdict("passed")
    why = answers.reply(exercise, letter)
    return Verdict("wrong", [f"got       {letter}", "expected  another letter"] + ([why] if why else []))


# ---- Compiling ------------------------------------------------------------------------------------------------

def setting(name, usual):
    return shlex.split(os.environ.get(name, usual))


def compiler(memcheck):
    flags = setting("COURSE_FLAGS", "-std=c17 -D_GNU_SOURCE -Icommon -O2 -g")
    return setting("CC", "cc") + flags + (SANITIZED.split() if memcheck else []) + ["-Itests/course"]


def libraries(memcheck):
    return setting("COURSE_ASAN_LIBS" if memcheck else "COURSE_LIBS", "build/libheadlight.a -lopenblas -lpthread -lm")


# What gcc and clang say when one of their programs was ended, or had no more memory. Many warnings may stand before it.
ITS_END = re.compile(rb"signal terminated program|due to signal|out of memory|memory exhausted|bad_alloc")


def compile_with(arguments, notes=None, seconds=(COMPILE_SECONDS, 4 * COMPILE_SECONDS), together=0, hide=()):
    """None, or the verdict on a compiler that said no. What it said although it said yes goes into the file `notes`.
    seconds: of work, and on the clock; hide: paths that only this machine knows."""
    outcome = sandbox.run(arguments, cpu=seconds[0], wall=seconds[1], memory=COMPILE_MEMORY, cwd=ROOT,
                          env=dict(os.environ, LC_ALL="C"), together=together)
    said = outcome.out.decode("utf-8", "replace")
    for name in (*hide, ROOT + os.sep):
        said = re.sub(rf"(?<!\w){re.escape(name)}", "", said)
    said = re.sub(r"(?<!\S)\S*\bcc\w{6}\.(s|o)\b", r"(assembled).\1", said)    # other names in each run
    if outcome.code == 0 and not (outcome.late or outcome.full):
        if notes and said:
            with open(notes, "w", encoding="utf-8", errors="replace") as out:
                out.write(said)
        return None
    stopped = outcome.late or outcome.used_up or outcome.full \
        or outcome.code in (128 + signal.SIGKILL, 128 + signal.SIGXCPU) or ITS_END.search(outcome.end)
    if stopped:
        above = f", or above {together >> 20} MB" if together else ""           # which comes first is chance
        return Verdict("does not compile", [f"the compiler was stopped after {seconds[0]} s{above}"])
    return Verdict("does not compile", first_errors(said))


def first_errors(text):
    """The first complaints, with the line of C under each; or what the linker could not find."""
    missing = sorted(set(re.findall(r"undefined reference to [`'‘]?(\w+)", text)
                         + re.findall(r'"_(\w+)", referenced from', text)))
    if missing:
        return [f"no function {name}() was found" for name in missing[:5]]
    twice = sorted(set(re.findall(r"multiple definition of [`'‘]?_?(\w+)", text)
                       + re.findall(r"duplicate symbol '_(\w+)'", text)))
    if twice:
        return [f"your file has a {name}(), and so has what it is linked with: "
                + ("the checker brings its own. Take yours out, or try things in another file" if name == "main"
                   else "write `static` before yours, or give it another name") for name in twice[:5]]
    lines = text.rstrip().split("\n")
    starts = [i for i, line in enumerate(lines) if " error: " in line and "collect2" not in line]
    picked = []
    for start in starts[:2]:
        picked += lines[start:start + 3]
    return picked + advice(picked, text) or lines[:6]


def advice(picked, text):
    """What mends the two complaints that say least: a header that is not there, and a number that cannot be set."""
    notes = "\n".join(line for line in text.split("\n") if " note: " in line)
    headers = dict.fromkeys(re.findall(r"\b(?:include|header) ['‘]?<([\w/]+\.h)>", notes))
    said = [f"#include <{header}> is missing at the top of your file" for header in headers]
    if re.search(r"lvalue required|not assignable", "\n".join(picked)) and "mat_at(" in "".join(picked):
        said.append("mat_at(m, i, j) only reads; mat_row(m, i)[j] = ... writes")
    return said


def wrapped(exercise, file, label=None):
    """The learner's text, followed by what the runner calls: so the compiler sees when a signature has changed."""
    needed = " ".join(EXTERN.findall(read(exercise.runner)))
    name = (label or shown(file)).encode("utf-8", "replace").decode()
    name = name.replace("\\", "/").replace('"', "'").replace("\n", " ")
    return (f'#line 1 "{name}"\n'.encode("utf-8", "replace") + source(file)
            + f'\n#line 1 "{shown(exercise.runner)} (what it calls)"\n{needed}\n'.encode())


def compile_learner(exercise, file, folder, memcheck, ours):
    """folder/learner.o; None, or the verdict that ends it."""
    text = os.path.join(folder, "learner.c")
    with open(text, "wb") as out:
        out.write(wrapped(exercise, file))
    warnings = setting("COURSE_WARN", "-Wall") + ["-Werror", "-Wno-unused-parameter"] if ours else LEARNERS
    beside = "-I" + os.path.dirname(os.path.abspath(file))
    return compile_with(compiler(memcheck) + warnings + [beside, "-c", text, "-o", os.path.join(folder, "learner.o")],
                        os.path.join(folder, "warnings"))


def warnings_of(folder):
    """The first three warnings of the learner's file, with their lines of C, for a verdict that is not `passed`."""
    name = os.path.join(folder, "warnings")
    lines = read(name).rstrip().split("\n") if os.path.exists(name) else []
    starts = [i for i, line in enumerate(lines) if " warning: " in line][:3]
    shown_lines = [line[:200] for start in starts for line in lines[start:start + 3]]
    return ["the compiler warns:"] + ["  " + line for line in shown_lines] if shown_lines else []


@functools.cache
def headers_hash():
    """Of all headers that a checker may include."""
    made_of = hashlib.sha256()
    for name in sorted(glob.glob(path("common", "**", "*.h"), recursive=True)
                       + glob.glob(path("tests", "course", "**", "*.h"), recursive=True)
                       + glob.glob(path("stages", "*", "*.h")) + glob.glob(path("tests", "unit", "*.h"))):
        made_of.update(read(name).encode())
    return made_of.hexdigest()


def our_object(name, memcheck, more=()):
    """A file of ours, compiled once, whoever is judged; the path of its object."""
    command = [*compiler(memcheck), *more]
    key = hashlib.sha256("\0".join([headers_hash(), name, read(name), *command]).encode()).hexdigest()[:20]
    wanted = path("build", "course", "made", f"{key}.o")
    if not os.path.exists(wanted):
        os.makedirs(os.path.dirname(wanted), exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="headlight-judge-", dir=os.path.dirname(wanted)) as folder:
            made = os.path.join(folder, "made.o")
            no = compile_with(command + ["-c", name, "-o", made])
            if no:
                raise Trouble(f"{shown(name)} does not compile: " + " / ".join(no.words), 3)
            os.replace(made, wanted)
    return wanted


def our_text(text, place):
    """The object of a text of ours that stands in for a file in the folder `place`; nothing in it tells its source."""
    name = path("build", "course", "made", hashlib.sha256(f"{place}\0{text}".encode()).hexdigest()[:20] + ".c")
    if not os.path.exists(name):
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=os.path.dirname(name), delete=False) as out:
            out.write(text)
        os.replace(out.name, name)
    return our_object(name, False, [f"-I{path(place)}", "-g0"])


def our_objects(names, memcheck):
    return [our_object(path("tests", "course", name), memcheck) for name in names]


def link(objects, memcheck, program):
    return compile_with(compiler(memcheck) + objects + libraries(memcheck) + ["-o", program])


def judging_objects(exercise, secret, memcheck):
    """Of the half that knows what is right."""
    objects = our_objects(JUDGE, memcheck) + [our_object(exercise.checker, memcheck)]
    return objects + ([our_object(exercise.hidden, memcheck)] if secret and os.path.exists(exercise.hidden) else [])


def link_judge(exercise, program):
    no = link(judging_objects(exercise, True, False), False, program)
    if no:
        raise Trouble(f"the judge of {exercise.id}: " + " / ".join(no.words), 3)


def build(exercise, file, folder, apart, secret, memcheck, ours):
    """Compiles folder/judge, and folder/runner when they are to run apart. None, or the verdict that ends it."""
    for name in [exercise.checker] + ([exercise.runner] if exercise.kind == "code" else []):
        if not os.path.exists(name):
            raise Trouble(f"{shown(name)} is not there, so nobody can judge {exercise.id}")
    judging, running = judging_objects(exercise, secret, memcheck), []
    if exercise.kind == "code":
        no = compile_learner(exercise, file, folder, memcheck, ours)
        if no:
            return no
        running = [os.path.join(folder, "learner.o"), our_object(exercise.runner, memcheck)]
        running += our_objects(RUNNER, memcheck)
    if apart:
        no = link(running + our_objects(["runner_main.c"], memcheck), memcheck, os.path.join(folder, "runner"))
        return no or link(judging, memcheck, os.path.join(folder, "judge"))
    return link(list(dict.fromkeys(running + judging)), memcheck, os.path.join(folder, "judge"))


# ---- Running --------------------------------------------------------------------------------------------------

def run_checker(exercise, file, answer, secret, memcheck, ours):
    note = None
    if not (secret or memcheck or os.environ.get("COURSE_DRAW")):     # to draw, it runs again although it has passed
        note = os.path.join(path("build", "course", exercise.stage), f"ex{exercise.k}.{fingerprint(exercise, file)}")
    if note and os.path.exists(note):
        return Verdict("passed")
    apart = secret and not memcheck and exercise.kind == "code"
    with tempfile.TemporaryDirectory(prefix="headlight-judge-") as folder:
        no = build(exercise, file, folder, apart, secret, memcheck, ours)
        if no:
            return no
        runner = [os.path.join(folder, "runner")] if apart else []
        verdict = run(os.path.join(folder, "judge"), answer, secret, memcheck, runner, values=exercise.values)
        if verdict.state in ("wrong", "crashed"):
            verdict.words += warnings_of(folder)
    if verdict.passed and note:
        os.makedirs(os.path.dirname(note), exist_ok=True)
        open(note, "w").close()
    return verdict


def fingerprint(exercise, file):
    """A hash of everything that the verdict depends on."""
    made_of = hashlib.sha256(headers_hash().encode())
    ours = [path("tests", "course", name) for name in {*JUDGE, *RUNNER}] + [exercise.checker, exercise.runner]
    for name in [file] + sorted(name for name in ours if os.path.exists(name)):
        made_of.update(hashlib.sha256(source(name)).digest())
    for word in compiler(False) + libraries(False) + [os.environ.get("SEED", ""), str(exercise.values)]:
        made_of.update(word.encode() + b"\0")
        if word.endswith(".a"):
            about = os.stat(path(word))
            made_of.update(f"{about.st_size} {about.st_mtime_ns}".encode())
    return made_of.hexdigest()[:24]


def run(program, answer, secret, memcheck, runner=(), together=0, credit=False, values=(), key=False, tries=False):
    """together: of sandbox.run; credit: go on behind a case that is wrong, and count; values: the student's own, of
    exK.variant; key: tell what is right; tries: the answer is many,
    a line each, and the words are a letter y or n for each."""
    nonce = secrets.token_hex(8)
    seed = str(whole_number("SEED", 20260 if secret else 1))
    mode = ("h" if secret else "") + ("m" if memcheck else "") + ("c" if credit else "") + ("k" if key else "") \
        + ("t" if tries else "") + "-"
    command = [program, "RESULT-FD", nonce, seed, mode, answer, *runner]
    surroundings = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MALLOC_ARENA_MAX="1", LC_ALL="C",
                        UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1", ASAN_OPTIONS="detect_leaks=1")
    surroundings.update((f"COURSE_VARIANT_{name}", value) for name, value in dict(values).items())
    outcome = sandbox.run(command, cpu=SECONDS * (6 if memcheck else 1), wall=PATIENCE * (2 if memcheck else 1),
                          memory=0 if memcheck else MEMORY, cwd=ROOT, env=surroundings, together=together)
    verdict = read_outcome(outcome, nonce, memcheck)
    said = outcome.result.decode("utf-8", "replace")
    if together and verdict.state == "too slow":            # which comes first depends on who else is at work
        verdict.words = [f"stopped after {SECONDS} s of work, or {PATIENCE} s on the clock. Too much work, or a loop "
                         "without an end?"]
    verdict.hidden = f"hidden {nonce}\n" in said
    counted = re.search(rf"^cases (\d+) (\d+) {nonce}$", said, re.M)
    verdict.cases = tuple(int(word) for word in counted.groups()) if counted else None
    return verdict


def read_outcome(outcome, nonce, memcheck):
    said = outcome.result.decode("utf-8", "replace")
    signalled = re.search(rf"^signal (\d+) {nonce}$", said, re.M)
    number = int(signalled.group(1)) if signalled else -outcome.code
    said = re.sub(rf"^(hidden|cases \d+ \d+|signal \d+) {nonce}\n", "", said, flags=re.M)
    said = said.rstrip("\n").split("\n")
    state, words = said[0].split(" ")[0] if said[0].endswith(" " + nonce) else "", said[1:]
    printed = tail(outcome.out.decode("utf-8", "replace"))
    plenty = outcome.peak > 0.9 * MEMORY and not memcheck
    if outcome.full:
        return Verdict("too much memory", [f"stopped above {MEMORY >> 20} MB"])
    if outcome.out_of_time(number, SECONDS):
        if plenty:
            return Verdict("too much memory", [f"stopped above {MEMORY >> 20} MB"])
        return Verdict("too slow", [f"stopped after {PATIENCE if outcome.late else SECONDS} s"
                                    f"{'' if outcome.late else ' of work'}. Too much work, or a loop without an end?"])
    if memcheck and outcome.code not in (0, NOT_PASSED):
        return Verdict("wrong", sanitizer_words(outcome.out.decode("utf-8", "replace")) or printed)
    if state == "passed" and outcome.code == 0:
        return Verdict("passed")
    if state in ("key", "tried"):
        return Verdict(state, words[-1:])
    if state == "not-started":
        return Verdict("not started")
    if state == "failed":
        raise Trouble("the judge: " + " ".join(words), 3)
    if state == "cannot":
        return Verdict("cannot be judged here", words)
    if state == "wrong":
        return Verdict("wrong", words, printed)
    if state == "memory" or plenty or (printed and "out of memory" in " ".join(printed)):
        return Verdict("too much memory", [f"more than {MEMORY >> 20} MB"] + words)
    if state == "crashed" or outcome.code < 0:
        name = {6: "SIGABRT (an assert, or abort)", 8: "SIGFPE (a division by 0?)",
                11: "SIGSEGV (a pointer or an index)"}.get(number, f"signal {number}")
        return Verdict("crashed", [f"by {name}"] + words, printed)
    if state == "nothing-checked":
        raise Trouble("the checker compared nothing")
    code = words[-1] if state == "ended" and words else outcome.code
    return Verdict("wrong", [f"the program ended (exit code {code}) before the checks were through"], printed)


def sanitizer_words(text):
    """What AddressSanitizer, LeakSanitizer or UBSan found and where, without the map of the memory around it."""
    found = re.search(r"^.*?(ERROR: |runtime error: )(.*?)(?=^SUMMARY|^Shadow bytes|\Z)", text, re.M | re.S)
    if not found:
        return []
    lines = found.group(0).replace(ROOT + os.sep, "").split("\n")
    lines = [re.sub(r"==\d+==|0x[0-9a-f]{8,} (in )?|BuildId: \w+|\(\)$", "", line)[:200].rstrip() for line in lines]
    system = re.compile(r"#\d+ .*(__libc_start|_start\b|libsanitizer|/lib/|\(\S*judge\+)")
    telling = [line for line in lines if line.strip("= ") and not system.search(line)]
    return ["the memory check says:"] + ["  " + line for line in telling[:16]]


def tail(text, most=6):
    """The last lines of what a program printed, each cut to a sane length and without what a terminal obeys."""
    text = SHELLS.sub("", text)
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]|" + TURNING, "?", text)
    lines = [line[:200] for line in text.rstrip().split("\n")] if text.strip() else []
    return (["it printed:"] + ["  " + line for line in lines[-most:]]) if lines else []
