#!/usr/bin/env python3
"""What lecturers take elsewhere: tables that Moodle and Canvas import, Gradescope's package, the answers; and a class
of forty. The package of the whole course and the forty only with HOSTILE=all (make test-course)."""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "house"))

import house
import jail
from mini import GOOD, REAL, TWICE, WRONG, Course, code, git, surroundings, write
from test_assignments import FORGED, course
from test_grading import rows_of

ALL = os.environ.get("HOSTILE") == "all"


def needs_a_jail():
    if jail.best() == "none":
        raise house.Skip("nothing makes a sandbox here")


# ---- Moodle and Canvas, by the columns that their exports have ------------------------------------------------------

WORKSHEET = """Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Last modified",\
"Feedback comments"
"Participant 71","Anna Gray",anna@uni.example,"Submitted for grading",,4.00,-,
"Participant 172","Bo Li",bo@uni.example,"Submitted for grading",,4.00,-,
"Participant 99","Cy Doe",cy@uni.example,"No submission",,4.00,-,
"""
GRADEBOOK = """Student,ID,SIS User ID,SIS Login ID,Section,"Week 3 (4711)","Week 30 (4712)",Final Score
    Points Possible,,,,,4.0,9.0,(read only)
"Gray, Anna",71,u71,anna,Autumn,,5,
"Li, Bo",172,u172,bo,Autumn,1,,
"""
COLUMNS = """"First name",Surname,"ID number","Email address","Assignment: Week 3 (Real)","Course total (Real)"
Anna,Gray,71,anna@uni.example,-,-
Bo,Li,172,bo@uni.example,-,-
"""
FORMS = [   # (what was exported, its name afterwards, names of two folders, column of the grade)
    (WORKSHEET, "moodle", ("Anna Gray_71_assignsubmission_file", "Bo Li_172_assignsubmission_file"), "Grade"),
    (WORKSHEET, "moodle", ("anna@uni.example", "bo li"), "Grade"),
    (GRADEBOOK, "canvas", ("grayanna_71_8001_work.zip", "libo_LATE_172_8002_work.zip"), "Week 3 (4711)"),
    (GRADEBOOK, "canvas", ("anna", "Bo Li"), "Week 3 (4711)"),
    (COLUMNS, "moodle", ("Anna Gray", "bo@uni.example"), "Assignment: Week 3 (Real)"),
]


def tables_of_moodle_and_canvas_are_filled():
    from roster import Roster
    with tempfile.TemporaryDirectory(prefix="roster ") as folder:
        name = os.path.join(folder, "export.csv")
        for text, kind, students, column in FORMS:
            write(folder, "export.csv", "\ufeff" + text)
            form = Roster(name, "Week 3")
            assert (form.kind, form.column) == (kind, column), (form.kind, form.column)
            header, rows = form.filled([(students[0], 3, 4, "01.1: x"), (students[1], 1.5, 4, ""), ("eve", 4, 4, "")])
            before = list(csv.reader(text.split("\n")))[:-1]
            assert header == before[0] and len(rows) == len(before) - 1, rows
            grades = {row[1] if kind == "moodle" else row[0]: row[header.index(column)] for row in rows}
            expected = {"    Points Possible": "4.0", "Gray, Anna": "3", "Li, Bo": "1.5"} if kind == "canvas" else \
                {"Gray": "3", "Li": "1.5"} if text is COLUMNS else {"Anna Gray": "3", "Bo Li": "1.5", "Cy Doe": ""}
            assert grades == expected, grades
            others = [[cell for i, cell in enumerate(row) if header[i] not in (column, "Feedback comments")]
                      for row in rows]
            assert others == [[cell for i, cell in enumerate(row) if header[i] not in (column, "Feedback comments")]
                              for row in before[1:]], others


def grade_fills_a_table_beside_its_own():
    needs_a_jail()
    with Course() as c:
        for student, text in (("Anna Gray", GOOD["01.1"]), ("Bo Li", WRONG["01.1"]), ("Eve", GOOD["01.1"])):
            write(c.root, f"in/{student}/01_one/ex1.c", text)
        c.write("worksheet.csv", WORKSHEET)
        c.says("grade", DIR="in", CSV="x.csv", EXERCISES="1.1", ROSTER="worksheet.csv",
               holds=["filled for Moodle: x.moodle.csv", "no row, or several, for Eve",
                      "Maximum grade is 4.00, but 2 points are possible"])
        with open(c.path("x.moodle.csv"), encoding="utf-8", newline="") as file:
            rows = {row["Full name"]: row for row in csv.DictReader(file)}
        assert [rows[name]["Grade"] for name in ("Anna Gray", "Bo Li", "Cy Doe")] == ["2", "0", ""], rows
        assert "expected" in rows["Bo Li"]["Feedback comments"], rows
        c.says("grade", DIR="in", CSV="x.csv", ROSTER="no.csv", code=2, holds="no.csv is no file")
        c.write("worksheet.csv", GRADEBOOK)
        c.says("grade", DIR="in", CSV="x.csv", ROSTER="worksheet.csv", code=2, holds="TITLE=")


# ---- Gradescope ----------------------------------------------------------------------------------------------------

TOP = {"score": (int, float), "execution_time": (int, float), "output": str, "visibility": str,
       "stdout_visibility": str, "tests": list, "extra_data": dict, "leaderboard": list}
TEST = {"score": (int, float), "max_score": (int, float), "name": str, "number": str, "output": str, "tags": list,
        "status": str, "visibility": str, "extra_data": dict}
VISIBLE = ("hidden", "after_due_date", "after_published", "visible")


def held_to_the_contract(base):
    """results.json by the documented form; the points of each test."""
    with open(os.path.join(base, "results", "results.json"), encoding="utf-8") as file:
        found = json.load(file)
    assert "score" in found or found["tests"], found
    for holder, form in [(found, TOP)] + [(test, TEST) for test in found["tests"]]:
        for name, value in holder.items():
            assert name in form and isinstance(value, form[name]), (name, value)
        assert all(holder.get(name, "visible") in VISIBLE for name in ("visibility", "stdout_visibility")), holder
        assert holder.get("status", "passed") in ("passed", "failed"), holder
    assert all(0 <= test["score"] <= test["max_score"] for test in found["tests"]), found
    return found, {test["name"].split()[0]: test["score"] for test in found["tests"]}


def a_submission_where_gradescope_puts_it():
    needs_a_jail()
    with Course() as c, tempfile.TemporaryDirectory(prefix="autograder ") as base:
        for text, points in ((GOOD["01.1"], 2), (code(TWICE, "return x < 0 ? 0 : 2 * x;"), 0)):
            os.makedirs(os.path.join(base, "source"), exist_ok=True)
            write(base, "submission/01_one/ex1.c", text)
            c.says("gradescope", AUTOGRADER=base, STAGES="01", EXERCISES="1.1 1.3")
            found, got = held_to_the_contract(base)
            assert got == {"01.1": points, "01.3": 0} and found["output"].startswith("sandbox: "), found
        assert "hidden case" in found["tests"][0]["output"] and "-1000" not in str(found), found


def another_user_is_a_sandbox_of_a_kind():
    """JAIL=user: whoever is graded cannot read the grader's files, and nothing else of it changes."""
    if not jail.works("user"):
        raise house.Skip("not root")
    with Course() as c, tempfile.TemporaryDirectory(prefix="user ") as folder:
        os.chmod(folder, 0o755)
        write(folder, "open/secret", "4")
        os.chmod(os.path.join(folder, "open"), 0o700)
        peek = ('extern void *fopen(const char *, const char *); extern int getc(void *);\n'
                f'    void *file = fopen("{folder}/open/secret", "r");\n    return file ? 2 * x : 2 * x + getuid();')
        text = code(TWICE, peek).replace("int twice", "extern unsigned getuid(void);\nint twice")
        write(folder, "in/good/01_one/ex1.c", GOOD["01.1"])
        write(folder, "in/peek/01_one/ex1.c", text)
        c.says("grade", DIR=f"{folder}/in", CSV=f"{folder}/x.csv", EXERCISES="1.1", JAIL="user",
               holds="runs as another user")
        rows = rows_of(f"{folder}/x.csv")
        assert rows["good"]["total"] == "2" and rows["peek"]["01.1 verdict"] == "wrong", rows
        assert re.search(r"got       6[01]\d\d\d;", rows["peek"]["why"]), rows["peek"]    # 2 + a stranger
        c.without_landlock()
        os.chmod(f"{folder}/in", 0o700)
        c.says("grade", DIR=f"{folder}/in", CSV=f"{folder}/x.csv", EXERCISES="1.1", JAIL="user", lacks="chmod",
               holds="can read what everybody can")
        os.chmod(os.path.dirname(c.root), 0o755), os.chmod(f"{folder}/in", 0o755)
        c.says("grade", DIR=f"{folder}/in", CSV=f"{folder}/x.csv", EXERCISES="1.1", JAIL="user",
               holds=[f"Try: chmod 700 '{c.root}'\n", f"Try: chmod 700 '{folder}/in'\n"])


def rehearsed(base, name):
    done = subprocess.run([os.path.join(base, name) if name == "run_autograder" else f"{base}/source/{name}"],
                          capture_output=True, text=True, env=dict(os.environ, AUTOGRADER=base))
    assert done.returncode == 0, f"{name}: exit {done.returncode}: {done.stdout}{done.stderr}"


def gradescopes_package_of_the_course():
    """Unpacked, set up and run as Gradescope does it, with an assignment's body: right, and forged."""
    needs_a_jail()
    if not ALL:
        raise house.Skip("only with HOSTILE=all (make test-course)")
    with tempfile.TemporaryDirectory(prefix="autograder-") as base:
        package = os.path.join(base, "week.zip")
        course("handout", TARGET="gradescope", OUT=package, STAGES="07", EXERCISES="7.1", BLANK="rope_rotate")
        with zipfile.ZipFile(package) as file:
            assert {"setup.sh", "run_autograder"} <= set(file.namelist()), file.namelist()[:9]
            file.extractall(os.path.join(base, "source"))
            for name in ("setup.sh", "run_autograder"):
                os.chmod(os.path.join(base, "source", name), file.getinfo(name).external_attr >> 16)
        rehearsed(base, "setup.sh")
        shutil.copy2(os.path.join(base, "source", "run_autograder"), base)
        place = "common/attention/positions.c"
        for text, points in ((house.read(place), 4), (house.read(place) + FORGED, 0)):
            write(base, f"submission/handout/{place}", text)
            rehearsed(base, "run_autograder")
            assert held_to_the_contract(base)[1] == {"07.1": 0, "rope_rotate": points}


# ---- answers, and a class ------------------------------------------------------------------------------------------

def answers_are_told_where_they_are():
    with Course() as c:
        said = c.says("answers", holds=["## 01.1 Twice (code, 2 points)", "return 2 * x;", "answer: b\n", "1.41",
                                        "- not a: Not a, since it is not."])
        assert said.count("\n## ") == 4, said
        assert "01.1" not in c.says("answers", STAGES="02", holds="## 02.1")
        shutil.rmtree(c.path("tests/course/02_two/solutions"))
        c.says("answers", code=1, holds="answers come from the checkout")
        git(c.root, "init", "-q")
        git(c.root, "add", "-A")
        c.says("handout", OUT="../package", TARGET="gradescope", code=2, holds="Try: OUT=")
        c.says("handout", OUT="../package", TARGET="canvas", code=2, holds="expected folder or gradescope")


def forty_submissions():
    """Stage 10's two code exercises and three texts of forty students, every second one wrong somewhere."""
    needs_a_jail()
    if not ALL:
        raise house.Skip("only with HOSTILE=all (make test-course)")
    with tempfile.TemporaryDirectory(prefix="forty ") as folder:
        for i in range(40):
            for name in os.listdir(os.path.join(REAL, "tests/course/10_masks/solutions")):
                text = house.read(f"tests/course/10_masks/solutions/{name}")
                if i % 2 and name[2] == str(1 + i % 5):
                    for right, wrong in (("return", "return !"), ("answer: ", "answer: 1"), ("= band", "= !band")):
                        text = text.replace(right, wrong)
                write(folder, f"in/student {i:02}/work/10_masks/{name}", text)
        began = time.monotonic()
        said = course("grade", DIR=f"{folder}/in", CSV=f"{folder}/x.csv", STAGES="10", REPORTS=f"{folder}/reports")
        took = time.monotonic() - began
        rows = rows_of(f"{folder}/x.csv")
        assert "40/40  student" in said and len(rows) == 40 and len(os.listdir(f"{folder}/reports")) == 40, said
        totals = sorted({row["total"] for row in rows.values()})
        assert rows["student 00"]["total"] == rows["student 38"]["total"] and len(totals) > 2, totals
        print(f"note forty submissions of stage 10: {took:.0f} s")


if __name__ == "__main__":
    surroundings()
    house.main([tables_of_moodle_and_canvas_are_filled, grade_fills_a_table_beside_its_own,
                a_submission_where_gradescope_puts_it, another_user_is_a_sandbox_of_a_kind,
                gradescopes_package_of_the_course, answers_are_told_where_they_are, forty_submissions])
