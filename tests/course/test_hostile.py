#!/usr/bin/env python3
"""make grade and people who mean harm (hostile.py): nobody gets a point by a trick, nobody loses one by another's, and
nothing outside is touched. A dozen in `make test`; with HOSTILE=all (make test-course) every one, and two runs."""
import contextlib
import io
import itertools
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from glob import glob

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "house"))

import fence
import hostile
import house
import jail
import judge
import report
from mini import GOOD, TWICE, WRONG, Course, code, write
from test_grading import rows_of

ALL = os.environ.get("HOSTILE") == "all"
HONEST = {"friend": (GOOD["01.1"], "2"), "half": (WRONG["01.1"], "0"), "zoe": (GOOD["01.1"], "2")}


def alive():
    """Processes that a submission meant to outlive it. The kernel takes a moment to end all that were in a sandbox, and
    a busy machine takes longer: who would live on is still there after ten seconds."""
    for _ in range(100):
        if not (found := survivors()):
            break
        time.sleep(0.1)
    return found


def remains():
    """What strangers have left in everybody's folders, when others who are judged now have ended."""
    for _ in range(100):
        if not (found := left_behind()):
            break
        time.sleep(0.1)
    return found


def left_behind():
    found = []
    for folder in filter(os.path.isdir, jail.FOR_ALL):
        for name in os.listdir(folder):
            with contextlib.suppress(OSError):
                found += [name] if jail.FIRST <= os.lstat(os.path.join(folder, name)).st_uid < jail.LAST else []
    return found


def survivors():
    """Those that have ended, and are only not waited for yet, are none."""
    found = []
    for name in glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError):
            found += [name] if re.search(r"\(hlsurvivor\) [^ZX]", house.read(name)) else []
    return found


class Group:
    """A folder of submissions, canaries around it, and somebody who listens. closed: to other users, where the kernel's
    permissions are all that there is; else only the sandbox stands before them."""

    def __init__(self, course, folder, kinds, closed=False):
        self.course, self.folder, self.hand_in = course, folder, os.path.join(folder, "hand in")
        self.home, self.table = os.path.join(folder, "home"), os.path.join(folder, "grades.csv")
        self.rooms = os.path.join(folder, "rooms")              # where this grader puts what it makes
        os.mkdir(self.rooms)
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(9)
        self.listener.settimeout(0.2)
        for student, (text, _) in HONEST.items():
            write(self.hand_in, f"{student}/01_one/ex1.c", text)
        for kind in kinds:
            write(self.hand_in, f"{kind}/01_one/ex1.c", self.filled(hostile.EVERY[kind]))
        self.canaries = [os.path.join(place, "canary") for place in
                         (course.root, self.home, os.path.join(self.hand_in, "friend"))]
        for name in self.canaries:
            write("/", name, "whole\n")
        for where, folders, names in os.walk(folder):
            for name in folders + names:
                os.chmod(os.path.join(where, name), 0o777)
        os.chmod(course.root, 0o777), os.chmod(self.canaries[0], 0o666), os.chmod(self.rooms, 0o1777)
        os.chmod(folder, 0o711 if closed else 0o777)
        if closed:
            os.chmod(self.hand_in, 0o700), os.chmod(self.home, 0o700)
        else:
            os.chmod(os.path.dirname(course.root), 0o755)

    def filled(self, text):
        for word, there in (("ROOT", self.course.root), ("FRIEND", os.path.join(self.hand_in, "friend")),
                            ("HOLDER", self.home), ("TABLE", self.table), ("ROOMS", self.rooms),
                            ("PORT", str(self.listener.getsockname()[1]))):
            text = text.replace(word, there)
        return text

    def grade(self, **more):
        self.course.says("grade", DIR=self.hand_in, CSV=self.table, STAGES="01", holds="submissions graded",
                         HOME=self.home, TMPDIR=self.rooms, COURSE_SECONDS="2", COURSE_PATIENCE="14",
                         COURSE_COMPILE_SECONDS="3", AT_ONCE="6", **more)
        return house.read(self.table)

    def expect_whole(self):
        for name in self.canaries:
            assert house.read(name) == "whole\n", f"{name} was touched"
        for student, (text, _) in HONEST.items():
            assert house.read(os.path.join(self.hand_in, student, "01_one", "ex1.c")) == text
        assert os.path.exists(self.course.path("tests/course/01_one/solutions/ex1.c"))
        assert not alive(), f"still there: {alive()}"
        assert not remains(), f"left behind: {remains()}"
        try:
            self.listener.accept()
            raise AssertionError("somebody reached the network")
        except TimeoutError:
            pass

    def expect_points(self, kinds, verdicts=hostile.VERDICTS):
        rows = rows_of(self.table)
        for student, (_, points) in HONEST.items():
            assert rows[student]["total"] == points, rows[student]
        for kind in kinds:
            row = rows[kind]
            assert row["total"] == "0" and row["01.1 verdict"] != "passed", row
            assert not re.search(r"[\x00-\x1f\x7f-\x9f]|" + judge.TURNING, row["why"]), row
            assert "return 2 * x" not in row["why"], row
            verdict, words = verdicts.get(kind, (row["01.1 verdict"], ""))
            assert row["01.1 verdict"] == verdict and words in row["why"], row


def in_a_jail(kind):
    if kind == "none" or not jail.works(kind):
        raise house.Skip(f"no sandbox here of kind {kind}" if kind != "none" else "nothing here makes a sandbox")


# What one kind of sandbox shows and the other does not: who is process 1, and that a pipe has no end any more.
SHOWN = ("incbin by a macro", "closed, and goes on")
CHANCE = ("the first of all processes",)                # it stops bubblewrap's process 1 before it has ended, or not


def nobody_cheats_or_harms():
    """In both kinds of sandbox, or twice in the only one: no points, no harm, and the same table."""
    kinds, names = [kind for kind in jail.WHOLE if jail.works(kind)], list(hostile.EVERY) if ALL else hostile.FEW
    assert len(hostile.EVERY) >= 100
    in_a_jail(jail.best())
    with Course() as c, tempfile.TemporaryDirectory(prefix="headlight hostile ") as folder:
        group, tables = Group(c, folder, names), []
        for kind in (kinds * 2)[:2]:
            tables.append(group.grade(JAIL=kind).split("\n"))
            group.expect_points(names)
            group.expect_whole()
        known = SHOWN + CHANCE if len(kinds) > 1 else CHANCE
        house.expect_none([f"two runs: {one} and {other}" for one, other in zip(*tables)
                           if one != other and not one.strip('"').startswith(known)])
        print(f"     {len(names)} submissions in {' and in '.join(kinds)}")


def another_user_cheats_and_harms_nobody():
    """JAIL=user: behind Landlock everything around lies open; without it, it is closed. One of them in `make test`."""
    in_a_jail("user")
    for landlock in [True, False] if ALL and fence.version() else [bool(fence.version())]:
        names = hostile.EVERY if ALL and landlock else hostile.AS_A_USER if ALL else hostile.FEW_AS_A_USER
        names = [name for name in names if landlock or name not in hostile.LANDLOCKED]
        with Course() as c, tempfile.TemporaryDirectory(prefix="headlight hostile ") as folder:
            if not landlock:
                c.without_landlock()
            group = Group(c, folder, names, closed=not landlock)
            group.grade(JAIL="user")
            group.expect_points(names, hostile.VERDICTS_ON_A_USER)
            group.expect_whole()
        print(f"     {len(names)} submissions as another user, {'behind' if landlock else 'without'} Landlock")


def keys_of_who_grades_are_his():
    """The kernel hands a ring of keys on to children, into every sandbox. (add_key() is two before keyctl().)"""
    kinds = [kind for kind in jail.WHOLE if jail.works(kind)]
    if not (kinds and jail.KEYS):
        raise house.Skip("no sandbox here, or nobody knows the number of keyctl()")
    words = ("import ctypes, subprocess, sys; call, key = ctypes.CDLL(None).syscall, int(sys.argv[1]); "
             "call(key, 1, None); call(key - 2, b'user', b'hl', b'a secret', 8, -3); "
             "sys.exit(subprocess.call(sys.argv[2:]) or call(key, 10, -3, b'user', b'hl', 0) < 0)")     # still there
    with Course() as c:
        write(c.root, "hand-in/mal/01_one/ex1.c", hostile.EVERY["keys read"])
        for kind in kinds if ALL else kinds[-1:]:
            done = subprocess.run([sys.executable, "-c", words, str(jail.KEYS), sys.executable,
                                   c.path("tests/course/course.py"), "grade"], cwd=c.root, capture_output=True,
                                  text=True, env=c.environment(DIR="hand-in", CSV="x.csv", STAGES="01", JAIL=kind))
            assert done.returncode == 0, done.stderr
            why = rows_of(c.path("x.csv"))["mal"]["why"]
            assert "got       0;" in why, f"{kind}: {why}"


def strangers_are_never_the_same():
    """A number that another thread or another grader has is given to nobody else, and each run has a new one."""
    in_a_jail("user")
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
        first = one.submit(jail.stranger).result()
        jail.NUMBERS = itertools.count(int(first), 2)           # as in a grader that begins to count there
        second = other.submit(jail.stranger).result()
        assert second != first == one.submit(jail.stranger).result(), (first, second)
        for pool in (one, other):
            pool.submit(jail.swept, "user").result()
        assert one.submit(jail.stranger).result() not in (first, second)
        one.submit(jail.swept, "user").result()


def without_a_sandbox_nobody_is_run():
    with Course() as c:
        write(c.root, "hand-in/mal/01_one/ex1.c", GOOD["01.1"])
        c.says("grade", DIR="hand-in", CSV="x.csv", JAIL="none", code=3, holds="TRUST=1")
        assert not os.path.exists(c.path("x.csv"))
        c.says("grade", "--trust", DIR="hand-in", CSV="x.csv", JAIL="none",
               holds=["no sandbox", "1 submissions graded"])
        assert rows_of(c.path("x.csv"))["mal"]["01.1"] == "2"


# ---- Archives ----------------------------------------------------------------------------------------------------

def packed(folder):
    """{name of the archive: words of `why`, or None for one that is right}."""
    good = GOOD["01.1"].encode()

    def tar(name, entries):
        with tarfile.open(os.path.join(folder, name), "w:gz") as out:
            for entry, data in entries:
                if isinstance(entry, str):
                    entry = tarfile.TarInfo(entry)
                    entry.size = len(data)
                out.addfile(entry, io.BytesIO(data))

    def zipped(name, entries):
        with zipfile.ZipFile(os.path.join(folder, name), "w", zipfile.ZIP_DEFLATED) as out:
            for entry, data in entries:
                out.writestr(entry, data)

    def special(name, kind, target=""):
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, target
        return entry

    tar("right.tar.gz", [("work/01_one/ex1.c", good)])
    zipped("right.zip", [("work/01_one/ex1.c", good)])
    tar("up.tar.gz", [("../../escaped", good), ("01_one/ex1.c", good)])
    zipped("up.zip", [("../../escaped", good)])
    tar("absolute.tar.gz", [(os.path.join(folder, "escaped"), good)])
    zipped("back.zip", [("..\\..\\escaped", good)])
    tar("link.tar.gz", [(special("01_one", tarfile.SYMTYPE, folder), b""), ("01_one/escaped", good)])
    tar("solution.tar.gz", [(special("01_one/ex1.c", tarfile.SYMTYPE, "/etc/passwd"), b"")])
    tar("hard.tar.gz", [(special("01_one/ex1.c", tarfile.LNKTYPE, "/etc/passwd"), b"")])
    tar("pipe.tar.gz", [(special("01_one/ex1.c", tarfile.FIFOTYPE), b"")])
    link = zipfile.ZipInfo("01_one/ex1.c")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    zipped("link.zip", [(link, "/etc/passwd")])
    zipped("bomb.zip", [("big", b"\0" * (80 << 20))])
    tar("bomb.tar.gz", [("big", b"\0" * (80 << 20))])
    zipped("many.zip", [(f"{i}", b"") for i in range(5000)])
    zipped("twice.zip", [("a", b"1"), ("./a", b"2")])
    with open(os.path.join(folder, "nonsense.zip"), "wb") as out:
        out.write(b"PK\3\4 and so on")
    return {"right.tar.gz": None, "right.zip": None, "up.tar.gz": "leads out", "up.zip": "leads out",
            "absolute.tar.gz": "leads out", "back.zip": "leads out", "link.tar.gz": "", "solution.tar.gz": "",
            "hard.tar.gz": "", "pipe.tar.gz": "", "link.zip": "", "bomb.zip": "more than 32 MB",
            "bomb.tar.gz": "more than", "many.zip": "more than 2000 files", "twice.zip": "one name",
            "nonsense.zip": "cannot be read"}


def archives_are_unpacked_and_stay_inside():
    in_a_jail(jail.best())
    with Course() as c, tempfile.TemporaryDirectory(prefix="headlight packed ") as folder:
        hand_in = os.path.join(folder, "a", "hand in")
        os.makedirs(hand_in)
        wanted = packed(hand_in)
        write(hand_in, "inside/readme.txt", "x\n")
        os.rename(os.path.join(hand_in, "right.zip"), os.path.join(hand_in, "inside", "right.zip"))
        table = os.path.join(folder, "grades.csv")
        c.says("grade", DIR=hand_in, CSV=table, STAGES="01")
        rows = rows_of(table)
        for name, words in wanted.items():
            row = rows["inside" if name == "right.zip" else name]
            assert row["total"] == ("2" if words is None else "0") and (words or "") in row["why"], row
        assert not glob(os.path.join(folder, "**", "escaped"), recursive=True)


def deep_and_large_is_no_end():
    """Folders in folders, and a file that claims terabytes, as unpacking something may leave them: the others are
    graded, and so is what is right."""
    in_a_jail(jail.best())
    with Course() as c:
        for name in ("deep", "large"):
            write(c.root, f"hand-in/{name}/01_one/ex1.c", GOOD["01.1"])
        there = os.open(c.path("hand-in/deep"), os.O_RDONLY)
        for _ in range(1500):
            os.mkdir("d", dir_fd=there)
            inner = os.open("d", os.O_RDONLY, dir_fd=there)
            os.close(there)
            there = inner
        os.close(there)
        os.truncate(c.path("hand-in/large/01_one/ex1.c"), 1 << 42)
        c.says("grade", DIR="hand-in", CSV="x.csv", EXERCISES="1.1")
        rows = rows_of(c.path("x.csv"))
        assert rows["deep"]["total"] == "2" and "more than 1 MB" in rows["large"]["why"], rows
        jail.removed(c.path("hand-in/deep"))


# ---- Points, reports, likeness, Ctrl-C ---------------------------------------------------------------------------

def points_reports_and_likeness():
    in_a_jail(jail.best())
    long = "\n".join(f"    int {{a}}{i} = x > {i} ? {i} : -{i};\n    {{b}} += {{a}}{i} - {{a}}{i};" for i in range(9))
    texts = {"ann": "return 2 * x;", "bob": "return x == 3 ? *(volatile int *)0 : 2 * x;",
             "cid": "return x < 0 ? 0 : 2 * x;",
             "dot": "int s = 0;\n" + long.format(a="k", b="s") + "\n    return s + 2 * x;",
             "eve": "int total = 0; /* mine */\n" + long.format(a="value", b="total") + "\n    return total + 2 * x;"}
    with Course() as c, tempfile.TemporaryDirectory(prefix="headlight reports ") as folder:
        for student, text in texts.items():
            write(folder, f"in/{student}/01_one/ex1.c", code(TWICE, text))
        table, reports = os.path.join(folder, "grades.csv"), os.path.join(folder, "reports")
        base = {"DIR": os.path.join(folder, "in"), "CSV": table, "STAGES": "01", "REPORTS": reports}
        c.says("grade", **base, holds="look at these together: 01.1 of dot, eve\n")
        assert [rows_of(table)[name]["01.1"] for name in sorted(texts)] == ["2", "0", "0", "2", "2"]
        told = house.read(os.path.join(reports, "cid.txt"))
        assert "hidden case" in told and "expected" not in told and "-1000" not in told, told
        c.says("grade", **base, CREDIT="cases", DETAILS="full")
        rows = rows_of(table)
        assert [rows[name]["01.1"] for name in sorted(texts)] == ["2", "1.6", "1.6", "2", "2"], rows
        assert rows["bob"]["01.1 verdict"] == "crashed" and "4 of 5 cases" in rows["bob"]["why"], rows["bob"]
        told = house.read(os.path.join(reports, "cid.txt"))
        assert "input     x = -1000" in told and "got       0" in told and "4 of 5 cases are right" in told, told
        c.says("grade", **base, DETAILS="none")
        assert "x = 3" not in house.read(os.path.join(reports, "bob.txt"))
    alike = ["a:b", "a_b", "a\\b", "a" * 220, "a" * 221, ".a", "a"]
    assert len({report.file_name(name).lower() for name in alike}) == len(alike), alike
    assert report.file_name("cid") == "cid.txt" and report.file_name("a" * 50) == "a" * 50 + ".txt"


def an_interrupted_run_leaves_the_old_table():
    in_a_jail(jail.best())
    with Course() as c:
        for name in "abcdef":
            write(c.root, f"hand-in/{name}/01_one/ex1.c", hostile.EVERY["a sleeper"])
        write(c.root, "x.csv", "old\n")
        run = subprocess.Popen([sys.executable, c.path("tests/course/course.py"), "grade"], cwd=c.root, text=True,
                               env=c.environment(DIR="hand-in", CSV="x.csv", STAGES="01", COURSE_PATIENCE="60"),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert run.stdout.readline().startswith("6 submissions, sandbox: ")
        time.sleep(3)
        run.send_signal(signal.SIGINT)
        said = run.communicate(timeout=30)
        assert run.returncode == 130 and c.read("x.csv") == "old\n", said
        assert not [name for name in os.listdir(c.root) if name.endswith(".new")]


if __name__ == "__main__":
    house.main([nobody_cheats_or_harms, another_user_cheats_and_harms_nobody, keys_of_who_grades_are_his,
                strangers_are_never_the_same, without_a_sandbox_nobody_is_run, archives_are_unpacked_and_stay_inside,
                deep_and_large_is_no_end, points_reports_and_likeness,
                an_interrupted_run_leaves_the_old_table])
