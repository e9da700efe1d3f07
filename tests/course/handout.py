"""make handout: a tree for a class: chosen stages, chosen bodies emptied, no solutions, no hidden cases, no past."""
import os
import re
import shutil
import subprocess
from glob import glob

import blank
import gradescope
import variants
from bodies import POINTS, table as bodies_table
from catalogue import ROOT, Trouble, chosen_exercises, chosen_stages, exercises, path, read, shown, warn

KEPT_TESTS = ("run.py", "catch.h", "unit", "fixtures", "fuzz", "course")     # of tests/: what judges code that is there

NOT_FOR_STUDENTS = ("docs/lecturers.md", "docs/mutants.md", "stages/taught.tsv", "tests/course/truths.py")


def git(folder, *words):
    done = subprocess.run(["git", "-c", f"safe.directory={folder}", *words], cwd=folder, capture_output=True)
    if done.returncode != 0:
        raise Trouble(f"git {words[0]}: {done.stderr.decode('utf-8', 'replace').strip().splitlines()[-1:]}", 3)
    return done.stdout.decode("utf-8", "surrogateescape")


def tracked():
    """What git knows of: a lecturer's own files, which lie about untracked, must not get into a handout."""
    if not os.path.exists(path(".git")):
        raise Trouble("this copy of the course is no git checkout, so nobody can tell its files from yours. "
                      "Try: git init && git add -A", 3)
    strangers = git(ROOT, "ls-files", "-z", "--others", "--exclude-standard").split("\0")[:-1]
    if strangers:
        warn(f"left out, because git does not know them: {', '.join(strangers[:3])}"
             + (f" and {len(strangers) - 3} more files" if len(strangers) > 3 else ""))
    names = [name for name in git(ROOT, "ls-files", "-z").split("\0") if name and os.path.isfile(path(name))]
    return sorted(set(names))


def belongs(name, stages):
    """Is this file part of a handout of these stages (None: all)?"""
    room = name.split("/")
    if room[0] == ".ci" or room[:2] == ["docs", "assignments"] or name in NOT_FOR_STUDENTS:
        return False
    stage = room[1] if room[0] == "stages" and len(room) > 2 else room[2] if room[:2] == ["tests", "course"] \
        and len(room) > 3 else None
    if stage and stages and stage[:2] not in stages:
        return False
    if room[0] == "tests":
        if room[1] not in KEPT_TESTS or "solutions" in room or name.endswith((".hidden.c", ".tried", ".variant")):
            return False
        if room[2:3] in (["bodies"], ["not_done.h"]):
            return False
        return not re.fullmatch(r"test_.*\.(py|sh)", room[-1]) or room[1] not in ("course",)
    return True


def copy_tree(names, target):
    for name in names:
        os.makedirs(os.path.dirname(os.path.join(target, name)) or target, exist_ok=True)
        shutil.copy2(path(name), os.path.join(target, name), follow_symlinks=False)


def rewrite(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def without(text, *titles):
    """A page without these sections."""
    for title in titles:
        text = re.sub(rf"^## {title}\n.*?(?=^## |\Z)", "", text, flags=re.M | re.S)
    return text


DELIVER = """## What to deliver

%sReturn %s, as one .zip or .tar.gz.

"""
ASKED = """```
make start      copies the exercises to work/: they are yours
make check      says what is right so far, and what is not
```

%s%s:

| | points | minutes | |
|---|---|---|---|
%s"""


YOURS = """These exercises are those of **%s**: others have other numbers, sentences and letters. Let this id stand in
the name of the folder or archive that you return.

"""


def extent(here):
    """How many exercises and points, in words."""
    points = sum(e.points for e in here)
    return f"{len(here)} exercise{'s' * (len(here) != 1)}, {points} point{'s' * (points != 1)}"


def deliver(here, emptied, others):
    """What students are told: what is asked, and what to send. others: exercises that are there and not asked for."""
    rows = [f"| {e.id} {e.title} | {e.points} | {e.minutes} | `make check-{e.id}` |" for e in here]
    names = [line.split() for line in emptied]
    bodies = [f"- `{word}()` in `{name}`{worth(word, name)}" for word, name in names]
    tests = sorted({test for _, name in names if name.startswith("common/") for test in tests_of(name)})
    asked = ("To be written, where it says `your code here`:\n\n" + "\n".join(bodies) + "\n\n" if bodies else "") + (
        f"Its tests: `make test ARGS=\"{' '.join(tests)}\"`.\n\n" if tests else "")
    beside = " (`make check` goes on to the others of these stages: they are yours to try, and not asked for)"
    told = ASKED % (extent(here), beside if others else "", "\n".join(rows)) + "\n\n" if here else ""
    back = "all of this folder without `build/` and `out/`" if bodies else "`work/`, or all of this folder"
    return DELIVER % (told + asked, back)


def tests_of(place):
    """Words for `make test ARGS=`: the unit tests that are called like a file of common/, else that include it."""
    stem = os.path.splitext(place[len("common/"):])[0]
    units = sorted(glob(path("tests", "unit", "test_*.c")))
    called = [name for name in units if os.path.basename(stem) in os.path.basename(name)]
    including = [name for name in units if f'"{stem}.h"' in read(name)]
    return [os.path.basename(stem)] if called else [os.path.basename(name)[:-2] for name in including[:3]]


def worth(name, place):
    own = bodies_table().get((name, place))
    return f": {own.points_text()}, {own.minutes} minutes" if own else f": {POINTS} points"


def sheet_of(name):
    """What students read of a page of docs/assignments: all before `## For the lecturer`, without its first line."""
    if not name:
        return ""
    text = read(name if os.path.isabs(name) else path(name)).split("\n## For the lecturer\n")[0]
    return re.sub(r"\A# .*\n+", "", text).replace("](../../", "](").rstrip("\n") + "\n\n"


OF_ALL = ("After the first taste", "All lectures together")    # paragraphs that tell a way through all stages


def of_some_stages(text, first):
    """The page without what is true of the whole course only; commands name an exercise that is there."""
    kept = [part for part in text.split("\n\n") if not part.startswith(OF_ALL)]
    return re.sub(r"(`make (?:hint|check|skip)-)17(?:(\.)\d)?`",
                  lambda match: f"{match.group(1)}{first}{'.1' if match.group(2) else ''}`", "\n\n".join(kept))


def for_students(target, title, told):
    """README: the class's title, what to do and to deliver, the stages that are there, no section without its stage."""
    readme = os.path.join(target, "README.md")
    if not os.path.exists(readme):
        return
    gone = ["For lecturers"] + ([] if os.path.isdir(os.path.join(target, "stages/17_bert"))
                                else ["First taste", "For the mask student"])
    text = without(read(readme), *gone)
    there = os.listdir(os.path.join(target, "stages"))
    kept = {name[:2] for name in there if os.path.isdir(os.path.join(target, "stages", name))}
    row = re.compile(r"\| \[?(\d\d) ")
    lines = [line for line in text.split("\n") if not row.match(line) or row.match(line).group(1) in kept]
    if kept < {stage[:2] for stage in os.listdir(path("stages")) if os.path.isdir(path("stages", stage))}:
        text = of_some_stages("\n".join(lines), min(kept, default=""))
        lines = text.split("\n")
    text = re.sub(r"^# .*", lambda match: f"# {title}" if title else match.group(0), "\n".join(lines), count=1)
    first = text.find("\n## ") + 1
    rewrite(readme, text[:first] + told + text[first:] if first else text + "\n" + told)
    table = os.path.join(target, "stages", "stages.tsv")
    if os.path.exists(table):
        rewrite(table, "".join(line for line in read(table).splitlines(True) if line[0] == "#" or line[:2] in kept))


LINK = re.compile(r"(?<!!)\[([^\]\n]*)\]\((?!\w+:|#)([^)\s#]+)(#[^)\s]*)?\)")


def live(link, at):
    """A link on a page in the folder `at`: itself, or only its words when it leads nowhere."""
    return link.group(0) if os.path.exists(os.path.join(at, link.group(2))) else link.group(1)


def without_dead_links(target):
    """What leads to a page that is not in a handout becomes plain text."""
    for where, _, names in os.walk(target):
        for name in names:
            if name.endswith(".md"):
                page = os.path.join(where, name)
                text = read(page)
                kept = LINK.sub(lambda link, at=where: live(link, at), text)
                if kept != text:
                    rewrite(page, kept)


def empty_bodies(names, target, words):
    """Empties each function in the copy; returns lines `function file`."""
    sources = [name for name in names if name.endswith((".c", ".h")) and name.startswith(("common/", "stages/"))
               and "/exercises/" not in name]
    done = []
    if words:
        os.makedirs(os.path.join(target, "common", "base"), exist_ok=True)
        shutil.copyfile(path("tests", "course", "not_done.h"), os.path.join(target, "common", "base", "not_done.h"))
    for word in words:
        if not re.fullmatch(r"[A-Za-z_]\w*", word):
            raise Trouble(f"BLANK: {word!r} is no name of a function", 2)
        for name in sources:
            emptied = blank.empty(read(os.path.join(target, name)), word)
            if emptied is not None:
                with open(os.path.join(target, name), "w", encoding="utf-8") as file:
                    file.write(emptied)
                done.append(f"{word} {name}")
        if not done or done[-1].split()[0] != word:
            raise Trouble(f"BLANK: no function {word}() in common/ or in the stages of this handout. "
                          f"Try: git grep {word}", 2)
    return done


def fresh_history(target):
    surroundings = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1")
    who = ["-c", "user.name=Headlight", "-c", "user.email=headlight@localhost"]
    for words in (["init", "-q", "-b", "main"], ["add", "-A", "-f"], [*who, "commit", "-q", "-m", "The handout"]):
        done = subprocess.run(["git", *words], cwd=target, env=surroundings, capture_output=True)
        if done.returncode != 0:
            raise Trouble(f"git in the handout: {done.stderr.decode('utf-8', 'replace').strip()}", 3)


def handout(out, stages_text, blank_text, title="", exercises_text="", sheet_name="", target="", credit="", details="",
            variant=""):
    """variant: a student's id; target: `folder`, or `gradescope` for the package that grades there, with these
    exercises and bodies."""
    if not out:
        raise Trouble('no folder given. Try: make handout OUT=handout STAGES="10 11" BLANK="mask_allows"', 2)
    out = os.path.abspath(out)
    if os.path.lexists(out):
        raise Trouble(f"{out} exists (a handout goes into a new folder)")
    stages = chosen_stages(stages_text)
    if target == "gradescope":
        gradescope.package(out, tracked(), {"STAGES": stages_text, "EXERCISES": exercises_text, "BLANK": blank_text,
                                            "CREDIT": credit, "DETAILS": details})
        print(f"{shown(out)}: upload it as the autograder. It holds the answers: keep it from students")
        return
    if target not in ("", "folder"):
        raise Trouble(f"TARGET is {target!r} (expected folder or gradescope)", 2)
    names = [name for name in tracked() if belongs(name, stages)]
    here = [exercise for exercise in exercises(stages) if shown(exercise.starter) in names]
    if not here:
        raise Trouble("none of the exercises is known to git. Try: git add stages tests")
    own = [variants.Mine(exercise, variants.id_of(variant)) for exercise in here] if variant else []
    every = [mine.exercise for mine in own] or here
    here = chosen_exercises(every, exercises_text)
    sheet, aside = sheet_of(sheet_name), f"{out}.{os.getpid()}.new"
    try:
        copy_tree(names, aside)
        emptied = empty_bodies(names, aside, blank_text.replace(",", " ").split())
        variants.write(aside, own, rewrite)
        for_students(aside, " ".join(title.split()), sheet + deliver(here, emptied, len(here) < len(every))
                     + (YOURS % variant if own else ""))
        without_dead_links(aside)
        fresh_history(aside)
        os.rename(aside, out)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    print(f"{shown(out)}: {len(names)} files, {extent(here)}"
          + (f", {len(emptied)} {'body' if len(emptied) == 1 else 'bodies'} emptied" if emptied else ""))
    for line in emptied:
        print(f"    {line.split()[0]}() in {line.split()[1]}")
    print("Look before you hand it out: cd there, then " + ("make start && make check" if here else "make"))
