#!/usr/bin/env python3
"""What lecturers and learners are told, held against what is there: plans add up, settings exist, and the commands run.
docs' own tests (tests/house/test_docs.py) look at targets, options, links and output; here the guide's are run, with
HOSTILE=all (make test-course), and, with COMMANDS=all (make test-documents), those that have no output beside them."""
import csv
import os
import re
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "house"))

import house
import jail
from mini import REAL, write
from test_assignments import course
from test_docs import missing_data, pages, stages
from test_grading import rows_of
from test_packages import GRADEBOOK, WORKSHEET

ALL = os.environ.get("HOSTILE") == "all"
PLAN = re.compile(r"^\| \d+ \| ((?:\d\d(?:, )?)+) \| (\d+) \| (\d+) \|", re.M)


# ---- plans ---------------------------------------------------------------------------------------------------------

def minutes():
    """{number: (to read, to solve)} of the stages."""
    found = {}
    for stage in stages():
        head = house.read(f"stages/{stage}/README.md").split("\n")[0]
        rows = house.read(f"stages/{stage}/exercises/exercises.tsv").split("\n")[1:]
        found[stage[:2]] = (int(re.search(r"\((\d+) min\)", head).group(1)),
                            sum(int(row.split("\t")[2]) for row in rows if row))
    return found


def wrong_sums(text):
    known = minutes()
    for names, lecture, exercises in PLAN.findall(text):
        sums = [sum(known[name][i] for name in names.split(", ")) for i in (0, 1)]
        if sums != [int(lecture), int(exercises)]:
            yield f"docs/lecturers.md: {names}: {lecture} and {exercises} minutes (expected {sums[0]} and {sums[1]})"


def plans_add_up():
    text = house.read("docs/lecturers.md")
    plans = re.split(r"^\*\*(?=Twelve|Five|One)", text, flags=re.M)[1:]
    assert len(plans) == 3, [plan[:20] for plan in plans]
    house.expect_none(list(wrong_sums(text)))
    assert list(wrong_sums("| 1 | 01, 02 | 70 | 61 |")), "it sees no wrong sum"
    for plan in plans[:2]:
        assert sorted(", ".join(row[0] for row in PLAN.findall(plan)).split(", ")) == sorted(minutes()), plan[:20]


# ---- settings ------------------------------------------------------------------------------------------------------

def calls(text):
    """Every `make handout ...` of a page, as words."""
    for line in re.sub(r"\\\n *", " ", text).split("\n"):
        found = re.match(r"(?:\w+=\S+ )?make (handout|grade|answers)( [A-Z]+=.*|$)", line)
        if found:
            yield found.group(1), dict(word.split("=", 1) for word in shlex.split(found.group(2)))


def unknown_settings(text):
    known = set(re.findall(r"[A-Z]{2,}", house.read("tests/course/course.py")))
    names = [name for _, words in calls(text) for name in words]
    spans = re.findall(r"`([A-Z]{3,})=", text)
    return [name for name in names + spans if name not in known | {"SEED", "ARGS", "HEADLIGHT_MIRROR"}]


def settings_exist():
    guides = {name: text for name, text in pages().items() if name.startswith(("docs/lecturers", "docs/assignments"))}
    house.expect_none([f"{name}: {word}: no such setting" for name, text in guides.items()
                       for word in unknown_settings(text)])
    assert unknown_settings("make grade DIRR=x\n") == ["DIRR"]
    assert sum(len(list(calls(text))) for text in guides.values()) >= 30


# ---- what the guide says, done -------------------------------------------------------------------------------------

def honest(folder):
    """Three who hand in: all of it, half of it, nothing."""
    for name in ("ex1.txt", "ex2.c", "ex3.c", "ex5.txt"):
        text = house.read(f"tests/course/10_masks/solutions/{name}")
        write(folder, f"submissions/Anna Gray/work/10_masks/{name}", text)
        if name in ("ex1.txt", "ex2.c"):
            write(folder, f"submissions/Bo Li/work/10_masks/{name}", text)
    os.makedirs(os.path.join(folder, "submissions", "empty"))
    write(folder, "submissions/Anna Gray/handout/common/attention/mask.c", house.read("common/attention/mask.c"))
    write(folder, "worksheet.csv", WORKSHEET)
    write(folder, "gradebook.csv", GRADEBOOK)


def the_guides_commands_run():
    if not ALL or jail.best() == "none" or not os.path.exists(os.path.join(REAL, ".git")):
        raise house.Skip("only with HOSTILE=all (make test-course), a sandbox, in a git checkout")
    with tempfile.TemporaryDirectory(prefix="guide ") as folder:
        honest(folder)
        places = {"DIR": "submissions", "CSV": "grades.csv", "ROSTER": None, "REPORTS": "reports"}
        for number, (word, words) in enumerate(calls(house.read("docs/lecturers.md"))):
            if "VARIANT" in words:              # test_variants.py has a class for those
                continue
            words = {name: os.path.join(folder, places[name] or value) if name in places else value
                     for name, value in words.items()}
            if "OUT" in words:
                words["OUT"] = os.path.join(folder, f"{number}-{os.path.basename(words['OUT'])}")
            course(word, **words)
            print(f"     make {word} {' '.join(words)}", flush=True)
        rows = rows_of(os.path.join(folder, "grades.csv"))
        assert [rows[name]["total"] for name in ("Anna Gray", "Bo Li", "empty")] == ["9", "3", "0"], rows
        assert os.path.exists(os.path.join(folder, "grades.moodle.csv"))
        with open(os.path.join(folder, "grades.canvas.csv"), encoding="utf-8", newline="") as file:
            assert [row[5] for row in csv.reader(file)][1:] == ["4.0", "9", "3"]


# ---- commands without output ---------------------------------------------------------------------------------------

COMMAND = re.compile(r"""build/\d\d_\w+(?:\ (?:"[^"`]*"|'[^'`]*'|[^\s"'`]+))*""", re.X)
PLACEHOLDER = re.compile(r"\b(FILE|DIR|TEXT\w*|YOUR\w*|[A-Z]|NN|HOST\w*)\b|[<>|]|\.\.\.|\$|(^| )-( |$)"
                         r"|--(page|report|resume|data)\b"
                         r"|out/15_training|--vocab merges.txt"                     # what another lesson leaves behind
                         r"|--corpus|--time")                                       # minutes, and nothing but minutes
THEIRS = ("book.txt", "my_text.txt")                                                # a learner's own texts, here ours


def lone_commands(text):
    """Every `build/NN_name ...` of a page that shows no output of it, in its order: in blocks, between backquotes."""
    shown = re.compile(r"^```\w*\n\$ .*?^```", re.M | re.S)
    text = re.sub(r"\\\n *", " ", shown.sub("", text))
    blocks = [line for block in re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S) for line in block.split("\n")]
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    found = [COMMAND.match(words) for words in blocks + spans]
    return list(dict.fromkeys(one.group(0) for one in found if one and not PLACEHOLDER.search(one.group(0))))


def lacks(command):
    """Data that a command needs and this copy has not."""
    stage = re.search(r"\d\d_\w+", command).group(0)
    return list(missing_data(stage)) + [name for name in re.findall(r"data/([\w-]+)", command)
                                        if not any(os.path.exists(os.path.join(REAL, "data", name + end))
                                                   for end in ("", ".txt"))]


def run_page(page, commands):
    """Lines on the commands of a page that fail, run one after the other in one folder: some read what others write."""
    complaints = []
    with tempfile.TemporaryDirectory(prefix="page ") as folder:
        for name in ("data", "docs", "stages", "tests"):
            os.symlink(os.path.join(REAL, name), os.path.join(folder, name))
        os.symlink(os.path.join(REAL, os.environ.get("BUILD") or "build"), os.path.join(folder, "build"))
        os.makedirs(os.path.join(folder, "out"))
        for name in THEIRS:
            os.symlink(os.path.join(REAL, "data", "lamplighter.txt"), os.path.join(folder, name))
        os.symlink(os.path.join(REAL, "README.md"), os.path.join(folder, "README.md"))
        for command in commands:
            if "15_training" in command:                                            # (a lesson takes minutes)
                command = re.sub(r" --steps \d+", "", command) + " --steps 20"
            quiet = re.search(r"--(out|help|ids|print|decode)\b", command)
            try:
                done = subprocess.run(["sh", "-c", command + ("" if quiet else " --out out")], cwd=folder, text=True,
                                      capture_output=True, timeout=600, stdin=subprocess.DEVNULL)
            except subprocess.TimeoutExpired:
                complaints.append(f"{page}: {command}: not done after ten minutes")
                continue
            if done.returncode:
                complaints.append(f"{page}: {command}: exit {done.returncode}: {done.stderr.strip()[-200:]}")
    return complaints


def commands_of_the_documents_run():
    found = {page: [command for command in lone_commands(text) if not lacks(command)] for page, text in pages().items()}
    count = sum(len(commands) for commands in found.values())
    assert lone_commands("`build/01_a --x \"b c\"`\n```\n$ build/02_b\n1\n```\n```\nbuild/03_c 1   says\n```\n") == [
        "build/03_c 1", "build/01_a --x \"b c\""]
    if os.environ.get("COMMANDS") != "all":
        raise house.Skip("only with COMMANDS=all (make test-documents)")
    with ThreadPoolExecutor(max_workers=2) as pool:
        house.expect_none([words for lines in pool.map(lambda pair: run_page(*pair), found.items()) for words in lines])
    print(f"     {count} commands")


if __name__ == "__main__":
    house.main([plans_add_up, settings_exist, the_guides_commands_run, commands_of_the_documents_run])
