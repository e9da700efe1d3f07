"""make grade: every submission in a folder judged, each exercise in a process of its own; one CSV row each."""
import csv
import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor

from catalogue import Trouble, chosen_stages, exercises, shown, warn
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


# A file's name as browsers and editors change it: ex2 (1).c, EX2.C, ex2.c.txt, Copy of ex2.c, ex2 - Copy.c, ex2.txt.
NAME = re.compile(r"""(?:copy\ of\ )? ex(?:ercise)?[\ _-]?(\d+) \s*
                      (?: \(\d+\) | -\ ?(?:copy|kopie)(?:\ ?\(\d+\))? | copy(?:\ ?\d+)? )?
                      (?: \.(?:c|txt) )+""", re.I | re.X)
PACKED = re.compile(r"\.(zip|rar|7z|tar|tgz|tar\.\w+)$", re.I)
STARTERS = re.compile(r"(^|/)(stages/\d\d_\w+/exercises|tests/course)/")


def exercise_number(name):
    """2 for `ex2.c` and for what it may have become on its way; None for anything else."""
    match = NAME.fullmatch(os.path.basename(name))
    return int(match.group(1)) if match else None


def find(exercise, names, alone):
    """(the file for an exercise among a student's or None, others that might have been meant). In work/NN_name/, else
    in any folder that begins with NN and is no starter's or judge's place, else, when one stage is graded, anywhere.
    An exact name goes before one that was changed on its way."""
    ours = [name for name in names if exercise_number(name) == exercise.k and not STARTERS.search(name)]
    in_stage = [name for name in ours if re.match(rf"{exercise.number}(\D|$)", os.path.basename(os.path.dirname(name)))]
    in_work = [name for name in in_stage if "work" in name.split(os.sep)[:-1]]
    for candidates in (in_work, in_stage, ours if alone else []):
        if candidates:
            best = min(candidates, key=lambda name: (os.path.basename(name) != exercise.file, name.count(os.sep), name))
            return best, [name for name in candidates if name != best]
    return None, ours


OURS = re.compile(r"(^|/)(stages|common|tests|docs|data)/")       # of a whole handout that came back
LIKELY = re.compile(r"(ex|exercise|solution)[ _-]?\d|^\d|task|homework", re.I)


def looked_for(exercise, names, meant):
    """The verdict on a student who has no such file, with what there is instead: at most three, the likeliest first."""
    packed = [f"{name} (an archive: unpack it)" for name in names if PACKED.search(name)]
    others = [name for name in names if name.endswith((".c", ".txt")) and not OURS.search(name)
              and exercise_number(name) is None and (len(names) < 6 or LIKELY.search(os.path.basename(name)))]
    near = sorted(others, key=lambda name: (str(exercise.k) not in re.findall(r"\d+", os.path.basename(name)), name))
    instead = list(dict.fromkeys(meant + packed + near))[:3]
    return Verdict("missing", [f"no {exercise.file} in a folder {exercise.stage}; found {', '.join(instead)}"]
                   if instead else [])


def verdict_on(exercise, folder, names, alone):
    try:
        if isinstance(exercise, Rebuilt):
            return exercise.verdict(folder, names)
        name, others = find(exercise, names, alone)
        if not name:
            return looked_for(exercise, names, others)
        verdict = judge(exercise, os.path.join(folder, name), secret=True)
        if os.path.basename(name) != exercise.file or others:
            verdict.words.append(f"took {name}" + (f", not {', '.join(others[:2])}" if others else ""))
        return verdict
    except Exception as problem:                # one bad submission must not end the others' grading
        return Verdict("judge failed", [str(problem)])


def reasons(verdict):
    return "; ".join(verdict.words)[:300]


def printable(name):
    """A folder's name may hold bytes that are no UTF-8, or that a terminal obeys."""
    name = name.encode("utf-8", "backslashreplace").decode()
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda match: f"\\x{ord(match.group(0)):02x}", name)


def row_of(student, folder, wanted, alone):
    if os.path.isdir(folder):
        names = files_of(folder)
        verdicts = [verdict_on(exercise, folder, names, alone) for exercise in wanted]
        why = [f"{e.id}: {reasons(v)}" for e, v in zip(wanted, verdicts) if v.words]
        if not why and all(verdict.state == "missing" for verdict in verdicts):
            why = [f"no exercise's file was found among {len(names)}"]
    else:
        verdicts, why = [Verdict("missing") for _ in wanted], ["an archive: unpack it into a folder of its own"]
    points = [exercise.points if verdict.passed else 0 for exercise, verdict in zip(wanted, verdicts)]
    cells = [cell for pair in zip(points, [verdict.state for verdict in verdicts]) for cell in pair]
    return [printable(student), sum(points), sum(e.points for e in wanted), *cells, " | ".join(why)]


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
    if os.path.isdir(table):
        raise Trouble(f"CSV is {table}, a folder (expected a file). Try: CSV={os.path.join(table, 'grades.csv')}", 2)
    if not os.path.isdir(folder):
        raise Trouble(f"{folder} is no folder (expected one with a folder for each student)")
    loose = sorted(name for name in os.listdir(folder)
                   if not os.path.isdir(os.path.join(folder, name)) and not name.startswith("."))
    packed = [name for name in loose if PACKED.search(name)]
    beside = [name for name in loose if name not in packed]
    if beside:
        warn(f"left out, because {folder} has a folder for each student and these are none: "
             + printable(", ".join(beside[:3])) + (f" and {len(beside) - 3} more" if len(beside) > 3 else ""))
    students = sorted(name for name in os.listdir(folder)
                      if os.path.isdir(os.path.join(folder, name)) and not name.startswith(".")) + packed
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
            print(f"{done[0]}/{len(students)}  {printable(student)}  {row[1]} of {row[2]}", flush=True)
        return row

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        rows = list(pool.map(work, students))
    header = ["student", "total", "possible"]
    header += [cell for exercise in wanted for cell in (exercise.id, f"{exercise.id} verdict")] + ["why"]
    write_csv(table, header, rows)
    print(f"{len(rows)} submissions graded: {shown(os.path.abspath(table))}")
