"""A course of four exercises in a temporary folder, for testing the machine: its files, and runs of course.py."""
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
REAL = os.path.dirname(os.path.dirname(HERE))

TWICE = '''/* Exercise 01.1 (code): twice a number. Check: make check-01.1 */
#include "course.h"

int twice(int x) {
    %s
}
'''
TWICE_CHECK = '''#include "judge.h"

void check(void) {
    for (int x = 1; x < 5; x++) {
        input("x = %d", x);
        give_int(x);
        ask();
        check_int("twice", got_int(), 2 * x);
    }
}
'''
TWICE_RUN = '''#include "runner.h"

extern int twice(int x);

void run_case(void) {
    hand_int(twice((int)take_int()));
}
'''
TWICE_HIDDEN = '''#include "judge.h"
void check_hidden(void) {
    input("x = -1000");
    give_int(-1000);
    ask();
    check_int("twice", got_int(), -2000);
}
'''
TWICE_TRIED = '''wrong: two more
- 2 * x
+ x + 2
right: a sum
- 2 * x
+ x + x
'''
ROOT_CHECK = '''#include "judge.h"
#include <math.h>
void check(void) {
    input("2");
    answer_number("root", sqrt(2), 0.005);
}
'''
TEXT = "Exercise %s: a question\nCheck: make check-%s\n%s\nanswer:%s\n"
CHOICES = "a) one\nb) two\nc) three\n"
FILL = '''/* Exercise 02.1 (code): fill an array with a value. Check: make check-02.1 */
#include "course.h"

void fill(float *out, int n, float value) {
    %s
}
'''
FILL_CHECK = '''#include "judge.h"
void check(void) {
    input("n = 3, value = 7");
    give_int(3), give_double(7);
    ask();
    check_floats("out", got_floats(3), (const float[]){7, 7, 7}, 3, 0);
}
'''
FILL_RUN = '''#include "runner.h"
extern void fill(float *out, int n,
                 float value);
void run_case(void) {
    const int n = (int)take_int();
    const float value = (float)take_double();
    float *out = fresh_room("out", (size_t)n, sizeof *out);
    fill(out, n, value);
    hand_floats(out, (size_t)n);
}
'''
TABLE = "id\tstars\tminutes\tkind\tpoints\ttitle\n"

HOG = """extern void *malloc(unsigned long); extern void *memset(void *, int, unsigned long);
    for (;;) memset(malloc(1 << 24), 1, 1 << 24);"""


def write(root, name, text):
    whole = os.path.join(root, name)
    os.makedirs(os.path.dirname(whole), exist_ok=True)
    with open(whole, "w", encoding="utf-8") as file:
        file.write(text)


def code(template, body):
    return template % body


GOOD = {"01.1": code(TWICE, "return 2 * x;"), "01.2": TEXT % ("01.2", "01.2", "", " 1.41"),
        "01.3": TEXT % ("01.3", "01.3", CHOICES, " b)"),
        "02.1": code(FILL, "for (int i = 0; i < n; i++) out[i] = value;")}
WRONG = {"01.1": code(TWICE, "return x + 2;"), "01.2": TEXT % ("01.2", "01.2", "", " 1.5"),
         "01.3": TEXT % ("01.3", "01.3", CHOICES, " A"),
         "02.1": code(FILL, "for (int i = 1; i < n; i++) out[i] = value;")}
FILES = {"01.1": "01_one/ex1.c", "01.2": "01_one/ex2.txt", "01.3": "01_one/ex3.txt", "02.1": "02_two/ex1.c"}


def surroundings():
    """What the Makefile hands to course.py; asked once."""
    if not hasattr(surroundings, "known"):
        make = os.environ.get("MAKE", "make")
        build = os.environ.get("BUILD") or "build"
        for target in (f"{build}/libheadlight.a", "course-env"):
            done = subprocess.run([make, "-s", "QUIET=1", f"BUILD={build}", target], cwd=REAL, capture_output=True,
                                  text=True)
            assert done.returncode == 0, done.stderr
        known = dict(word.split("=", 1) for word in shlex.split(done.stdout))
        held = tempfile.TemporaryDirectory(prefix="headlight-library-")     # ours, whoever builds beside us
        theirs = next(word for word in known["COURSE_LIBS"].split() if word.endswith(".a"))
        library = shutil.copy2(os.path.join(REAL, theirs), held.name)
        known["COURSE_LIBS"] = known["COURSE_ASAN_LIBS"] = known["COURSE_LIBS"].replace(theirs, library)
        surroundings.known, surroundings.held = known, held
    return surroundings.known


def git(folder, *words):
    done = subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@localhost", *words], cwd=folder,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Course:
    """A folder with its own work/ and build/. `with Course() as c:`"""

    def __init__(self, real=False):
        """real: the stages and judges of this very course; else the small one below."""
        self.held = tempfile.TemporaryDirectory(prefix="headlight course ")         # with a space, as folders may have
        self.root = os.path.join(self.held.name, "course")      # open, in a folder that is closed
        for name in ["common", "data", "docs"] + (["stages", "tests/fixtures"] if real else []):
            if os.path.exists(os.path.join(REAL, name)):
                os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
                os.symlink(os.path.join(REAL, name), self.path(name))
        if real:                # a copy: Python finds the root of the course from where its program really lies
            shutil.copytree(HERE, self.path("tests/course"))
        else:
            self.make_small()

    def make_small(self):
        for name in os.listdir(HERE):
            if name.endswith((".py", ".c", ".h", ".mk")):
                self.copy(os.path.join(HERE, name), f"tests/course/{name}")
        one, two = "stages/01_one/exercises/", "stages/02_two/exercises/"
        self.write(one + "exercises.tsv", TABLE + "1\t1\t5\tcode\t2\tTwice\n2\t2\t6\tmeasure\t1\tA root\n"
                   "3\t1\t4\tthink\t1\tWhich?\n")
        self.write(two + "exercises.tsv", TABLE + "1\t3\t9\tcode\t3\tFill\n")
        self.write("stages/01_one/README.md", "| 01.1 Twice | ★ | 5 | code | `make check-01.1` |\n"
                   "| 01.2 A root | ★★ | 6 | measure | `make check-01.2` |\n"
                   "| 01.3 Which? | ★ | 4 | think | `make check-01.3` |\n")
        self.write("stages/02_two/README.md", "| 02.1 Fill | ★★★ | 9 | code | `make check-02.1` |\n")
        self.write(one + "ex1.c", code(TWICE, "NOT_STARTED();"))
        self.write(one + "ex2.txt", TEXT % ("01.2", "01.2", "", ""))
        self.write(one + "ex3.txt", TEXT % ("01.3", "01.3", CHOICES, ""))
        self.write(two + "ex1.c", code(FILL, "NOT_STARTED();"))
        self.write("tests/course/01_one/ex1.c", TWICE_CHECK)
        self.write("tests/course/01_one/ex1.run.c", TWICE_RUN)
        self.write("tests/course/01_one/ex1.hidden.c", TWICE_HIDDEN)
        self.write("tests/course/01_one/ex1.tried", TWICE_TRIED)
        self.write("tests/course/01_one/ex2.c", ROOT_CHECK)
        self.write("tests/course/02_two/ex1.c", FILL_CHECK)
        self.write("tests/course/02_two/ex1.run.c", FILL_RUN)
        for name, file in FILES.items():
            stage, base = file.split("/")
            self.write(f"tests/course/{stage}/{base.split('.')[0]}.hint",
                       "First hint.\n--\nSecond hint.\n--\nLast hint.\n")
            why = GOOD[name] if name != "01.3" else "Because the others are not.\n"
            self.write(f"tests/course/{stage}/solutions/{base}", why)
        done = self.run("seal", "01.3", ANSWER="b")
        assert done.returncode == 0, done.stderr
        salt = self.read("tests/course/01_one/answers.tsv").split("\t")[3]
        self.write("tests/course/01_one/ex3.why", "".join(
            f"{hashlib.sha256(f'01.3:{salt}:{letter}'.encode()).hexdigest()[:16]}\tNot {letter}, since it is not.\n"
            for letter in re.findall(r"^([a-z])\)", CHOICES, re.M) if letter != "b"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.held.cleanup()

    def path(self, name):
        return os.path.join(self.root, name)

    def without_landlock(self):
        """As if the kernel had none."""
        name = "tests/course/fence.py"
        self.write(name, self.read(name).replace("return max(0, ", "return 0 * ("))

    def write(self, name, text):
        write(self.root, name, text)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def copy(self, source, name):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        shutil.copyfile(source, self.path(name))

    def answer(self, name, text):
        self.write(f"work/{FILES[name]}", text)

    def environment(self, **more):
        environment = {key: value for key, value in os.environ.items()
                       if key not in ("HINT", "FORCE", "ANSWER", "OUT", "STAGES", "BLANK", "DIR", "CSV", "SEED", "JAIL",
                                      "TRUST", "TITLE", "CREDIT", "DETAILS", "REPORTS", "EXERCISES",
                                      "SHEET", "TARGET", "ROSTER", "VARIANT")}
        environment.update(surroundings(), COURSE_SECONDS="2", COURSE_PATIENCE="20", PYTHONDONTWRITEBYTECODE="1")
        environment["COURSE_FLAGS"] += " -O0"           # compiling is what takes the time here
        return environment | more

    def run(self, *words, program="course.py", **more):
        return subprocess.run([sys.executable, self.path(f"tests/course/{program}"), *words], cwd=self.root,
                              env=self.environment(**more), capture_output=True, text=True)

    def watched(self, name, text, until):
        """What `watch` says until the line that holds `until`, once the answer is saved."""
        watch = subprocess.Popen([sys.executable, "-u", self.path("tests/course/course.py"), "watch"], cwd=self.root,
                                 stdout=subprocess.PIPE, text=True, env=self.environment())
        try:
            said = watch.stdout.readline()
            self.answer(name, text)
            while until not in said:
                said += watch.stdout.readline() or "the end"
                assert not said.endswith("the end"), said
            return said + watch.stdout.readline()
        finally:
            watch.terminate()
            watch.communicate()

    def says(self, *words, code=0, holds=(), lacks=(), **more):
        """Runs and asserts on exit code and words in what it says (stdout and stderr together)."""
        done = self.run(*words, **more)
        said = done.stdout + done.stderr
        assert done.returncode == code, f"{words}: exit {done.returncode}, expected {code}:\n{said}"
        for part in [holds] if isinstance(holds, str) else holds:
            assert part in said, f"{words}: does not say {part!r}:\n{said}"
        for part in [lacks] if isinstance(lacks, str) else lacks:
            assert part not in said, f"{words}: says {part!r}:\n{said}"
        return said
