"""make grade: every submission in a folder judged, each exercise in a process of its own; one CSV row each."""
import csv
import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor

from catalogue import Trouble, chosen_stages, exercises, shown
from judge import Verdict, judge
from rebuilt import Rebuilt, rebuilt

AT_ONCE = 2


def files_of(folder):
    """Paths, from the student's folder, of all regular files; links are not followed."""
    found = []
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in (".git", "build", "out", ".starters"))
        for name in sorted(files):
            whole = os.path.join(where, name)
            if os.path.isfile(whole) and not os.path.islink(whole):
                found.append(os.path.relpath(whole, folder))
    return found


def find(exercise, names, alone):
    """The file for an exercise among a student's: in work/NN_name/, else in any NN_name/ that is no starter's or
    judge's place, else, when one stage is graded, the only one of that name."""
    ours = [name for name in names if os.path.basename(name) == exercise.file]
    ours = [name for name in ours if not re.search(r"(^|/)(stages/\d\d_\w+/exercises|tests/course)/", name)]
    in_stage = [name for name in ours if os.path.basename(os.path.dirname(name)) == exercise.stage]
    in_work = [name for name in in_stage if "work" in name.split(os.sep)[:-1]]
    outside = ours if alone else []
    for candidates in (in_work, in_stage, outside):
        if candidates:
            return min(candidates, key=lambda name: (name.count(os.sep), name))
    return None


def verdict_on(exercise, folder, names, alone):
    try:
        if isinstance(exercise, Rebuilt):
            return exercise.verdict(folder, names)
        name = find(exercise, names, alone)
        return judge(exercise, os.path.join(folder, name), secret=True) if name else Verdict("missing")
    except Exception as problem:                # one bad submission must not end the others' grading
        return Verdict("judge failed", [str(problem)])


def reasons(verdict):
    return "" if verdict.passed else "; ".join(verdict.words)[:300]


def row_of(student, folder, wanted, alone):
    names = files_of(folder)
    verdicts = [verdict_on(exercise, folder, names, alone) for exercise in wanted]
    points = [exercise.points if verdict.passed else 0 for exercise, verdict in zip(wanted, verdicts)]
    cells = [cell for pair in zip(points, [verdict.state for verdict in verdicts]) for cell in pair]
    why = [f"{e.id}: {reasons(v)}" for e, v in zip(wanted, verdicts) if v.words and not v.passed]
    return [student, sum(points), sum(e.points for e in wanted), *cells, " | ".join(why)]


def write_csv(name, header, rows):
    aside = name + ".new"
    try:
        with open(aside, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
        os.replace(aside, name)
    except BaseException:
        if os.path.exists(aside):
            os.remove(aside)
        raise


def grade(folder, table, stages_text, blank_text=""):
    if not folder or not table:
        raise Trouble("expected DIR and CSV. Try: make grade DIR=submissions CSV=grades.csv", 2)
    if not os.path.isdir(folder):
        raise Trouble(f"{folder} is no folder (expected one with a folder for each student)")
    students = sorted(name for name in os.listdir(folder)
                      if os.path.isdir(os.path.join(folder, name)) and not name.startswith("."))
    if not students:
        raise Trouble(f"{folder} has no folders (expected one for each student)")
    stages = chosen_stages(stages_text)
    wanted = exercises(stages)
    alone = len({exercise.stage for exercise in wanted}) == 1
    open(table + ".new", "w").close()           # a place that cannot be written to is found before the work
    os.remove(table + ".new")
    wanted += rebuilt(blank_text, stages)
    done, lock = [0], threading.Lock()

    def work(student):
        row = row_of(student, os.path.join(folder, student), wanted, alone)
        with lock:
            done[0] += 1
            print(f"{done[0]}/{len(students)}  {student}  {row[1]} of {row[2]}", flush=True)
        return row

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        rows = list(pool.map(work, students))
    header = ["student", "total", "possible"]
    header += [cell for exercise in wanted for cell in (exercise.id, f"{exercise.id} verdict")] + ["why"]
    write_csv(table, header, rows)
    print(f"{len(rows)} submissions graded: {shown(os.path.abspath(table))}")
