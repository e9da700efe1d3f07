#!/usr/bin/env python3
"""The exercise machine as lecturers meet it: make grade and make handout, on a small course in a temporary folder."""
import csv
import os
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "house"))

import blank
import house
import jail
import judge
import sandbox
from mini import GOOD, HOG, TWICE, WRONG, Course, code, git, surroundings, write


SUBMISSIONS = {
    "anna": (GOOD["01.1"], "passed"),
    "bo wrong": (WRONG["01.1"], "wrong"),
    "cy": (code(TWICE, "return x < 0 ? 0 : 2 * x;"), "wrong"),             # only the hidden cases see it
    "dan": (code(TWICE, "return 2 * ;"), "does not compile"),
    "eva": (code(TWICE, "return *(volatile int *)0;"), "crashed"),
    "fay": (code(TWICE, "for (volatile int i = 0;; i = i) {}"), "too slow"),
    "gus": (code(TWICE, "extern int pause(void); for (;;) pause();"), "too slow"),
    "hal": (code(TWICE, HOG), "too much memory"),
    "ivy": (code(TWICE, "NOT_STARTED();"), "not started"),
    "joe": ("\0\1\2", "does not compile"),
}


def rows_of(table):
    """{student: row} of a table of grades."""
    with open(table, encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


NAMES = {       # what a student sent: (files, verdict, what the table says of it)
    "browser": ({"01_one/ex1 (1).c": GOOD["01.1"]}, "passed", "took 01_one/ex1 (1).c"),
    "capitals": ({"01_ONE/EX1.C": GOOD["01.1"]}, "passed", "took 01_ONE/EX1.C"),
    "notepad": ({"01_one/ex1.c.txt": GOOD["01.1"]}, "passed", "took 01_one/ex1.c.txt"),
    "copies": ({"01/Copy of ex1.c": WRONG["01.1"], "01/ex1.c": GOOD["01.1"]}, "passed",
               "took 01/ex1.c, not 01/Copy of ex1.c"),
    "packed": ({"work.zip": "PK"}, "missing", "work.zip: an archive that was not unpacked"),
    "elsewhere": ({"solution.c": GOOD["01.1"]}, "missing", "found solution.c"),
    "no folder": ({"ex1.c": GOOD["01.1"]}, "missing", "found ex1.c"),
    "empty": ({}, "missing", "no exercise's file was found among 0"),
    "spelled out": ({"01 one/Exercise 1.c": GOOD["01.1"]}, "passed", "took 01 one/Exercise 1.c"),
    "renamed": ({"final/ex_one.c": "x", "final/1.c": GOOD["01.1"], "notes/2.txt": "x"}, "missing", "found final/1.c,"),
    "esc\x1b[31m": ({}, "missing", ""),
    "a whole tree": ({"common/math/mat.c": "x", "stages/01_one/exercises/ex1.c": GOOD["01.1"]}, "missing",
                     "no exercise's file was found among 2"),
    "mark": ({"01_one/ex1.c": "\ufeff" + GOOD["01.1"]}, "passed", ""),
    "=1+1": ({"01_one/ex1.c": GOOD["01.1"]}, "passed", ""),
    "@sum": ({"=1+1.zip": "PK"}, "missing", "'=1+1.zip: an archive"),
    "-;=1": ({"01_one/ex1.c": "#error ;=1\n"}, "does not compile", ";'=1"),
    "'tis": ({"01_one/ex1.c": GOOD["01.1"]}, "passed", ""),
    os.fsdecode(b"caf\xe9"): ({"01_one/ex1.c": GOOD["01.1"]}, "passed", ""),
}


def names_as_they_arrive_are_taken_or_told():
    with Course() as c, tempfile.TemporaryDirectory(prefix="hand in ") as folder:
        for student, (files, _, _) in NAMES.items():
            os.makedirs(os.path.join(folder, student))
            for name, text in files.items():
                os.makedirs(os.path.dirname(os.path.join(folder, student, name)), exist_ok=True)
                with open(os.path.join(folder, student, name), "w", encoding="utf-8") as file:
                    file.write(text)
        os.makedirs(os.path.join(folder, ".ann", "01_one"))
        os.makedirs(os.path.join(folder, "__MACOSX"))
        for loose in ("zoe.zip", "list.csv"):
            with open(os.path.join(folder, loose), "wb"):
                pass
        table = os.path.join(folder, "grades.csv")
        c.says("grade", DIR=folder, CSV=table, holds=["19 submissions graded",
                                                     "these are none, or hidden: .ann, list.csv"])
        rows = rows_of(table)
        for student, (_, state, words) in NAMES.items():
            name = student.encode("utf-8", "backslashreplace").decode().replace("\x1b", "\\x1b")
            row = rows[{"=1+1": "'=1+1", "@sum": "'@sum", "-;=1": "'-;'=1", "'tis": "''tis"}.get(name, name)]
            assert row["01.1 verdict"] == state and words in row["why"], f"{student}: {row}"
            assert words or "01.1" not in row["why"], row
        zoe = rows["zoe.zip"]
        assert "an archive that was not unpacked" in zoe["why"] and zoe["total"] == "0", zoe


FORGER = r"""#include "course.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int twice(int x) {
    char name[64], words[4096], said[256];
    snprintf(name, sizeof name, "/proc/%d/cmdline", (int)getppid());
    int file = open(name, O_RDONLY);
    ssize_t size = read(file, words, sizeof words - 1);
    words[size < 0 ? 0 : size] = 0;
    const char *fd = words + strlen(words) + 1, *nonce = fd + strlen(fd) + 1;
    snprintf(name, sizeof name, "/proc/%d/fd/%s", (int)getppid(), fd);
    int result = open(name, O_WRONLY);
    snprintf(said, sizeof said, "passed %s\n", nonce);
    if (write(result, said, strlen(said)) > 0) _exit(0);
    return 0;
}
"""


def a_forged_line_is_no_pass():
    """A verdict that a student's code writes into the judge's pipe: the judge ends as one that has not passed."""
    with Course() as c, tempfile.TemporaryDirectory(prefix="hand in ") as folder:
        os.makedirs(os.path.join(folder, "mal", "01_one"))
        with open(os.path.join(folder, "mal", "01_one", "ex1.c"), "w", encoding="utf-8") as file:
            file.write(FORGER)
        table = os.path.join(folder, "grades.csv")
        c.says("grade", DIR=folder, CSV=table, STAGES="01")
        assert rows_of(table)["mal"]["01.1 verdict"] == "wrong"


def a_grade_is_made_where_no_line_of_a_student_ran():
    """What learners' code can reach under `make check` (the judge's own functions) is not there under `make grade`."""
    declared = "extern void check_int(const char *, long long, long long);"
    forged = code(TWICE, declared + ' check_int("x", 1, 1); return 2 * x;')
    with Course() as c, tempfile.TemporaryDirectory(prefix="hand in ") as folder:
        os.makedirs(os.path.join(folder, "mal", "01_one"))
        with open(os.path.join(folder, "mal", "01_one", "ex1.c"), "w", encoding="utf-8") as file:
            file.write(forged)
        table = os.path.join(folder, "grades.csv")
        c.says("grade", DIR=folder, CSV=table, STAGES="01")
        row = rows_of(table)["mal"]
        assert row["01.1 verdict"] == "does not compile" and "no function check_int()" in row["why"], row


def grading_survives_everything():
    with Course() as c, tempfile.TemporaryDirectory(prefix="hand in ") as folder:
        for student, (text, _) in SUBMISSIONS.items():
            os.makedirs(os.path.join(folder, student, "01_one"))
            with open(os.path.join(folder, student, "01_one", "ex1.c"), "w", encoding="utf-8") as file:
                file.write(text)
        os.makedirs(os.path.join(folder, "kim (empty)"))
        whole = os.path.join(folder, "lea", "a handout", "stages", "01_one", "exercises")
        for place in (whole, whole.replace("stages/01_one/exercises", "work/01_one")):
            os.makedirs(place)
            with open(os.path.join(place, "ex1.c"), "w", encoding="utf-8") as file:
                file.write(GOOD["01.1"] if "work" in place else code(TWICE, "NOT_STARTED();"))
        place = os.path.join(folder, "moe", "stages", "01_one", "exercises")       # nobody works there
        os.makedirs(place)
        shutil.copyfile(os.path.join(folder, "anna", "01_one", "ex1.c"), os.path.join(place, "ex1.c"))
        table = os.path.join(folder, "grades.csv")
        c.says("grade", DIR=folder, CSV=table, STAGES="01", holds=["13/13", "13 submissions graded"],
               COURSE_PATIENCE="5", COURSE_SECONDS="3")
        rows = rows_of(table)
        wanted = {student: state for student, (_, state) in SUBMISSIONS.items()}
        wanted.update({"kim (empty)": "missing", "lea": "passed", "moe": "missing"})
        got = {student: row["01.1 verdict"] for student, row in rows.items()}
        assert got == wanted, got
        assert rows["anna"]["total"] == "2" and rows["anna"]["possible"] == "4" and rows["cy"]["total"] == "0"
        assert all(row["01.2 verdict"] == "missing" for row in rows.values())
        assert not [name for name in os.listdir(folder) if name.endswith(".new")]


def a_family_is_found_by_either_list():
    """Children and theirs, by the lists that threads keep and, where there are none, by a list of all processes."""
    if not sandbox.LISTED:
        raise house.Skip("no lists of children here")
    words = ["/bin/sh", "-c", 'sh -c "sleep 60 & echo; wait; true" & wait; true']
    shell = subprocess.Popen(words, stdout=subprocess.PIPE, start_new_session=True)
    shell.stdout.readline()                             # three of them are there
    try:
        found = sandbox.family(shell.pid)
        sandbox.LISTED = False
        assert len(found) == 3 and found == sandbox.family(shell.pid), found
    finally:
        sandbox.LISTED = True
        sandbox.kill_group(shell.pid)
        shell.communicate()


def who_lets_the_limits_signal_pass_is_too_slow():
    """SIGXCPU is ignored, and two seconds later the kernel kills: that is no crash."""
    text = "extern void *signal(int, void *); signal(24, (void *)1); for (volatile int i = 0;; i = i) {}"
    with Course() as c:
        write(c.root, "in/flo/01_one/ex1.c", code(TWICE, text))
        for kind in filter(jail.works, jail.WHOLE):
            c.says("grade", DIR="in", CSV="x.csv", STAGES="01", JAIL=kind, COURSE_SECONDS="1", COURSE_PATIENCE="60")
            assert rows_of(c.path("x.csv"))["flo"]["01.1 verdict"] == "too slow", c.read("x.csv")


def who_works_with_many_threads_is_too_slow():
    """Twelve seconds of work may be over in less than ten on the clock."""
    outcome = sandbox.Outcome()
    outcome.took = 12 / os.cpu_count() + 0.1
    assert outcome.out_of_time(signal.SIGXCPU, 10) and outcome.out_of_time(signal.SIGKILL, 10)
    assert not outcome.out_of_time(signal.SIGSEGV, 10)
    outcome.took = 1
    assert not outcome.out_of_time(signal.SIGKILL, 10 * os.cpu_count())


def names_that_are_taken_are_told():
    """The system's that the course calls: a helper write() is static, or another name is asked for."""
    helper = "\nint {0}(int byte) {{ return byte; }}\n"
    with Course() as c, tempfile.TemporaryDirectory(prefix="names ") as folder:
        for name in ("read", "write"):
            write(folder, f"in/{name}/01_one/ex1.c", GOOD["01.1"] + helper.format(name))
            write(folder, f"in/own {name}/01_one/ex1.c", GOOD["01.1"] + "static " + helper.format(name)[1:])
        for student in ("a\nb", "a\\nb"):              # two folders, two names in the table, two reports
            write(folder, f"in/{student}/01_one/ex1.c", GOOD["01.1"])
        c.says("grade", DIR=f"{folder}/in", CSV=f"{folder}/x.csv", STAGES="01", REPORTS=f"{folder}/reports")
        rows = rows_of(f"{folder}/x.csv")
        for name in ("read", "write"):
            assert f"your file has a {name}()" in rows[name]["why"], rows[name]
            assert rows[f"own {name}"]["total"] == "2", rows[f"own {name}"]
        assert {"a\\nb", "a\\\\nb"} < set(rows) and len(os.listdir(f"{folder}/reports")) == len(rows) == 6, list(rows)


def a_compiler_that_is_ended_says_so_in_the_same_words():
    """However much it said before."""
    for last in ("cc: fatal error: Killed signal terminated program cc1", "cc1: out of memory allocating 9 bytes"):
        words = f"yes 'ex1.c:1:1: warning: nothing' | head -n 9000; echo '{last}'; echo 'no more of it'; exit 1"
        verdict = judge.compile_with(["sh", "-c", words], together=1 << 30)
        assert "the compiler was stopped after" in verdict.words[0], verdict.words
    assert "stopped" not in judge.compile_with(["sh", "-c", "echo 'ex1.c:1:1: error: no'; exit 1"]).words[0]


SMALL = """static int twice(int x) {
    return 2 * x;
}
int small(int x) {
    return twice(x);
}
int large(int x) {
    return small(x) * 100;
}
"""
SMALL_TEST = """#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
extern int small(int x), large(int x);
static void test_small(void **state) {
    (void)state;
    assert_int_equal(small(3), 6);
}
static void test_large(void **state) {
    (void)state;
    assert_int_equal(large(3), 600);
}
int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_small), cmocka_unit_test(test_large)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
"""
LESSON = """#include <stdio.h>
static int told(int x) {
    return x + 1;
}
int main(void) {
    printf("told %d\\n", told(6));
    return 0;
}
"""
GREEDY = """extern int fork(void);
    extern unsigned sleep(unsigned);
    extern void *malloc(unsigned long), *memset(void *, int, unsigned long);
    extern void _exit(int);
    extern int prctl(int, int); /* whoever is nobody's child is not this one's */
    prctl(36, 0);
    for (int i = 0; i < 4; i++)
        if (fork() == 0) {
            if (fork() == 0) memset(malloc(700 << 20), 1, 700 << 20), sleep(9);
            _exit(0);
        }
    sleep(4);
    return x + 1;"""
REBUILT = {     # student: (small.c, main.c, the verdicts on small, large, told)
    "all of it": (SMALL, LESSON, "passed passed passed"),
    "one body": (SMALL.replace("small(x) * 100", "small(x) * 10"), LESSON.replace("x + 1", "x"), "passed wrong wrong"),
    "early exit": (SMALL.replace("return twice(x);", "extern void exit(int); exit(0);"), None, "wrong passed missing"),
    "a crash": (SMALL.replace("return twice(x);", "return *(volatile int *)0;"),
                LESSON.replace("return x + 1;", "return *(volatile int *)0;"), "wrong passed crashed"),
    "no C": (SMALL.replace("return twice(x);", "return y;"), LESSON.replace("told(int x)", "said(int x)"),
             "does not compile passed does not compile"),          # each body is judged beside ours of the others
    "own layout": ("/* int small(int x) {\n} */\n#if 0\nint large(int x) {\n}\n#endif\n"
                   + SMALL.replace("    ", "").replace("int small", "  int\n  small").replace("}", "  }"),
                   LESSON.replace("told(int x) {", "told(\n    int x)\n{"), "passed passed passed"),
    "greedy": (None, LESSON.replace("return x + 1;", GREEDY), "missing missing crashed"),
    "huge": (SMALL, None, "missing missing missing"),
    "file alone": (SMALL, None, "passed passed missing"),
    "empty": ("EMPTY", "EMPTY", "not started not started not started"),
}


def into_the_library(source):
    """Of the small courses of this process."""
    library = next(word for word in surroundings()["COURSE_LIBS"].split() if word.endswith(".a"))
    made = os.path.join(os.path.dirname(library), "small.o")
    subprocess.run([*os.environ.get("CC", "cc").split(), "-c", source, "-o", made], check=True)
    subprocess.run(["ar", "rs", library, made], check=True, capture_output=True)


def emptied_bodies_are_graded_by_the_tests_that_see_them():
    with Course() as c, tempfile.TemporaryDirectory(prefix="hand in ") as folder:
        os.remove(c.path("common"))
        for name in ("golden/golden.py", "house/house.py", "house/compare.py"):
            c.write(f"tests/{name}", house.read(f"tests/{name}"))
        for name, text in (("common/math/small.c", SMALL), ("tests/unit/test_small.c", SMALL_TEST),
                           ("stages/01_one/main.c", LESSON), ("tests/golden/01_one/lesson.cmd", "build/01_one\n"),
                           ("tests/golden/01_one/lesson.out", "told 7\n")):
            c.write(name, text)
        for student, (small, lesson, _) in REBUILT.items():
            for name, text, whole in (("common/math/small.c", small, SMALL), ("stages/01_one/main.c", lesson, LESSON)):
                for word in ("small", "large", "told") if text == "EMPTY" else ():
                    whole = text = blank.empty(whole, word) or whole
                os.makedirs(os.path.dirname(os.path.join(folder, student, "handout", name)), exist_ok=True)
                if text:
                    with open(os.path.join(folder, student, "handout", name), "w", encoding="utf-8") as file:
                        file.write(text)
        os.rename(os.path.join(folder, "file alone", "handout", "common", "math", "small.c"),
                  os.path.join(folder, "file alone", "Small (1).c"))
        os.truncate(os.path.join(folder, "huge", "handout", "common", "math", "small.c"), 1 << 42)
        into_the_library(c.path("common/math/small.c"))
        table = os.path.join(folder, "grades.csv")
        c.says("grade", DIR=folder, CSV=table, STAGES="01", BLANK="small large told", holds="10 submissions graded")
        rows = rows_of(table)
        got = {student: " ".join(row[f"{name} verdict"] for name in ("small", "large", "told"))
               for student, row in rows.items()}
        assert got == {student: wanted for student, (_, _, wanted) in REBUILT.items()}, got
        assert rows["all of it"]["total"] == "9" and rows["one body"]["total"] == "3", rows
        assert "took Small (1).c" in rows["file alone"]["why"], rows["file alone"]
        assert "no stages/01_one/main.c was found; found Small (1).c" in rows["file alone"]["why"], rows["file alone"]
        assert "test_large" in rows["one body"]["why"] and "common/math/small.c:5" in rows["no C"]["why"], rows
        if jail.works("user"):
            c.says("grade", DIR=folder, CSV=table, STAGES="01", BLANK="small large told", JAIL="user")
            assert rows_of(table) == rows, rows_of(table)
        c.write("tests/unit/test_small.c", SMALL_TEST.replace(", 600", ", large(3)"))
        c.says("grade", DIR=folder, CSV=table, BLANK="large", code=1, holds="nothing here sees whether large()")
        c.says("grade", DIR=folder, CSV=table, BLANK="no_such", code=2, holds="no function no_such()")


def grading_refuses_what_it_cannot_do():
    with Course() as c:
        c.says("grade", code=2, holds="Try: make grade DIR=submissions CSV=grades.csv")
        c.says("grade", DIR="none", CSV="x.csv", code=1, holds="none is no folder")
        os.makedirs(c.path("hand-in/anna"))
        c.says("grade", DIR="hand-in", CSV="hand-in", code=2, holds="CSV is hand-in, a folder")
        c.says("grade", DIR="hand-in", CSV="no/such/x.csv", code=3, holds="No such file")
        c.says("grade", DIR="hand-in", CSV="x.csv", STAGES="9", code=2, holds="no stage 9")
        if os.geteuid() == 0 and jail.best() != "none":         # to a sandbox this folder is closed
            c.says("grade", DIR="hand-in", CSV="x.csv", TMPDIR=c.root, code=3, holds="Try: TMPDIR=/tmp make grade")


BODIES = """typedef struct { float *data; } Mat;
static inline Mat view(Mat m, int first,
                       int (*order)(int a, int b)) {
    if (first) {
        return m;
    }
    return m;
}

int view_more(void);
const char *const *names(const char *a[], int n[3]) {
    return 0;
}
void nothing(void) {
    view_more();
}
float one_line(float x) { return x; }
_Noreturn void stop(void) {
    for (;;) {}
}
"""


def bodies_are_emptied_and_still_compile():
    text = BODIES
    for name in ("view", "names", "nothing", "one_line"):
        text = blank.empty(text, name)
        assert text, f"{name} was not found"
    assert text.count("your code here") == 4 and "if (first)" not in text and "return x" not in text, text
    assert "NOT_DONE_YET();\n    (void)m, (void)first, (void)order;\n    return (Mat){0};" in text, text
    assert blank.empty(BODIES, "view_more") is None and blank.empty(BODIES, "stop") is None
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "a.c")
        with open(source, "w", encoding="utf-8") as file:
            file.write(text + "int main(void) {\n    nothing(), nothing();\n    return (int)one_line(3);\n}\n")
        write(folder, "base/not_done.h", house.read("tests/course/not_done.h"))
        flags = ["-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Wno-unused-function", "-Werror", f"-I{folder}"]
        done = subprocess.run([*os.environ.get("CC", "cc").split(), *flags, source, "-o", source + ".out"],
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        said = subprocess.run([source + ".out"], capture_output=True, text=True, check=True).stderr.split("\n")
        assert [line.split(": ")[1] for line in said if line] == ["nothing() is not done yet",
                                                                  "one_line() is not done yet"], said


def a_handout_has_no_secrets():
    with Course() as c:
        for link in ("data", "docs"):
            os.remove(c.path(link))
        os.remove(c.path("common"))
        c.write("common/math/small.c", "int small(int x) {\n    return x;\n}\n")
        c.write("tests/unit/test_small.c", SMALL_TEST)
        c.write(".gitignore", "/build/\n/work/\n/handout/\n")
        c.write("docs/lecturers.md", "x\n")
        c.write("README.md", "# Us\n\n## For lecturers\n\n[page](docs/lecturers.md)\n\n## Course\n\n"
                "| [01 One](stages/01_one/README.md) | x |\n| [02 Two](stages/02_two/README.md) | y |\n\n"
                "All lectures together are 9 minutes.\n\n`make hint-17.1` helps; `make skip-17` waits.\n\n"
                "Read [one](stages/01_one/README.md), then [two](stages/02_two/README.md).\n")
        git(c.root, "init", "-q")
        git(c.root, "add", "-A")
        git(c.root, "commit", "-q", "-m", "first")
        c.write("grades.csv", "private\n")
        c.write("work/01_one/ex1.c", "private\n")
        c.says("handout", OUT="handout", STAGES="01", BLANK="small", TITLE="Week 3",
               holds=["3 exercises", "4 points", "small() in common/math/small.c"])
        files = git(c.path("handout"), "ls-files").split("\n")
        assert "tests/course/01_one/ex1.c" in files and "stages/01_one/exercises/ex3.txt" in files, files
        for secret in ("solutions", "hidden", ".tried", "02_two", "grades.csv", "work/", "course/test_", "lecturers"):
            assert not [file for file in files if secret in file], f"{secret} is in {files}"
        assert git(c.path("handout"), "log", "--oneline").count("\n") == 1
        assert "return x" not in c.read("handout/common/math/small.c")
        page = c.read("handout/README.md")
        assert page.startswith("# Week 3\n\n## What to deliver\n"), page
        assert "- `small()` in `common/math/small.c`: 3 points\n" in page and 'make test ARGS="small"' in page, page
        assert "| 01.1 Twice | 2 | 5 | `make check-01.1` |" in page and "3 exercises, 4 points" in page, page
        assert page.endswith("## Course\n\n| [01 One](stages/01_one/README.md) | x |\n\n"
                             "`make hint-01.1` helps; `make skip-01` waits.\n\n"
                             "Read [one](stages/01_one/README.md), then two.\n"), page
        assert not git(c.path("handout"), "status", "--porcelain")
        c.says("handout", OUT="handout", code=1, holds="exists")
        c.write("sheet.md", "# A root\n\nFind [it](../../README.md).\n\n## For the lecturer\n\nIt is 1.41.\n")
        c.says("handout", OUT="handout/2", EXERCISES="1.2", SHEET="sheet.md", holds="1 exercise, 1 point\n")
        page = c.read("handout/2/README.md")
        assert "All lectures together" in page and "make hint-17.1" in page, page     # it has all stages
        assert page.startswith("# Us\n\nFind [it](README.md).\n\n## What to deliver\n") and "1.41" not in page, page
        assert "make start" in page, page
        c.says("handout", OUT="handout/3", EXERCISES="none", BLANK="small", holds="cd there, then make\n")
        page = c.read("handout/3/README.md")
        assert "make check" not in page and "`small()`" in page and "Return all of this folder" in page, page
        page = c.read("handout/2/README.md")
        assert "| 01.2 A root |" in page and "| 01.1 Twice |" not in page, page
        assert "1 exercise, 1 point (`make check` goes on to the others" in page, page
        c.says("handout", OUT="other", EXERCISES="1.9", code=2, holds="no exercise 01.9 (there are 01.1, 01.2, 01.3,")
        c.says("grade", DIR="handout", CSV="x.csv", EXERCISES="none", code=2, holds="nothing is graded")
        c.says("handout", code=2, holds="Try: make handout OUT=")
        c.says("handout", OUT="other", STAGES="10", code=2, holds="no stage 10 with exercises (there are 01, 02)")
        c.says("handout", OUT="other", BLANK="no_such", code=2, holds="no function no_such()")
        assert not [name for name in os.listdir(c.root) if "other" in name]


if __name__ == "__main__":
    house.main([names_as_they_arrive_are_taken_or_told, a_forged_line_is_no_pass,
                a_family_is_found_by_either_list, who_lets_the_limits_signal_pass_is_too_slow,
                who_works_with_many_threads_is_too_slow, names_that_are_taken_are_told,
                a_compiler_that_is_ended_says_so_in_the_same_words,
                a_grade_is_made_where_no_line_of_a_student_ran, grading_survives_everything,
                emptied_bodies_are_graded_by_the_tests_that_see_them, grading_refuses_what_it_cannot_do,
                bodies_are_emptied_and_still_compile, a_handout_has_no_secrets])
