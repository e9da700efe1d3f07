#!/usr/bin/env python3
"""docs/assignments: every page is whole, every judge of bodies/ sees wrong bodies, and each assignment comes and goes
as its page says: handed out, built, and graded right, empty, wrong and forged. A part of it in `make test`; all of it
with HOSTILE=all (make test-course)."""
import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from glob import glob

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "house"))

import blank
import bodies
import house
import jail
from mini import REAL, surroundings
from test_grading import rows_of
from tried import answers_of

ALL = os.environ.get("HOSTILE") == "all"
PAGES = sorted(os.path.basename(name) for name in glob("docs/assignments/[0-9]*.md", root_dir=REAL))
FEW_PAGES, FEW_JUDGES = ["05_rope.md"], ["cache"]
HAND_ROW = re.compile(r"^\| (\d+) \| by hand: .+ \|$", re.M)
BODY_ROW = re.compile(r"^\| (\d+) \| `(\w+)`: `make grade`", re.M)


def commands(text):
    """{handout: its words, grade: ...} of a page: {OUT: ...}."""
    found = {}
    for line in text.replace("\\\n", " ").split("\n"):
        words = shlex.split(line) if line.startswith("make ") else []
        if words:
            found[words[1]] = dict(word.split("=", 1) for word in words[2:])
    return found


@functools.cache
def sources():
    """{name: text} of common/."""
    return {name: house.read(name) for name in glob("common/**/*.[ch]", root_dir=REAL, recursive=True)}


class Page:
    """One page: its words, and the bodies that it hands out empty."""

    def __init__(self, name):
        self.name, self.text = name, house.read(f"docs/assignments/{name}")
        self.words = commands(self.text)
        names = self.words["handout"]["BLANK"].split()
        stage = self.words["handout"]["STAGES"]
        self.bodies = [body for body in bodies.table().values() if body.name in names and (
            body.place.startswith("common/") or body.place.startswith(f"stages/{stage}"))]

    def complaints(self):
        handout, grade = self.words["handout"], self.words["grade"]
        title, points, minutes = (re.search(form, self.text, re.M) for form in (
            r"\A# (.+)$", r"^(\d+) points, ", r"about (\d+) minutes"))
        by_hand = sum(int(row) for row in HAND_ROW.findall(self.text))
        yield from (words for words, good in (
            ("TITLE is another one than the page's", handout["TITLE"] == title.group(1)),
            ("SHEET is another page", handout["SHEET"] == f"docs/assignments/{self.name}"),
            ("handout and grade name other stages, exercises or bodies",
             all(handout[word] == grade[word] for word in ("STAGES", "EXERCISES", "BLANK"))),
            ("a body has no judge", sorted(body.name for body in self.bodies) == sorted(handout["BLANK"].split())),
            ("a body's name is in several files of common/", all(
                [name for name, source in sources().items() if blank.find(source, body.name)] == [body.place]
                for body in self.bodies if body.place.startswith("common/"))),
            ("its rubric and the table of bodies differ",
             sorted((body.name, str(body.points)) for body in self.bodies)
             == sorted((name, row) for row, name in BODY_ROW.findall(self.text))),
            ("points do not add up", int(points.group(1)) == by_hand + sum(body.points for body in self.bodies)),
            ("minutes do not add up", int(minutes.group(1)) == sum(body.minutes for body in self.bodies)),
            ("students are sent to a stage that is not in their handout", {handout["STAGES"]}.issuperset(
                re.findall(r"\b(?:run-|build/)(\d\d)", self.text.split("## For the lecturer")[0]))),
            ("it has no rubric", "## For the lecturer\n" in self.text and "| points | for |" in self.text),
            ("it has no row in README.md",
             f"| [{self.name[:2]} {title.group(1)}]({self.name}) | {points.group(1)} | {minutes.group(1)} | "
             f"{handout['STAGES']} |" in house.read("docs/assignments/README.md")),
        ) if not good)


def pages_are_whole():
    assert len(PAGES) >= 10, PAGES
    house.expect_none([f"docs/assignments/{name}: {words}" for name in PAGES for words in Page(name).complaints()])
    page = Page(PAGES[0])
    page.text = page.text.replace("| 1 | `project_told`", "| 2 | `project_told`")
    assert list(page.complaints()) == ["its rubric and the table of bodies differ"], list(page.complaints())


def answers_on_record_fit_their_bodies():
    """All of them, though only some are tried here: what an answer changes stands in the file that it changes."""
    counts = {name: len(list(answers_of(body))) for (name, _), body in bodies.table().items()}
    assert len(counts) >= 20 and min(counts.values()) >= 2, counts


def a_sandbox():
    if jail.best() == "none":
        raise house.Skip("nothing makes a sandbox here")
    os.environ.update(surroundings())
    return jail.best()


def judges_see_wrong_bodies():
    count, complaints = bodies.surprises(a_sandbox(), None if ALL else FEW_JUDGES)
    house.expect_none(complaints)
    assert count >= (100 if ALL else 8), count


# ---- an assignment from the handout to the table of grades ---------------------------------------------------------

# What a forger's file does before anything else: the constructor says that all is well, and ends the runner.
FORGED = """
__attribute__((constructor)) static void forge(void) {
    extern void _exit(int);
    extern long write(int, const void *, unsigned long);
    for (int file = 1; file < 32; file++) write(file, "passed\\n[  PASSED  ] 9 test(s).\\n", 31);
    _exit(0);
}
"""


def course(words, **more):
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
    done = subprocess.run([sys.executable, "tests/course/course.py", words], cwd=REAL, text=True, capture_output=True,
                          env=environment | surroundings() | {"PYTHONDONTWRITEBYTECODE": "1"} | more)
    assert done.returncode == 0, f"{words} {more}: exit {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def build(handout, target):
    """A handout is built from what the course has built: only what differs is made again."""
    ours = os.path.join(REAL, os.environ.get("BUILD") or "build")
    os.makedirs(os.path.join(handout, "build"))
    for name in ("common", "page", "stages", "flags", "libheadlight.a"):
        if os.path.exists(os.path.join(ours, name)):
            subprocess.run(["cp", "-a", os.path.join(ours, name), os.path.join(handout, "build")], check=True)
    make(handout, target)


def make(handout, *targets):
    done = subprocess.run([os.environ.get("MAKE", "make"), "-s", "QUIET=1", *targets], cwd=handout, capture_output=True,
                          text=True, env=dict(os.environ, BUILD="build"))
    assert done.returncode == 0, f"{targets} not built in the handout: {done.stdout}{done.stderr}"


def handed_out(page, folder):
    out = os.path.join(folder, "handout")
    course("handout", **page.words["handout"] | {"OUT": out})
    text = house.read(os.path.join(out, "README.md"))
    assert text.startswith(f"# {page.words['handout']['TITLE']}\n") and "For the lecturer" not in text, text[:400]
    assert "**Write.**" in text and "docs/assignments" not in text and not os.path.exists(f"{out}/docs/assignments")
    secrets = [name for name in glob("**/*", root_dir=out, recursive=True)
               if "course/bodies/" in name or "solutions" in name]
    assert not secrets, secrets
    stage = os.path.basename(glob(f"{out}/stages/{page.words['handout']['STAGES']}_*")[0])
    build(out, f"build/{stage}")
    for body in page.bodies:
        empty, ours = house.read(os.path.join(out, body.place)), house.read(body.place)
        place = blank.find(empty, body.name)
        assert "NOT_DONE_YET()" in empty[place[1]:place[2]] and empty != ours, body.name
    return out


def its_tests_see_it(out):
    """What the handout's README calls its tests are there, build, and fail while the body is empty."""
    words = re.search(r'`make test ARGS="([^"]*)"`', house.read(os.path.join(out, "README.md"))).group(1).split()
    units = [os.path.basename(name)[:-2] for name in glob(f"{out}/tests/unit/test_*.c")
             if any(word in os.path.basename(name) for word in words)]
    make(out, *(f"build/tests/{name}" for name in units))
    ended = {name: subprocess.run([f"build/tests/{name}"], cwd=out, capture_output=True, timeout=300).returncode
             for name in units}
    assert any(ended.values()), f"{out}: all pass with an empty body: {ended}"


def hand_in(folder, student, texts):
    for name, text in texts.items():
        name = os.path.join(folder, "submissions", student, "handout", name)
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)


def come_and_go(name):
    page = Page(name)
    with tempfile.TemporaryDirectory(prefix="assignment ") as folder:
        out = handed_out(page, folder)
        if any(body.place.startswith("common/") for body in page.bodies):
            its_tests_see_it(out)
        places = sorted({body.place for body in page.bodies})
        ours, empty = ({place: house.read(os.path.join(root, place)) for place in places} for root in (REAL, out))
        wrong = next(answer.text for answer in answers_of(page.bodies[0]) if not answer.right)
        hand_in(folder, "right", ours)
        hand_in(folder, "empty", empty)
        hand_in(folder, "wrong", ours | {page.bodies[0].place: wrong})
        hand_in(folder, "forger", {place: text.replace("NOT_DONE_YET();", "") + FORGED
                                   for place, text in empty.items()})
        table = os.path.join(folder, "grades.csv")
        said = course("grade", **page.words["grade"] | {
            "DIR": os.path.join(folder, "submissions"), "CSV": table, "REPORTS": os.path.join(folder, "reports")})
        assert "can forge" not in said, said
        rows = rows_of(table)
        points = sum(body.points for body in page.bodies)
        assert rows["right"]["total"] == rows["right"]["possible"] == str(points), rows["right"]
        assert int(rows["wrong"]["total"]) < points and "missing" not in rows["wrong"].values(), rows["wrong"]
        assert rows["empty"]["total"] == rows["forger"]["total"] == "0", (rows["empty"], rows["forger"])
        assert all(rows["empty"][f"{body.name} verdict"] == "not started" for body in page.bodies), rows["empty"]
        assert os.path.exists(os.path.join(folder, "reports", "wrong.txt"))
    return name


def assignments_come_and_go():
    a_sandbox()
    if not os.path.exists(os.path.join(REAL, ".git")):
        raise house.Skip("this is no git checkout")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name in pool.map(come_and_go, PAGES if ALL else FEW_PAGES):
            print(f"     {name}", flush=True)


# ---- two bodies of one file -----------------------------------------------------------------------------------------

READER = r"""
#include <stdio.h>
#include <string.h>
__asm__(".pushsection .rodata\ncopy: .incbin \"/course/in/learner.c\"\n.byte 0\n.popsection");
extern const char copy[];
__attribute__((constructor)) static void show(void) {
    for (const char *at = copy; (at = strstr(at, "mask_next_span(")); at++) {
        for (int i = 0; i < 190; i++) putchar(at[i] == '\n' ? ' ' : at[i]);
        putchar('\n');
    }
    fflush(stdout);
}
"""
ALLOWS_BY_SPANS = """{
    for (Span s = {0}; mask_next_span(m, (key > query ? key : query) + 1, query, &s);)
        for (int k = s.first; k < s.end; k += s.step)
            if (k == key) return true;
    return false;
}"""
SPAN_BY_ALLOWS = """{
    int key = span->end, last, step = 0;
    while (key < n && !mask_allows(m, query, key)) key++;
    last = key;
    for (int next = key + 1; next < n; next++)
        if (mask_allows(m, query, next)) {
            if (step && next - last != step) break;
            step = next - last, last = next;
        }
    *span = (Span){key, last + 1, step ? step : 1};
    return key < n;
}"""


def with_bodies(text, **bodies_of):
    for name, body in bodies_of.items():
        place = blank.find(text, name)
        text = text[:place[1]] + body + text[place[2] + 1:]
    return text


def nobody_gets_ours_of_another_body():
    """Who has two bodies of a file to write reads ours of neither, and cannot write each by ours of the other. (Spans
    by the rule are honest work, 6 points: ours ask the rule, too.)"""
    a_sandbox()
    place, names = "common/attention/mask.c", ("mask_allows", "mask_next_span")
    ours = house.read(place)
    empty = blank.empty(blank.empty(ours, names[0]), names[1])
    secrets = {" ".join(line.split()) for name in names for start, end in [blank.find(ours, name)[1:]]
               for line in ours[start + 1:end].split("\n") if len(line) > 30}
    with tempfile.TemporaryDirectory(prefix="halves ") as folder:
        for student, text in {
                "right": ours, "one": with_bodies(ours, mask_next_span="{ return no C; }"),
                "reader": READER + with_bodies(empty, mask_allows="{ return key > 99; }"),
                "quoter": with_bodies(empty, mask_allows="{ return 0; }").replace(
                    "\nbool mask_next_span(", "\n#define for 0 0\nbool mask_next_span("),
                "circle": with_bodies(ours, mask_allows=ALLOWS_BY_SPANS, mask_next_span=SPAN_BY_ALLOWS),
                "behind": with_bodies(empty, mask_allows=ALLOWS_BY_SPANS.replace("mask_next_span", "behind")).replace(
                    "\nbool mask_allows(", "\nextern bool behind(Mask, int, int, Span *) __asm__(\"mask_next_span\");"
                    "\nbool mask_allows(")}.items():
            hand_in(folder, student, {place: text})
        table, reports = os.path.join(folder, "grades.csv"), os.path.join(folder, "reports")
        course("grade", DIR=os.path.join(folder, "submissions"), CSV=table, STAGES="10", EXERCISES="none",
               BLANK=" ".join(names), REPORTS=reports, DETAILS="full")
        rows = rows_of(table)
        assert {student: row["total"] for student, row in rows.items()} == {
            "right": "10", "one": "4", "reader": "0", "quoter": "0", "circle": "6", "behind": "0"}, rows
        said = house.read(table) + "".join(house.read(os.path.join(reports, name)) for name in os.listdir(reports))
        assert "it printed" in said and "error: " in said, said
        house.expect_none([f"{line} is told" for line in sorted(secrets) if line in " ".join(said.split())])


if __name__ == "__main__":
    house.main([pages_are_whole, answers_on_record_fit_their_bodies, judges_see_wrong_bodies, assignments_come_and_go,
                nobody_gets_ours_of_another_body])
