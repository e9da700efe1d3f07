"""Judges code exercises of people whom nobody has to trust: what they wrote is compiled, linked and run in a sandbox
(jail.py), and the verdict is made by a process outside, in which no line of theirs is.

A Room holds what all of them need: the headers of common/, the library, the runners' objects, and each exercise's
judge, made once. It lies where a process of nobody's can read it, whoever grades and wherever the course is."""
import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
from glob import glob

import jail
import judge
import sandbox
from catalogue import ROOT, Trouble, path, source
from halves import THEIRS

INSIDE = "/course"                                              # the sandbox's only folder beside the system's
COMPILE_SECONDS = judge.whole_number("COURSE_COMPILE_SECONDS", 20)
COMPILE_PATIENCE = 3 * COMPILE_SECONDS
OBJECT_BYTES = 64 * sandbox.MEGABYTE
MOST_HEADERS = 20
RUNNING = (*judge.RUNNER, "runner_main.c")
TOGETHER = 1536 * sandbox.MEGABYTE
INCLUDED = {"include/course.h": "course.h", "include/runner.h": "runner.h", "include/bodies/masks.h": "bodies/masks.h",
            "common/base/not_done.h": "not_done.h"}             # in a Room: of tests/course


@contextlib.contextmanager
def folder_of_its_own(kind):
    """For one who is judged in a jail of this kind. Afterwards it is gone, and whatever else was left, too."""
    folder = tempfile.mkdtemp(prefix="headlight-judge-")
    try:
        yield folder
    finally:
        jail.swept(kind)
        jail.removed(folder)


def put(name, text):
    with open(name, "wb") as out:
        out.write(text)


class Handed:
    """What is compiled: the text in C, as bytes, a student's or a student's and ours; headers: {name: bytes} of those
    beside it; objects: ours, to be linked with it; place: the file of the course that it stands in for, or ""; renamed:
    functions whose names in it are not to be ours (halves.py); libraries: more of them."""

    def __init__(self, text, headers, objects, place="", renamed=(), libraries=()):
        self.text, self.headers, self.objects = text, headers, objects
        self.without = place if place.startswith("common/") and place.endswith(".c") else ""
        self.renamed, self.libraries = list(renamed), list(libraries)


def handed_exercise(exercise, file, label):
    """label: what a learner's file is called in a compiler's messages."""
    return Handed(judge.wrapped(exercise, file, label), headers_beside(file),
                  judge.our_objects(RUNNING, False) + [judge.our_object(exercise.runner, False)])


class Room:
    """kind: a jail's. missing: headers of common/ that nobody may read, since bodies in them are the question."""

    def __init__(self, kind, missing=()):
        self.kind, self.lock, self.made = kind, threading.Lock(), {}
        jail.leave_keys()
        self.held = tempfile.TemporaryDirectory(prefix="headlight-grade-")
        self.root = self.held.name
        os.chmod(self.root, 0o755)
        if not jail.reachable(kind, self.root):
            raise Trouble(f"nobody but you can enter {os.path.dirname(self.root)}. Try: TMPDIR=/tmp make grade ...", 3)
        self.ours = os.path.join(self.root, "ours")             # what runs; open where only a sandbox can see it
        os.mkdir(self.ours, 0o755 if kind in jail.WHOLE else 0o700)
        for name in glob("common/**/*.h", root_dir=ROOT, recursive=True):
            if name not in missing:
                os.makedirs(os.path.dirname(os.path.join(self.root, name)), exist_ok=True)
                shutil.copyfile(path(name), os.path.join(self.root, name))
        for name, ours in INCLUDED.items():
            if os.path.exists(path("tests", "course", ours)):
                os.makedirs(os.path.dirname(os.path.join(self.root, name)), exist_ok=True)
                shutil.copyfile(path("tests", "course", ours), os.path.join(self.root, name))

    def close(self):
        self.held.cleanup()

    def shared(self, name):
        """A copy of one of our files, where it can be bound into a sandbox."""
        with self.lock:
            if name not in self.made:
                self.made[name] = os.path.join(self.ours, f"{len(self.made)}-{os.path.basename(name)}")
                shutil.copyfile(path(name), self.made[name])
            return self.made[name]

    def library(self, archive, without):
        """A library of ours, without the object of one file: nobody can look its answers up there."""
        with self.lock:
            key = (archive, without)
            if key not in self.made:
                name = os.path.join(self.ours, f"{len(self.made)}-{os.path.basename(archive)}")
                shutil.copyfile(path(archive), name)
                if without:
                    take_out(name, os.path.basename(without)[:-len(".c")] + ".o")
                self.made[key] = name
            return self.made[key]

    def judge(self, exercise):
        """The judge of an exercise, hidden cases and all: the same program for everybody."""
        with self.lock:
            if exercise.id not in self.made:
                program = os.path.join(self.ours, f"judge-{exercise.id}")
                judge.link_judge(exercise, program)
                os.chmod(program, 0o700)                        # it knows the hidden cases
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
                                  hide=(folder + os.sep, INSIDE + "/in/", INSIDE + "/", self.root + os.sep, THEIRS))

    def build(self, handed, folder):
        """folder/out/runner. None, or the verdict that ends it. The folder is open to whoever compiles, and to nobody
        else here: a neighbour in a sandbox of kind `user`, or anybody on a shared machine."""
        for name, mode in (("", 0o750), ("in", 0o755), ("out", 0o770)):
            os.makedirs(os.path.join(folder, name), exist_ok=True)
            os.chmod(os.path.join(folder, name), mode)
            if os.geteuid() == 0:
                os.chown(os.path.join(folder, name), -1, jail.group(self.kind))
        for name, text in {"learner.c": handed.text, **handed.headers}.items():
            os.makedirs(os.path.join(folder, "in", os.path.dirname(name)), exist_ok=True)
            put(os.path.join(folder, "in", name), text)
        ours = (os.path.join(folder, "in"), f"{INSIDE}/in")
        flags = plain_compiler() + [f"-I{INSIDE}/{name}" for name in ("common", "include", "in")]
        flags += [f"-D{name}={THEIRS}{name}" for name in handed.renamed]
        no = self.compile(flags + judge.LEARNERS + ["-c", f"{INSIDE}/in/learner.c", "-o", f"{INSIDE}/out/learner.o"],
                          [ours], folder)
        if not no and handed.renamed and shutil.which("objcopy"):       # for who gets at a name behind the compiler
            no = self.compile(["objcopy", *(f"--redefine-sym={name}={THEIRS}{name}" for name in handed.renamed),
                               f"{INSIDE}/out/learner.o"], [], folder)
        if no:
            return no
        libraries = [(word, f"{INSIDE}/{os.path.basename(word)}") for word in judge.libraries(False)
                     if word.endswith(".a")]
        binds = [(self.shared(name), f"{INSIDE}/{i}.o") for i, name in enumerate(handed.objects)]
        binds += [(self.library(name, handed.without), there) for name, there in libraries]
        words = [dict(libraries).get(word, word) for word in judge.libraries(False)]
        return self.compile(plain_compiler() + [f"{INSIDE}/out/learner.o", *[there for _, there in binds], *words,
                                                *handed.libraries, "-s", "-o", f"{INSIDE}/out/runner"],
                            self.lent(binds, folder), folder)

    def lent(self, binds, folder):
        """Of pairs (a file of ours, its path in there), which a sandbox shows: in one that has only real paths each is
        a link in the student's own folder."""
        if self.kind in jail.WHOLE:
            return binds
        links = [(os.path.join(folder, "in", os.path.basename(there)), there) for _, there in binds]
        for (here, _), (link, _) in zip(binds, links):
            os.link(here, link)
        return links

    def verdict(self, exercise, handed, credit=False):
        """exercise: whose judge it is."""
        with folder_of_its_own(self.kind) as folder:
            no = self.build(handed, folder)
            if no:
                return no
            there = [(os.path.join(folder, "out", "runner"), f"{INSIDE}/runner")]
            runner = jail.jailed(self.kind, [f"{INSIDE}/runner"], there)
            verdict = judge.run(self.judge(exercise), "", True, False, runner, TOGETHER, credit)
            if verdict.state in ("wrong", "crashed"):
                verdict.words += judge.warnings_of(folder)
            return verdict


def take_out(archive, member):
    """Removes an object from an archive; there must be one of that name."""
    listed = subprocess.run(["ar", "t", archive], capture_output=True, text=True, check=True).stdout
    count = listed.split().count(member)
    if count != 1:
        raise Trouble(f"{member} stands {count} times in {os.path.basename(archive)} (expected once)", 3)
    subprocess.run(["ar", "ds", archive, member], check=True)


def plain_compiler():
    """The compiler without a cache of its own, and without our folders."""
    words = [word for word in judge.compiler(False) if word not in ("-Icommon", "-Itests/course")]
    return words[1:] if os.path.basename(words[0]) == "ccache" else words


def headers_beside(file):
    """{name: bytes} of headers that lie beside a learner's file: theirs, and no links."""
    folder = os.path.dirname(os.path.abspath(file))
    names = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".h")]
    names = [name for name in names if os.path.isfile(name) and not os.path.islink(name)
             and os.path.getsize(name) <= judge.LARGEST][:MOST_HEADERS]
    return {os.path.basename(name): source(name) for name in names}
