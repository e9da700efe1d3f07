"""Judges code exercises of people whom nobody has to trust: what they wrote is compiled, linked and run in a sandbox
(jail.py), and the verdict is made by a process outside, in which no line of theirs is.

A Room holds what all of them need: the headers of common/, the library, the runners' objects, and each exercise's
judge, made once. It lies where a process of nobody's can read it, whoever grades and wherever the course is."""
import os
import shutil
import tempfile
import threading
from glob import glob

import jail
import judge
import sandbox
from catalogue import ROOT, path, read, source

INSIDE = "/course"                                              # the sandbox's only folder beside the system's
COMPILE_SECONDS, COMPILE_PATIENCE = 20, 60
OBJECT_BYTES = 64 * sandbox.MEGABYTE
MOST_HEADERS = 20
TOGETHER = 1536 * sandbox.MEGABYTE


def put(name, text):
    with open(name, "wb") as out:
        out.write(text)


class Room:
    """kind: a jail's. missing: headers of common/ that nobody may read, since bodies in them are the question."""

    def __init__(self, kind, missing=()):
        self.kind, self.lock, self.made = kind, threading.Lock(), {}
        self.held = tempfile.TemporaryDirectory(prefix="headlight-grade-")
        self.root = self.held.name
        os.chmod(self.root, 0o755)
        for name in glob("common/**/*.h", root_dir=ROOT, recursive=True):
            if name not in missing:
                os.makedirs(os.path.dirname(os.path.join(self.root, name)), exist_ok=True)
                shutil.copyfile(path(name), os.path.join(self.root, name))
        for name in ("include", "common"):
            os.makedirs(os.path.join(self.root, name), exist_ok=True)
        shutil.copyfile(path("tests", "course", "course.h"), os.path.join(self.root, "include", "course.h"))

    def close(self):
        self.held.cleanup()

    def shared(self, name):
        """A copy of one of our files, where it can be bound into a sandbox."""
        with self.lock:
            if name not in self.made:
                self.made[name] = os.path.join(self.root, f"{len(self.made)}-{os.path.basename(name)}")
                shutil.copyfile(path(name), self.made[name])
            return self.made[name]

    def judge(self, exercise):
        """The judge of an exercise, hidden cases and all: the same program for everybody."""
        with self.lock:
            if exercise.id not in self.made:
                program = os.path.join(self.root, f"judge-{exercise.id}")
                judge.link_judge(exercise, program)
                self.made[exercise.id] = program
            return self.made[exercise.id]

    def compile(self, words, read_only, folder):
        """A compiler's or linker's command in the sandbox, with folder/out to write into. None, or the verdict."""
        command = ["/usr/bin/env", f"TMPDIR={INSIDE}/out", *words]
        binds = [(os.path.join(self.root, "common"), f"{INSIDE}/common"),
                 (os.path.join(self.root, "include"), f"{INSIDE}/include"), *read_only]
        out = [(os.path.join(folder, "out"), f"{INSIDE}/out")]
        return judge.compile_with(jail.jailed(self.kind, command, binds, out, OBJECT_BYTES),
                                  os.path.join(folder, "warnings"), (COMPILE_SECONDS, COMPILE_PATIENCE), TOGETHER,
                                  hide=(folder + os.sep, INSIDE + "/in/", INSIDE + "/", self.root + os.sep))

    def build(self, exercise, file, label, folder):
        """folder/out/runner, of a learner's file. None, or the verdict that ends it."""
        os.chmod(folder, 0o755)
        for name, mode in (("in", 0o755), ("out", 0o777)):
            os.mkdir(os.path.join(folder, name))
            os.chmod(os.path.join(folder, name), mode)
        put(os.path.join(folder, "in", "learner.c"), judge.wrapped(exercise, file, label))
        for name in headers_beside(file):
            put(os.path.join(folder, "in", os.path.basename(name)), source(name))
        ours = (os.path.join(folder, "in"), f"{INSIDE}/in")
        flags = plain_compiler() + [f"-I{INSIDE}/{name}" for name in ("common", "include", "in")]
        no = self.compile(flags + judge.LEARNERS + ["-c", f"{INSIDE}/in/learner.c", "-o", f"{INSIDE}/out/learner.o"],
                          [ours], folder)
        if no:
            return no
        objects = [judge.our_object(exercise.runner, False)]
        objects += judge.our_objects([*judge.RUNNER, "runner_main.c"], False)
        libraries = [(word, f"{INSIDE}/{os.path.basename(word)}") for word in judge.libraries(False)
                     if word.endswith(".a")]
        binds = [(self.shared(name), f"{INSIDE}/{i}.o") for i, name in enumerate(objects)]
        words = [dict(libraries).get(word, word) for word in judge.libraries(False)]
        return self.compile(plain_compiler() + [f"{INSIDE}/out/learner.o", *[there for _, there in binds], *words,
                                                "-o", f"{INSIDE}/out/runner"],
                            binds + [(self.shared(name), there) for name, there in libraries], folder)

    def verdict(self, exercise, file, label, credit=False):
        """On a learner's file; `label` is what it is called in a compiler's messages."""
        with tempfile.TemporaryDirectory(prefix="headlight-judge-") as folder:
            no = self.build(exercise, file, label, folder)
            if no:
                return no
            there = [(os.path.join(folder, "out", "runner"), f"{INSIDE}/runner")]
            runner = jail.jailed(self.kind, [f"{INSIDE}/runner"], there)
            verdict = judge.run(self.judge(exercise), "", True, False, runner, TOGETHER, credit)
            if verdict.state in ("wrong", "crashed"):
                verdict.words += judge.warnings_of(folder)
            return verdict


def plain_compiler():
    """The compiler without a cache of its own, and without our folders."""
    words = [word for word in judge.compiler(False) if word not in ("-Icommon", "-Itests/course")]
    return words[1:] if os.path.basename(words[0]) == "ccache" else words


def headers_beside(file):
    """Headers that lie beside a learner's file: theirs, and no links."""
    folder = os.path.dirname(os.path.abspath(file))
    names = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".h")]
    return [name for name in names if os.path.isfile(name) and not os.path.islink(name)
            and os.path.getsize(name) <= judge.LARGEST][:MOST_HEADERS]
