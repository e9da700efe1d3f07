#!/usr/bin/env python3
"""The judge of judges: do mutate.py and mutants.py try what they should, and is the list of taught functions whole? A
slice of `make mutants` runs here; all of it is long."""
import os
import re
import subprocess
import tempfile
from glob import glob

import house
import mutants
import mutate


def test_the_changes_of_a_line():
    text = "static int sum(Mat m, int n) {\n    return m.at[i][j] * scale + (int)-x < n ? 0 : n; /* i < j */\n}\n"
    line = "return m.at[i][j] * scale + (int)-x < n ? 0 : n; /* i < j */"
    got = {fault.now for fault in mutate.changes(text, "sum") if not fault.emptied}
    wanted = {line.replace(*pair) for pair in (
        ("[i][j]", "[j][i]"), ("* scale", "/ scale"), (" * scale", " "), ("+ (int)", "- (int)"), (")-x", ")+x"),
        ("x < n", "x <= n"), ("? 0", "? 1"))}
    assert got == wanted, f"got {sorted(got - wanted)}, missing {sorted(wanted - got)}"


def test_what_changes_nothing_is_not_tried():
    text = "int f(int a, int b) {\n    assert(a >= 0 && b >= 0);\n    return smaller(a, b);\n}\n" \
           "int g(int a) {\n    return a > b ? a : b;\n}\n" \
           "int h(int a) {\n    if (a->n != b->n) return a->n > b->n;\n}\n"
    assert [f.emptied for f in mutate.changes(text, "f")] == [True] and len(mutate.changes(text, "g")) == 1
    assert [f.now for f in mutate.changes(text, "h")] == ["", "if (a->n == b->n) return a->n > b->n;"]


def test_one_program_holds_all_faults():
    text = "static int twice(int n) {\n    return n + n;\n}\nint main(void) {\n    return twice(5);\n}\n"
    faults = dict(enumerate(mutate.changes(text, "twice"), 1))
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "twice")
        with open(name + ".c", "w", encoding="utf-8") as file:
            file.write(mutate.forked(text, faults))
        subprocess.run([*(os.environ.get("CC") or "cc").split(), "-w", name + ".c", "-o", name], check=True)
        codes = [subprocess.run([name], env={"MUTANT": str(number)}, check=False).returncode for number in range(3)]
    assert [fault.emptied for fault in faults.values()] == [True, False] and codes == [10, 0, 0], codes


def test_the_list_is_whole():
    """Whatever a stage tells stands in it; what stands in it is there, and so are its tests."""
    listed, complaints = mutants.taught(), []
    for name in sorted(glob(os.path.join(house.ROOT, "stages", "*", "*.c"))):
        name = os.path.relpath(name, house.ROOT)
        told = re.findall(r"^static [^\n;={}]*?\b(\w+_told)\s*\([^;{}=]*?\)\s*\{", house.read(name), re.M)
        complaints += [f"{name}: {one}() is told and stands not in {mutants.TAUGHT}" for one in told
                       if not any(row.function == one and row.file == name for row in listed)]
    for row in listed:
        if not mutate.changes(house.read(row.file), row.function):
            complaints.append(f"{mutants.TAUGHT}: no {row.function}() in {row.file}")
        for test in (test.split()[0] for test in row.tests):
            if not os.path.exists(os.path.join(house.ROOT, "tests", "golden", test)) and \
                    not os.path.exists(os.path.join(house.ROOT, "tests", "unit", f"test_{test}.c")):
                complaints.append(f"{mutants.TAUGHT}: no test {test}")
    house.expect_none(complaints)


def test_a_reason_stands_beside_a_change_that_is_there():
    tried = {(row.file, fault.function, fault.was, fault.now) for row in mutants.taught()
             for fault in mutate.changes(house.read(row.file), row.function)}
    house.expect_none([f"{mutants.EQUAL}: no such change: {change}" for change in sorted(mutants.equal() - tried)])


def slice_of(test, *names):
    """Functions of positions.c before this judge."""
    rows = [mutants.Taught("07_positions", name, "common/attention/positions.c", test) for name in names]
    os.environ["ASAN_OPTIONS"] = mutants.SANITIZER
    try:
        return mutants.try_file(rows[0].file, rows, mutants.equal())["07_positions"]
    except mutants.Missing as problem:
        raise house.Skip(str(problem)) from problem


def test_a_slice_is_noticed():
    count = slice_of("positions", "alibi_slope", "rope_rotate")
    assert count.enough() and count.emptied == [2, 2] and count.changed[1] > 20, count.cells()


def test_a_survivor_is_named():
    count = slice_of("ids", "alibi_slope")                  # a test that knows nothing of positions
    assert not count.enough() and count.emptied == [0, 1], count.cells()
    assert [fault.emptied for fault in count.survivors].count(True) == 1 < len(count.survivors)


def test_pictures_are_not_drawn():
    """Were a program not content with what stands for gnuplot, no stage would be green without a change."""
    path = os.environ["PATH"]
    with tempfile.TemporaryDirectory() as folder:
        try:
            mutants.draw_nothing(folder)
            done = mutants.quiet(["build/08_dot_product", "--format", "png,svg,pdf", "--out", folder])
        finally:
            os.environ["PATH"] = path
        assert done.returncode == 0, done.stderr
        sizes = [os.path.getsize(os.path.join(folder, f"weights.{ending}")) for ending in ("png", "svg", "pdf")]
        assert sizes == [8, 6, 5], sizes


if __name__ == "__main__":
    house.main([test_the_changes_of_a_line, test_what_changes_nothing_is_not_tried, test_one_program_holds_all_faults,
                test_the_list_is_whole, test_a_reason_stands_beside_a_change_that_is_there, test_a_slice_is_noticed,
                test_a_survivor_is_named, test_pictures_are_not_drawn])
