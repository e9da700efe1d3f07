"""make grade: every submission in a folder judged, each exercise in a sandbox of its own; one CSV row each."""
import contextlib
import csv
import os
import re
import shlex
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

import deliveries
import fence
import jail
import roster
import report
import sandbox
import similar
import unpack
import variants
from apart import Room, handed_exercise
from catalogue import (ROOT, Trouble, chosen_exercises, chosen_stages, exercises, printable, read, shown, student_name,
                       warn)
from judge import LARGEST, Verdict, judge, whole_number
from rebuilt import Rebuilt, rebuilt

CREDITS = ("all", "cases")


def files_of(folder):
    """Paths, from the student's folder, of all regular files, as deep as an archive may be; links are not followed."""
    found = []
    for where, folders, files in os.walk(folder):
        deep = os.path.relpath(where, folder).count(os.sep) + 1 >= unpack.DEEP_AT_MOST
        folders[:] = sorted(name for name in folders
                            if not deep and name not in (".git", "build", "out", ".starters"))
        for name in sorted(files):
            whole = os.path.join(where, name)
            if os.path.isfile(whole) and not os.path.islink(whole):
                found.append(os.path.relpath(whole, folder))
    return found


# A file's name as browsers and editors change it: ex2 (1).c, EX2.C, ex2.c.txt, Copy of ex2.c, ex2 - Copy.c, ex2.txt.
NAME = re.compile(r"""(?:copy\ of\ )? ex(?:ercise)?[\ _-]?(\d+) \s*
                      (?: \(\d+\) | -\ ?(?:copy|kopie)(?:\ ?\(\d+\))? | copy(?:\ ?\d+)? )?
                      (?: \.(?:c|txt) )+""", re.I | re.X)
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
    packed = [f"{name} (an archive: unpack it)" for name in names if deliveries.PACKED.search(name)]
    others = [name for name in names if name.endswith((".c", ".txt")) and not OURS.search(name)
              and exercise_number(name) is None and (len(names) < 6 or LIKELY.search(os.path.basename(name)))]
    near = sorted(others, key=lambda name: (str(exercise.k) not in re.findall(r"\d+", os.path.basename(name)), name))
    instead = list(dict.fromkeys(meant + packed + near))[:3]
    return Verdict("missing", [f"no {exercise.file} in a folder {exercise.stage}; found {', '.join(instead)}"]
                   if instead else [])


class Grading:
    """What is asked of everybody. wanted: exercises, and emptied bodies; credit, details: see grade()."""

    def __init__(self, wanted, room, credit, details, reports, keys):
        self.wanted, self.room, self.keys = wanted, room, keys              # keys: variants.Keys, or None
        self.alone = len({exercise.stage for exercise in wanted if not isinstance(exercise, Rebuilt)}) == 1
        self.credit, self.details, self.reports = credit, details, reports
        self.texts, self.lock = {}, threading.Lock()        # texts: {(exercise, student): what was handed in}

    def verdict(self, exercise, folder, names, student):
        try:
            if isinstance(exercise, Rebuilt):
                return exercise.verdict(folder, names)
            if self.keys and exercise.kind != "code":
                one, why = self.keys.student(student, names)
                if not one:
                    return Verdict("cannot be judged here", [why])
                exercise = self.keys.exercise(exercise, one)
            name, others = find(exercise, names, self.alone)
            if not name:
                return looked_for(exercise, names, others)
            verdict = judge(exercise, os.path.join(folder, name), secret=True,
                            apart=lambda e, file: self.room.verdict(e, handed_exercise(e, file, name),
                                                                    self.credit == "cases"))
            verdict.words = [word.replace(folder + os.sep, "") for word in verdict.words]
            if exercise.kind == "code" and verdict.state not in ("not started", "missing") \
                    and os.path.getsize(os.path.join(folder, name)) <= LARGEST:
                with self.lock:
                    self.texts[exercise, student] = read(os.path.join(folder, name))
            if os.path.basename(name) != exercise.file or others:
                verdict.words.append(f"took {name}" + (f", not {', '.join(others[:2])}" if others else ""))
            return verdict
        except Exception as problem:                # one bad submission must not end the others' grading
            return Verdict("judge failed", [str(problem)])

    def points(self, exercise, verdict):
        """All or none; by cases, the part of them that is right, in tenths of a point, rounded down."""
        if verdict.passed:
            return exercise.points
        if self.credit == "all" or not verdict.cases or not verdict.cases[1]:
            return 0
        tenths = 10 * exercise.points * verdict.cases[0] // verdict.cases[1]
        return tenths // 10 if tenths % 10 == 0 else tenths / 10

    def judged(self, student, submission):
        """Of one that deliveries.submissions() tells: (names of its files, what is wrong with it, verdicts, points)."""
        with tempfile.TemporaryDirectory(prefix="headlight-hand-in-") as room:
            folder, problem = deliveries.opened(submission, room, files_of, LARGEST)
            names = files_of(folder)
            verdicts = [self.verdict(exercise, folder, names, student) for exercise in self.wanted]
        return names, problem, verdicts, [self.points(*pair) for pair in zip(self.wanted, verdicts)]

    def row(self, student, submission):
        """(the row of a submission in the table, what its student may read of it); and the report of it."""
        names, problem, verdicts, points = self.judged(student, submission)
        why = [f"{e.id}: {'; '.join(counted(v) + v.words)[:300]}" for e, v in zip(self.wanted, verdicts) if v.words]
        told = [f"{e.id}: {'; '.join(words)[:300]}" for e, v in zip(self.wanted, verdicts)
                if (words := report.open_words(v, self.details))]
        files = [v for e, v in zip(self.wanted, verdicts) if not isinstance(e, Rebuilt)]
        if files and all(verdict.state == "missing" and not verdict.words for verdict in files):
            none = f"no exercise's file was found among {len(names)}"
            why, told = [none, *why], [none, *told]
        if self.reports:
            report.write(self.reports, student_name(student), zip(self.wanted, verdicts, points), self.details)
        cells = [cell for pair in zip(points, [verdict.state for verdict in verdicts]) for cell in pair]
        total = round(sum(points), 1)
        why, told = (printable(" | ".join(([problem] if problem else []) + part)) for part in (why, told))
        return [student_name(student), total, sum(e.points for e in self.wanted), *cells, why], told


def counted(verdict):
    return [f"{verdict.cases[0]} of {verdict.cases[1]} cases"] if verdict.cases and not verdict.passed else []


# What a spreadsheet takes for a formula: at the start of a cell, or, where cells end at a semicolon, behind one.
FORMULA = re.compile(r"(^|[;|])(?=['=+\-@\uff0b\uff0d\uff1d\uff20])")


def plain_cell(cell):
    """No formula: an apostrophe stands before what would begin one, and before an apostrophe that is there, so that
    whoever takes it away has the name as it was."""
    return FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell


def write_csv(name, header, rows):
    number, aside = tempfile.mkstemp(prefix=os.path.basename(name) + ".", suffix=".new",
                                     dir=os.path.dirname(os.path.abspath(name)))
    try:
        os.chmod(aside, 0o644)
        with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
        os.replace(aside, name)
    except BaseException:
        os.remove(aside)
        raise


def place_for(table, reports):
    """A place that cannot be written to is found before the work."""
    if os.path.isdir(table):
        raise Trouble(f"CSV is {table}, a folder (expected a file). Try: CSV={os.path.join(table, 'grades.csv')}", 2)
    with tempfile.TemporaryFile(dir=os.path.dirname(os.path.abspath(table))):
        pass
    if reports:
        os.makedirs(reports, exist_ok=True)


def chosen_jail(wished, trust):
    """The sandbox to use. Without one nobody's code is run, unless the lecturer trusts it."""
    if wished and wished not in jail.KINDS:
        raise Trouble(f"JAIL is {wished!r} (expected {', '.join(jail.KINDS)})", 2)
    kind = wished or jail.best()
    if kind != "none" and not jail.works(kind):
        raise Trouble(f"JAIL={kind} does not work here. Try: make grade ... without JAIL", 3)
    if kind == "none" and not trust:
        raise Trouble("nothing here can make a sandbox, so submissions would run as you, with your files and your "
                      "network. Try: install bubblewrap, or, for people you trust: make grade TRUST=1 ...", 3)
    if kind == "user":
        warn("JAIL=user: what was handed in runs as another user, who sees what else runs here"
             + ("" if fence.version() else ", can read what everybody can, and can fill /tmp"))
    if kind == "none":
        warn("no sandbox: disk, network and other processes are open to what was handed in; only time, memory and "
             "output are limited")
    return kind


def one_of(name, value, known):
    if value not in known:
        raise Trouble(f"{name} is {value!r} (expected {', '.join(known)})", 2)
    return value


@contextlib.contextmanager
def grading_of(stages_text, exercises_text, blank_text, kind, credit="", details="", reports="", keys=None):
    """A Grading. credit: `all` or none of an exercise's points, or by `cases`; details of what a student's report
    tells: `full`, of `visible` cases only, or `none`; reports: the folder for them; keys: the
    students' variants."""
    credit = one_of("CREDIT", credit or "all", CREDITS)
    details = one_of("DETAILS", details or "visible", report.DETAILS)
    stages = chosen_stages(stages_text)
    wanted = chosen_exercises(exercises(stages), exercises_text)
    room, bench = Room(kind), None
    try:
        bodies, bench = rebuilt(blank_text, stages, kind, credit == "cases")
        if not wanted + bodies:
            raise Trouble("nothing is graded: EXERCISES=none, and no BLANK", 2)
        yield Grading(wanted + bodies, room, credit, details, reports, keys)
    finally:
        room.close()
        if bench:
            bench.room.close()


def grade(folder, table, stages_text="", blank_text="", jail_kind="", trust=False, credit="", details="", reports="",
          exercises_text="", roster_name="", title="", variant=""):
    """roster_name: what Moodle or Canvas has exported, to be filled; variant: the file with the ids that handouts were
    made for; the rest: grading_of()."""
    if not folder or not table:
        raise Trouble("expected DIR and CSV. Try: make grade DIR=submissions CSV=grades.csv", 2)
    students, form = deliveries.submissions(folder), roster.opened(roster_name, title)
    place_for(table, reports)
    kind = chosen_jail(jail_kind, trust)
    if kind == "user" and not fence.version():
        for name in (ROOT, os.path.abspath(folder)):
            if jail.reachable(kind, name):
                warn(f"whoever is graded can read {name}. Try: chmod 700 {shlex.quote(name)}")
    print(f"{len(students)} submissions, sandbox: {kind}", flush=True)
    with contextlib.closing(variants.Keys(variant)) if variant else contextlib.nullcontext() as keys, \
            grading_of(stages_text, exercises_text, blank_text, kind, credit, details, reports, keys) as grading:
        rows = graded(grading, students)
        twins = similar.twins(grading.texts)
        for line in keys.shared() if keys else ():
            warn(printable(line))
    header = ["student", "total", "possible"]
    header += [cell for exercise in grading.wanted for cell in (exercise.id, f"{exercise.id} verdict")] + ["why"]
    write_csv(table, header, [[plain_cell(cell) for cell in row] for row, _ in rows])
    if form:
        filled = os.path.splitext(table)[0] + f".{form.kind}.csv"
        write_csv(filled, *form.filled([(*row[:3], plain_cell(told)) for row, told in rows]))
        print(f"filled for {form.kind.capitalize()}: {shown(os.path.abspath(filled))}")
    for exercise, names in twins:
        print(f"look at these together: {exercise.id} of {', '.join(student_name(name) for name in names)}")
    print(f"{len(rows)} submissions graded: {shown(os.path.abspath(table))}")


def graded(grading, students):
    """What Grading.row says of each, as many students at a time as there are processors, or AT_ONCE. Ctrl-C kills what
    runs, and nothing is written."""
    done, lock = [0], threading.Lock()

    def work(student):
        row, told = grading.row(student, students[student])
        with lock:
            done[0] += 1
            print(f"{done[0]}/{len(students)}  {student_name(student)}  {row[1]} of {row[2]}", flush=True)
        return row, told

    pool = ThreadPoolExecutor(max_workers=whole_number("AT_ONCE", max(2, os.cpu_count() or 2)))
    try:
        return list(pool.map(work, students))
    except BaseException:
        sandbox.STOPPED.set()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
