#!/usr/bin/env python3
"""What a class really delivers: archives of all kinds, a whole handout with all that lies in it, the loose files of
Moodle and Canvas, texts in any coding; and texts that were made to hold a grader up."""
import csv
import io
import lzma
import os
import sys
import tarfile
import tempfile
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "house"))

import answers
import blank
import catalogue
import halves
import house
import jail
import judge
import roster
import similar
import unpack
from mini import GOOD, TWICE, WRONG, Course, code, write
from test_grading import rows_of

RIGHT = GOOD["01.1"].encode()
RANDOM = os.urandom(64)


def zipped(entries):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in entries:
            out.writestr(name, data)
    return held.getvalue()


def tarred(entries, mode="w:gz"):
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode=mode) as out:
        for name, data in entries:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            out.addfile(entry, io.BytesIO(data))
    return held.getvalue()


def put(folder, name, data):
    whole = os.path.join(folder, name)
    os.makedirs(os.path.dirname(whole), exist_ok=True)
    with open(whole, "wb") as out:
        out.write(data)


def graded(files, **more):
    """{student: row} of these files: {name: bytes}."""
    if jail.best() == "none":
        raise house.Skip("nothing makes a sandbox here")
    with Course() as c, tempfile.TemporaryDirectory(prefix="headlight delivered ") as folder:
        for name, data in files.items():
            put(folder, f"in/{name}", data)
        table = os.path.join(folder, "grades.csv")
        reports = os.path.join(folder, "reports")
        said = c.says("grade", DIR=os.path.join(folder, "in"), CSV=table, STAGES="01", REPORTS=reports, **more)
        told = {name: house.read(os.path.join(reports, name)) for name in os.listdir(reports)}
        return rows_of(table), said, told


WORK = [("work/01_one/ex1.c", RIGHT)]
# All that lies in a handout after a term: git's objects, what was built, a model.
HANDOUT = [(f"h/.git/objects/{i}", b"x") for i in range(2500)] + [(f"h/build/{i}.o", b"x") for i in range(99)] + [
    ("h/data/model.safetensors", RANDOM * (40 << 14)), ("h/work/01_one/ex1.c", RIGHT)]
ARCHIVES = {        # name: (bytes, points, what the table says of it)
    "bz.tar.bz2": (tarred(WORK, "w:bz2"), "2", ""),
    "called zip.zip": (tarred(WORK), "2", ""),
    "called gz.tar.gz": (zipped(WORK), "2", ""),
    "handout.zip": (zipped(HANDOUT), "2", ""),
    "handout.tgz": (tarred(HANDOUT), "2", ""),
    "in two/hw.zip": (zipped([("a/b.zip", zipped([("c.tar", tarred(WORK, "w"))]))]), "2", ""),
    "in four/hw.zip": (zipped([("1.zip", zipped([("2.zip", zipped([("3.zip", zipped(WORK))]))]))]), "0", "3.zip (an"),
    "other.7z": (b"7z\xbc\xaf\x27\x1c", "0", "nothing here opens a .7z archive"),
    "other.rar": (b"Rar!\x1a\7", "0", "nothing here opens a .rar archive"),
    "twenty/a.zip": (zipped([(f"{i}.zip", zipped([(f"{i}.txt", b"x")])) for i in range(20)]), "0", "more than 8"),
    "x" * 90 + "/" + "y" * 250 + ".zip": (zipped(WORK), "2", ""),
    "xz.tar.xz": (tarred(WORK, "w:xz"), "2", ""),
    "zeros.tar.xz": (lzma.compress(tarred([("z", b"\0" * (33 << 20))], "w")), "0", "holds more than 32 MB"),
}


def archives_of_all_kinds_are_opened_or_named():
    rows, _, _ = graded({name: data for name, (data, _, _) in ARCHIVES.items()}, EXERCISES="1.1")
    for name, (_, points, words) in ARCHIVES.items():
        row = rows[name.split("/")[0]]
        assert row["01.1"] == points and words in row["why"] and (words or not row["why"]), row
    limit, unpack.MOST_PACKED = unpack.MOST_PACKED, 10
    with tempfile.TemporaryDirectory() as folder:
        put(folder, "x.zip", zipped(WORK))
        assert unpack.unpack(os.path.join(folder, "x.zip"), folder) == "it is larger than 0 MB"
    unpack.MOST_PACKED = limit


LOOSE = {
    "Ann Gray_71_assignsubmission_file_ex1.c": RIGHT, "Ann Gray_71_assignsubmission_file_ex2.txt": b"answer: 1.41",
    "Bo Li_172_assignsubmission_file_/01_one/ex1.c": RIGHT,
    "Bo Li_172_assignsubmission_onlinetext_/onlinetext.html": b"<p>done</p>",
    "doecy_LATE_73_9001_ex1-2.c": RIGHT, "doecy_LATE_73_9002_ex2-1.txt": b"answer: 1.41",
    "fayeva_74_9003_work.zip": zipped(WORK), "fayeva_74_9004_ex2.txt": b"answer: 1.41",
    "halgus_75_9005_work.zip": zipped(WORK),
    "list.csv": b"x",
}


def loose_files_of_moodle_and_canvas_are_one_students():
    rows, said, _ = graded(LOOSE, EXERCISES="1.1 1.2")
    assert {name: row["total"] for name, row in rows.items()} == {
        "Ann Gray_71_assignsubmission_file_": "3", "Bo Li_172_assignsubmission_file_": "2", "doecy_LATE_73_": "3",
        "fayeva_74_": "3", "halgus_75_9005_work.zip": "2"}, rows
    assert "Bo Li_172_assignsubmission_onlinetext_, list.csv" in said, said
    with tempfile.TemporaryDirectory() as folder:
        write(folder, "canvas.csv", "Student,ID,Week 3 (4)\n\"Doe, Cy\",73,\n\"Else, Who\",9003,\n\"Fay, Eva\",74,\n")
        _, found = roster.Roster(os.path.join(folder, "canvas.csv"), "Week 3").filled(
            [("doecy_LATE_73_", 3, 4, ""), ("fayeva_74_9003_work.zip", 2, 4, ""), ("fayeva_74_", 1, 4, "")])
        assert [row[2] for row in found] == ["3", "", "2"], found


def texts_come_in_any_coding():
    text = GOOD["01.1"]
    marked = {"utf-16": b"", "utf-16-le": b"", "utf-16-be": b"", "utf-32": b"", "utf-32-le": b"", "utf-8-sig": b""}
    latin = b"/* gr\xfc\xdfe */\n" + RIGHT
    files = {f"{coding}/01_one/ex1.c": text.encode(coding) for coding in marked}
    files |= {"cr/01_one/ex1.c": text.replace("\n", "\r").encode(), "latin/01_one/ex1.c": latin,
              "crlf/01_one/ex1.c": text.replace("\n", "\r\n").encode()}
    rows, _, _ = graded(files, EXERCISES="1.1")
    assert all(row["01.1"] == "2" and not row["why"] for row in rows.values()), rows
    with tempfile.TemporaryDirectory() as folder:
        put(folder, "x", b"a\0b")
        assert catalogue.source(os.path.join(folder, "x")) == b"a\0b"


# ---- texts that hold a grader up -----------------------------------------------------------------------------------

LONG = 100000
TYPES = "struct a { int b; };\n"
# Each is read by every pattern that reads a student's text: whoever looks at a byte again for each one before it would
# need hours.
HOLDING = ["/* ", '\\"', "\\'", "#if 0\n", "# ", " \t", "twice( ", "twice(){", "twice    ", "__attribute__((", "int[ ",
           "( *", "struct ", "struct{", "enum x{} ", "answer:", "x", "[", ") ", "\\\n", " note: include "]


def no_text_holds_the_grader_up():
    for part in HOLDING:
        many = part * (LONG // len(part))
        for text in (many, '"' + many, "answer:a" + part * 9 + " " * LONG + "b"):
            similar.normal(text), answers.given(text), judge.first_errors(text[:1 << 16])
            assert blank.find(text, "twice") is None, part
            blank.parameters(text), halves.changed_types(TYPES, text)
            whole = text.replace("\n", " ") + " int twice(int x) {}"
            assert not blank.find(whole, "twice") or blank.signature(whole, "twice")[1] == "int x", part
    assert judge.advice([], "ex1.c:1: note: include '<string.h>' or\n") == [
        "#include <string.h> is missing at the top of your file"]
    assert halves.changed_types(TYPES, "typedef struct b { int c; } B;\n" + TYPES) is None
    assert answers.given("answer: a b  \n") == "a b" and answers.given(" Answer:answer: c\t\n") == "c"
    both = similar.normal('a = "b"; c = \'d\'; /* e */'), similar.normal('a = "b"; c = \'d\';')
    assert both[0] == both[1] and len(both[0]) == 8, both
    rows, _, _ = graded({"long/01_one/ex1.c": RIGHT + b"/* " * 300000, "next/01_one/ex1.c": RIGHT}, EXERCISES="1.1")
    assert rows["long"]["01.1"] == "0" and rows["next"]["01.1"] == "2", rows


# ---- what is printed -----------------------------------------------------------------------------------------------

CLOCK = code(TWICE, '''extern int printf(const char *, ...), fflush(void *);
    extern long time(void *), clock(void);
    printf("%ld %ld\\n", time(0), clock()), fflush(0);
    return 0;''')
HIDDEN = code(TWICE, '''extern int printf(const char *, ...), fflush(void *);
    printf("asked %d\\n", x), fflush(0);
    return x < 0 ? 0 : x == 1 ? 1 : 2 * x;''')
ESCAPES = "int twice(int x) { return y; }\n#error \x1b[2J\x1b]0;owned\x07 passed \u202e\n"


def what_is_printed_stays_in_the_report():
    """The table is the same from two runs, so it has nothing of a clock in it; a report has nothing that a terminal
    obeys; and neither a report nor what Moodle gets tells a hidden case."""
    files = {"clock/01_one/ex1.c": CLOCK.encode(), "hidden/01_one/ex1.c": HIDDEN.encode(),
             "escapes/01_one/ex1.c": ESCAPES.encode(), "only hidden/01_one/ex1.c":
             code(TWICE, "return x < 0 ? 0 : 2 * x;").encode(), "crash/01_one/ex1.c":
             code(TWICE, "return *(volatile int *)0;").encode(), "left/01_one/ex1.c":
             code(TWICE, "extern void _exit(int); if (x < 3) _exit(7); return 2 * x;").encode()}
    rows, _, told = graded(files, EXERCISES="1.1")
    assert "it printed" in told["clock.txt"] and "it printed" not in rows["clock"]["why"], (rows, told)
    assert "asked 1" in told["hidden.txt"], told
    assert not any(sign in told["escapes.txt"] for sign in "\x1b\x07\u202e") and "\\x1b[2J" in told["escapes.txt"], told
    rows, _, told = graded(files, EXERCISES="1.1", CREDIT="cases")
    assert "3 of 5 cases" in rows["hidden"]["why"] and "asked" not in told["hidden.txt"], told["hidden.txt"]
    assert "by SIGSEGV" in rows["crash"]["why"] and "0 of 5 cases" in rows["crash"]["why"], rows["crash"]
    assert "ended (exit code 7)" in rows["left"]["why"] and "2 of 5 cases" in rows["left"]["why"], rows["left"]
    _, _, told = graded(files, EXERCISES="1.1", CREDIT="cases", DETAILS="full")
    assert "asked -1000" in told["hidden.txt"], told["hidden.txt"]
    with Course() as c:
        for name, data in files.items():
            put(c.root, f"in/{name}", data)
        c.write("sheet.csv", "Identifier,Full name,Grade,Feedback comments\nP 1,only hidden,,\nP 2,clock,,\n")
        for details, words in (("visible", "in a hidden case"), ("full", "x = -1000"), ("none", "")):
            c.says("grade", DIR="in", CSV="x.csv", EXERCISES="1.1", ROSTER="sheet.csv", DETAILS=details)
            with open(c.path("x.moodle.csv"), encoding="utf-8", newline="") as file:
                said = {row["Full name"]: row["Feedback comments"] for row in csv.DictReader(file)}
            assert words in said["only hidden"] and ("-1000" in said["only hidden"]) == (details == "full"), said
            assert (said["clock"] == "") == (details == "none"), said
            assert "x = -1000" in rows_of(c.path("x.csv"))["only hidden"]["why"]


def crashes_in_most_cases_leave_the_others():
    """A judge starts so many runners for one student and no more; the cases behind that are wrong, and counted."""
    text = code(TWICE, "return x < 35 ? *(volatile int *)0 : 2 * x;")
    with Course() as c:
        name = "tests/course/01_one/ex1.c"
        c.write(name, c.read(name).replace("for (int x = 1; x < 5; x++)", "for (int x = 40; x > 0; x--)"))
        write(c.root, "in/ann/01_one/ex1.c", text)
        c.says("grade", DIR="in", CSV="x.csv", EXERCISES="1.1", CREDIT="cases")
        row = rows_of(c.path("x.csv"))["ann"]
        assert "6 of 41 cases" in row["why"] and row["01.1"] == "0.2", row


if __name__ == "__main__":
    house.main([archives_of_all_kinds_are_opened_or_named, loose_files_of_moodle_and_canvas_are_one_students,
                texts_come_in_any_coding, no_text_holds_the_grader_up, what_is_printed_stays_in_the_report,
                crashes_in_most_cases_leave_the_others])
