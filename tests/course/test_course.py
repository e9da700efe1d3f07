#!/usr/bin/env python3
"""The exercise machine: on a course of four exercises in a temporary folder, then on the real one."""
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "house"))

import blank
import house
from mini import FILES, FILL, GOOD, REAL, TEXT, TWICE, WRONG, Course, code


# ---- A learner's way ------------------------------------------------------------------------------------------

def a_newcomer_walks_from_zero_to_done():
    with Course() as c:
        c.says("check", code=1, holds="you have not begun. Try: make start")
        c.says("start", holds="copied 4 exercises")
        for name, file in FILES.items():
            c.says("check", code=1, holds=[f"{name} not started", f"work/{file}", f"make check-{name}"])
            c.answer(name, WRONG[name])
            c.says("check", code=1, holds=[f"{name} wrong", "got", "expected", f"make hint-{name}"])
            c.says(f"check", name, code=1, holds=f"{name} wrong")
            c.answer(name, GOOD[name])
            c.says("check", name, holds=[f"{name} passed", f"make solution-{name}"])
        c.says("check", holds=["All 4 exercises pass", "7 of 7 points"])


def the_next_one_is_named():
    with Course() as c:
        c.says("start")
        c.answer("01.1", GOOD["01.1"])
        c.says("check", "01.1", holds=["2 points", "Next: 01.2 A root (6 min): work/01_one/ex2.txt"])
        c.answer("02.1", GOOD["02.1"])
        c.says("check", "02.1", holds="That was the last one")


def progress_counts():
    with Course() as c:
        c.says("start")
        c.answer("01.1", GOOD["01.1"])
        c.answer("02.1", WRONG["02.1"])
        said = c.says("progress").split("\n")
        assert said[1].split() == ["01_one", "1/3", "2/4", "10"], said[1]
        assert said[2].split() == ["02_two", "0/1", "0/3", "9"], said[2]
        assert said[3].split() == ["together", "1/4", "2/7", "19"], said[3]


def hints_come_one_by_one():
    with Course() as c:
        c.says("hint", "01.1", holds=["hint 1 of 2", "First hint.", "HINT=2"], lacks="Second")
        c.says("hint", "01.1", HINT="2", holds=["First hint.", "hint 2 of 2", "Second hint."], lacks="One more")
        c.says("hint", "01.1", HINT="x", code=2, holds="HINT is 'x'")


def a_solution_comes_after_passing():
    with Course() as c:
        c.says("start")
        c.says("solution", "01.1", code=1, holds=["does not pass yet", "FORCE=1"], lacks="2 * x")
        c.says("solution", "01.1", FORCE="1", holds="2 * x")
        c.answer("01.1", GOOD["01.1"])
        c.says("solution", "01.1", holds="2 * x")


def names_that_are_not_there():
    with Course() as c:
        c.says("check", "01.9", code=2, holds="no exercise 01.9 (there are 01.1, 01.2, 01.3)")
        c.says("check", "77.1", code=2, holds="stages with exercises: 01, 02")
        c.says("dance", code=2, holds="expected one of")


# ---- Every verdict --------------------------------------------------------------------------------------------

def verdict(c, body, *words, template=TWICE, name="01.1", **more):
    c.answer(name, code(template, body))
    return c.says("check", name, code=1, holds=list(words), **more)


def wrong_shows_input_got_expected():
    with Course() as c:
        c.says("start")
        verdict(c, "return x + 2;", "wrong", "input     x = 1", "got       3", "expected  2")
        verdict(c, 'extern int puts(const char *); puts("hello"); return 0;', "wrong", "it printed:", "hello")
        verdict(c, "extern void exit(int); exit(0);", "wrong", "ended (exit code 0) before the checks were through")


def a_file_as_it_was_is_not_started():
    with Course() as c:
        c.says("start")
        verdict(c, "NOT_STARTED();", "not started")
        verdict(c, "\n\n    NOT_STARTED();   ", "not started")
        verdict(c, "x++; NOT_STARTED();", "not started")
        c.answer("01.3", TEXT % ("01.3", "01.3", "changed", ""))
        c.says("check", "01.3", code=1, holds="not started")
        for body in ("return 1;", "return 2 * x;"):         # a starter that would run is not started, all the same
            c.write("stages/01_one/exercises/ex1.c", code(TWICE, body))
            verdict(c, f"\n{body}\n", "not started")


def crashes_are_told_with_their_input():
    with Course() as c:
        c.says("start")
        verdict(c, "return *(volatile int *)(x == 3 ? 0 : &x) * 2;", "crashed", "SIGSEGV", "input     x = 3",
                "make memcheck-01.1")
        verdict(c, "extern void abort(void); abort();", "crashed", "SIGABRT")
        verdict(c, "volatile char room[4000]; room[0] = 1; return twice(x + 1) + room[0];", "crashed", "SIGSEGV")


def what_does_not_compile_shows_the_line():
    with Course() as c:
        c.says("start")
        verdict(c, "return 2 * y;", "does not compile", "work/01_one/ex1.c:5", "y")
        c.answer("01.1", "/* nothing */\n#include \"course.h\"\n")
        c.says("check", "01.1", code=1, holds=["does not compile", "no function twice() was found"])
        c.answer("01.1", '#include "course.h"\nfloat twice(float x) { return 2 * x; }\n')
        c.says("check", "01.1", code=1, holds=["does not compile", "conflicting types", "twice"])
        c.answer("01.1", GOOD["01.1"] + "int main(void) { return 0; }\n")
        c.says("check", "01.1", code=1, holds=["does not compile", "main"])


def what_takes_too_long_is_stopped():
    with Course() as c:
        c.says("start")
        verdict(c, "for (volatile int i = 0;; i = i) {}", "too slow", "stopped after 1 s of work", COURSE_SECONDS="1")
        verdict(c, "extern int pause(void); for (;;) pause();", "too slow", "stopped after 2 s", COURSE_PATIENCE="2")


HOG = """extern void *malloc(unsigned long); extern void *memset(void *, int, unsigned long);
    for (;;) memset(malloc(1 << 24), 1, 1 << 24);"""


def what_takes_too_much_memory_is_stopped():
    with Course() as c:
        c.says("start")
        verdict(c, HOG, "too much memory", "1024 MB", "input     x = 1", COURSE_SECONDS="10")


def the_memory_check_names_the_line():
    malloc = "extern void *malloc(unsigned long), free(void *); char *room = malloc((unsigned long)x); "
    with Course() as c:
        c.says("start")
        for body, words in ((malloc + "room[x] = 1; free(room); return 2 * x;", "heap-buffer-overflow"),
                            (malloc + "room[0] = 1; room = 0; return 2 * x;", "LeakSanitizer"),
                            ("volatile int far = 2147483647; far += x; return 2 * x;", "signed integer overflow")):
            c.answer("01.1", code(TWICE, body))
            c.says("memcheck", "01.1", code=1, holds=["the memory check says", words, "work/01_one/ex1.c:5"],
                   lacks="Shadow")
        c.answer("01.1", GOOD["01.1"])
        c.says("memcheck", "01.1", holds="clean under the memory check")
        c.answer("01.1", WRONG["01.1"])
        c.says("memcheck", "01.1", code=1, holds=["01.1 wrong", "expected  2"])


def answers_are_read_leniently_and_judged_strictly():
    with Course() as c:
        c.says("start")
        for given, state in (("1.414", 0), (" 1.42  ", 1), ("about 1.41", 1), ("1.41 1.41", 1), ("nan", 1), ("", 1)):
            c.answer("01.2", TEXT % ("01.2", "01.2", "", " " + given))
            said = c.says("check", "01.2", code=state)
            assert "1.4142" not in said, f"gives the truth away: {said}"
        for given, state in (("b", 0), ("B.", 0), ("b) two", 0), ("c", 1), ("d", 1), ("bb", 1), ("two", 1)):
            c.answer("01.3", TEXT % ("01.3", "01.3", "a) one", " " + given))
            c.says("check", "01.3", code=state)


def what_is_missing_here_is_passed_over():
    with Course() as c:
        c.write("tests/course/01_one/ex2.c", '#include "course.h"\nvoid check(void) {\n'
                '    needs("data/no-such", "data/fetch.sh no-such");\n    answer_number("root", 1, 0);\n}\n')
        c.says("start")
        for name in FILES:
            c.answer(name, GOOD[name])
        c.says("check", "01.2", code=1, holds=["cannot be judged here", "data/fetch.sh no-such"])
        c.says("check", code=1, holds=["01.2 passed over", "3 of 4 exercises pass"])


# ---- Files stay the learner's ------------------------------------------------------------------------------------

def nothing_is_overwritten():
    with Course() as c:
        c.says("start")
        c.answer("01.1", "mine")
        c.says("start", holds="your files stay as they are")
        assert c.read("work/01_one/ex1.c") == "mine"
        os.remove(c.path("work/01_one/ex2.txt"))
        c.says("check", "01.2", code=1, holds="Try: make start")
        c.says("start", holds="copied 1 exercises")
        assert c.read("work/01_one/ex1.c") == "mine"


def a_changed_starter_is_told_and_merged():
    with Course() as c:
        c.says("start")
        mine = code(TWICE, "return 2 * x;")
        c.answer("01.1", mine)
        starter = "stages/01_one/exercises/ex1.c"
        c.write(starter, c.read(starter).replace("twice a number", "double a number"))
        c.write("stages/02_two/exercises/ex1.c", c.read("stages/02_two/exercises/ex1.c") + "\n/* new */\n")
        said = c.says("check", "01.1", holds=["the course has changed 01.1", "git merge-file"])
        assert c.read("work/01_one/ex1.c") == mine
        c.says("start", holds=["the course has changed 01.1", "updated work/02_two/ex1.c (you had not begun it)"])
        assert c.read("work/01_one/ex1.c") == mine and "/* new */" in c.read("work/02_two/ex1.c")
        command = next(line for line in said.split("\n") if "git merge-file" in line)
        subprocess.run(command, shell=True, cwd=c.root, check=True)
        merged = c.read("work/01_one/ex1.c")
        assert "double a number" in merged and "return 2 * x;" in merged, merged
        c.says("check", "01.1", lacks="changed")


# ---- Lint -------------------------------------------------------------------------------------------------------

def lint_sees_what_is_wrong():
    with Course() as c:
        for stage in ("01_one", "02_two"):      # kinds: two small stages cannot have every one
            c.write(f"stages/{stage}/unused", "")
        said = c.says("lint", code=1)
        assert said.count("no exercise of kind") == 2 and "2 complaints" in said, said
        hidden = '#include "course.h"\nvoid check_hidden(void) { check_int("h", 1, 2); }\n'
        rounds = [[("tests/course/01_one/ex1.hint", "", "ex1.hint is empty"),
                   ("tests/course/01_one/solutions/ex2.txt", WRONG["01.2"], "solutions/ex2.txt: wrong"),
                   ("tests/course/01_one/stray.txt", "x", "stray.txt: belongs to no exercise"),
                   ("tests/course/01_one/answers.tsv", "id\tsalt\tsha256\n01.3\tx\ty\n", "none of its choices"),
                   ("stages/01_one/README.md", "", "lacks the row"),
                   ("tests/course/02_two/solutions/ex1.c", WRONG["02.1"], "02_two/solutions/ex1.c: wrong")],
                  [("stages/01_one/exercises/ex1.c", GOOD["01.1"], "no NOT_STARTED()"),
                   ("tests/course/01_one/ex1.hidden.c", hidden, "with hidden cases"),
                   ("stages/02_two/exercises/ex1.c", code(FILL, "long y = n; n = y; NOT_STARTED();"), "conversion"),
                   ("stages/01_one/exercises/ex2.txt", GOOD["01.2"], "ex2.txt: no empty line `answer:`")]]
        for breaks in rounds:
            before = {name: c.read(name) for name, _, _ in breaks if os.path.exists(c.path(name))}
            for name, text, _ in breaks:
                c.write(name, text)
            c.says("lint", code=1, holds=[words for _, _, words in breaks])
            for name, text in before.items():
                c.write(name, text)


# ---- Lecturers ---------------------------------------------------------------------------------------------------

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
        with open(table, encoding="utf-8", newline="") as file:
            rows = {row["student"]: row for row in csv.DictReader(file)}
        wanted = {student: state for student, (_, state) in SUBMISSIONS.items()}
        wanted.update({"kim (empty)": "missing", "lea": "passed", "moe": "missing"})
        got = {student: row["01.1 verdict"] for student, row in rows.items()}
        assert got == wanted, got
        assert rows["anna"]["total"] == "2" and rows["anna"]["possible"] == "4" and rows["cy"]["total"] == "0"
        assert all(row["01.2 verdict"] == "missing" for row in rows.values())
        assert not [name for name in os.listdir(folder) if name.endswith(".new")]


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
REBUILT = {     # student: (small.c, main.c, the verdicts on small, large, told)
    "all of it": (SMALL, LESSON, "passed passed passed"),
    "one body": (SMALL.replace("small(x) * 100", "small(x) * 10"), LESSON.replace("x + 1", "x"), "passed wrong wrong"),
    "early exit": (SMALL.replace("return twice(x);", "extern void exit(int); exit(0);"), None, "wrong passed missing"),
    "a crash": (SMALL.replace("return twice(x);", "return *(volatile int *)0;"),
                LESSON.replace("return x + 1;", "return *(volatile int *)0;"), "wrong passed crashed"),
    "no C": (SMALL.replace("return twice(x);", "return y;"), LESSON.replace("told(int x)", "said(int x)"),
             "does not compile passed does not compile"),          # each body is judged beside ours of the others
    "empty": ("EMPTY", "EMPTY", "not started not started not started"),
}


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
        table = os.path.join(folder, "grades.csv")
        c.says("grade", DIR=folder, CSV=table, STAGES="01", BLANK="small large told", holds="6 submissions graded")
        with open(table, encoding="utf-8", newline="") as file:
            rows = {row["student"]: row for row in csv.DictReader(file)}
        got = {student: " ".join(row[f"{name} verdict"] for name in ("small", "large", "told"))
               for student, row in rows.items()}
        assert got == {student: wanted for student, (_, _, wanted) in REBUILT.items()}, got
        assert rows["all of it"]["total"] == "9" and rows["one body"]["total"] == "3", rows
        assert "test_large" in rows["one body"]["why"] and "common/math/small.c:5" in rows["no C"]["why"], rows
        c.write("tests/unit/test_small.c", SMALL_TEST.replace(", 600", ", large(3)"))
        c.says("grade", DIR=folder, CSV=table, BLANK="large", code=1, holds="nothing here sees whether large()")
        c.says("grade", DIR=folder, CSV=table, BLANK="no_such", code=2, holds="no function no_such()")


def grading_refuses_what_it_cannot_do():
    with Course() as c:
        c.says("grade", code=2, holds="Try: make grade DIR=submissions CSV=grades.csv")
        c.says("grade", DIR="none", CSV="x.csv", code=1, holds="none is no folder")
        os.makedirs(c.path("hand-in/anna"))
        c.says("grade", DIR="hand-in", CSV="no/such/x.csv", code=3, holds="No such file")
        c.says("grade", DIR="hand-in", CSV="x.csv", STAGES="9", code=2, holds="no stage 9")


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
    assert "(void)m, (void)first, (void)order;\n    return (Mat){0};" in text, text
    assert blank.empty(BODIES, "view_more") is None and blank.empty(BODIES, "stop") is None
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "a.c")
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        flags = ["-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Wno-unused-function", "-Werror"]
        done = subprocess.run([os.environ.get("CC", "cc"), *flags, "-c", source, "-o", source + ".o"],
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def git(folder, *words):
    done = subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@localhost", *words], cwd=folder,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def a_handout_has_no_secrets():
    with Course() as c:
        for link in ("data", "docs"):
            os.remove(c.path(link))
        os.remove(c.path("common"))
        c.write("common/math/small.c", "int small(int x) {\n    return x;\n}\n")
        c.write(".gitignore", "/build/\n/work/\n/handout/\n")
        c.write("docs/lecturers.md", "x\n")
        c.write("README.md", "# Us\n\n## For lecturers\n\n[page](docs/lecturers.md)\n\n## Licence\n\nFree.\n")
        git(c.root, "init", "-q")
        git(c.root, "add", "-A")
        git(c.root, "commit", "-q", "-m", "first")
        c.write("grades.csv", "private\n")
        c.write("work/01_one/ex1.c", "private\n")
        c.says("handout", OUT="handout", STAGES="01", BLANK="small",
               holds=["3 exercises", "4 points", "small() in common/math/small.c"])
        files = git(c.path("handout"), "ls-files").split("\n")
        assert "tests/course/01_one/ex1.c" in files and "stages/01_one/exercises/ex3.txt" in files, files
        for secret in ("solutions", "hidden", "02_two", "grades.csv", "work/", "test_course", "lecturers"):
            assert not [file for file in files if secret in file], f"{secret} is in {files}"
        assert git(c.path("handout"), "log", "--oneline").count("\n") == 1
        assert "return x" not in c.read("handout/common/math/small.c")
        assert c.read("handout/README.md") == "# Us\n\n## Licence\n\nFree.\n", c.read("handout/README.md")
        assert not git(c.path("handout"), "status", "--porcelain")
        c.says("handout", OUT="handout", code=1, holds="exists")
        c.says("handout", code=2, holds="Try: make handout OUT=")
        c.says("handout", OUT="other", STAGES="10", code=2, holds="no stage 10 with exercises (there are 01, 02)")
        c.says("handout", OUT="other", BLANK="no_such", code=2, holds="no function no_such()")
        assert not [name for name in os.listdir(c.root) if "other" in name]


# ---- Its pages ---------------------------------------------------------------------------------------------------

BLOCK = re.compile(r"^```c\n(.*?)^```", re.M | re.S)


def untrue_snippets(page):
    """What docs/c_idioms.md quotes must stand in the file that it names, line by line, and so must the function."""
    for block in BLOCK.findall(page):
        head, *lines = block.rstrip("\n").split("\n")
        named = re.fullmatch(r"/\* (\S+): (\w+) \*/", head)
        if not named:
            yield f"{head}: not a comment `FILE: function`"
            continue
        file, name = named.groups()
        text = house.read(file) if os.path.exists(os.path.join(REAL, file)) else ""
        if not re.search(rf"^[A-Za-z_][^;\n]*\b{name}\(", text, re.M):
            yield f"{file}: no function {name}"
        there = [line.rstrip() for line in text.split("\n")]
        yield from (f"{file}: no line `{line}`" for line in lines if line.rstrip() not in there)


def the_idioms_are_quoted_from_the_library():
    page = house.read("docs/c_idioms.md")
    assert len(BLOCK.findall(page)) >= 10
    house.expect_none(list(untrue_snippets(page)))
    false = "```c\n/* common/math/mat.h: mat_cols */\nint x;\n```\n```c\n/* common/math/mat.h: no_such */\n```\n"
    assert len(list(untrue_snippets(false))) == 2


# ---- The real course ----------------------------------------------------------------------------------------------

def the_real_exercises_are_whole_and_can_be_walked():
    """Lint judges every solution, and build/course remembers that for the walk."""
    with Course(real=True) as c:
        c.says("lint", holds=" 0 complaints", COURSE_SECONDS="10")
        c.says("walk", program="walk.py", holds="walked", COURSE_SECONDS="10")


def a_real_handout_builds_and_checks():
    """From a copy in which everything is committed, whatever the state of the one that is tested."""
    with tempfile.TemporaryDirectory(prefix="headlight-handout-") as folder:
        copy, out = os.path.join(folder, "copy"), os.path.join(folder, "handout")
        for name in house.own_files():
            os.makedirs(os.path.dirname(os.path.join(copy, name)), exist_ok=True)
            shutil.copy2(os.path.join(REAL, name), os.path.join(copy, name))
        git(copy, "init", "-q")
        git(copy, "add", "-A")
        git(copy, "commit", "-q", "-m", "all")
        environment = {key: value for key, value in os.environ.items()
                       if not key.startswith("MAKE") and key not in ("MFLAGS", "BUILD")}
        done = subprocess.run([sys.executable, os.path.join(copy, "tests/course/course.py"), "handout"], cwd=copy,
                              env=dict(environment, OUT=out, STAGES="17", BLANK="mat_cols mask_print"),
                              capture_output=True, text=True)
        assert done.returncode == 0 and "2 bodies emptied" in done.stdout, done.stdout + done.stderr
        make_in(out, environment, "start", 0, "copied 5 exercises")
        make_in(out, environment, "check", 2, "17.1")
        for name in ("ex2.c", "ex3.c"):
            shutil.copyfile(os.path.join(REAL, "tests/course/17_bert/solutions", name),
                            os.path.join(out, "work/17_bert", name))
        make_in(out, environment, "check-17.2", 2, "17.2 wrong")       # its mat_cols is empty: wrong, and no crash
        make_in(out, environment, "solution-17.2", 2, "there are no solutions in this copy")
        make_in(out, environment, "lint-exercises", 2, "nothing to lint")
        with open(os.path.join(REAL, "common/math/mat.h"), encoding="utf-8") as whole:
            with open(os.path.join(out, "common/math/mat.h"), "w", encoding="utf-8") as emptied:
                emptied.write(whole.read())
        make_in(out, environment, "check-17.2", 0, "17.2 passed")


def make_in(folder, environment, target, code_wanted, words):
    done = subprocess.run([os.environ.get("MAKE", "make"), "-s", "CFLAGS=-O0", target], cwd=folder, env=environment,
                          capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert done.returncode == code_wanted and words in said, f"make {target}: exit {done.returncode}\n{said}"


if __name__ == "__main__":
    house.main([a_newcomer_walks_from_zero_to_done, the_next_one_is_named, progress_counts,
                hints_come_one_by_one, a_solution_comes_after_passing, names_that_are_not_there,
                wrong_shows_input_got_expected, a_file_as_it_was_is_not_started,
                crashes_are_told_with_their_input, what_does_not_compile_shows_the_line,
                what_takes_too_long_is_stopped, what_takes_too_much_memory_is_stopped,
                the_memory_check_names_the_line,
                answers_are_read_leniently_and_judged_strictly, what_is_missing_here_is_passed_over,
                nothing_is_overwritten, a_changed_starter_is_told_and_merged, lint_sees_what_is_wrong,
                grading_survives_everything, emptied_bodies_are_graded_by_the_tests_that_see_them,
                grading_refuses_what_it_cannot_do,
                bodies_are_emptied_and_still_compile, a_handout_has_no_secrets,
                the_idioms_are_quoted_from_the_library, the_real_exercises_are_whole_and_can_be_walked,
                a_real_handout_builds_and_checks])
