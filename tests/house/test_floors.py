#!/usr/bin/env python3
"""The floors of common/: a file includes only from its own floor and the floors before it, never from stages or tests;
a stage includes from common/ and from its own folder. A floor has at most one room beside its own, fast/, which belongs
to it; its headers of inlined code stay inside, because only there they mean what the room's flags make of them. Reads
the include lines of every C file."""
import os
import re

import house

FLOORS = ["base", "text", "math", "attention", "weights", "model", "show", "view"]
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]*)"', re.M)


def complain(root=house.ROOT):
    complaints = []
    for path in house.own_files(root):
        room = path.split(os.sep)
        if room[0] not in ("common", "stages") or not path.endswith((".c", ".h")):
            continue
        if room[0] == "common" and (len(room) < 3 or room[1] not in FLOORS):
            complaints.append(f"{path}: not on a floor (expected common/ and one of {', '.join(FLOORS)})")
            continue
        if room[:3] == ["common", "show", "page"]:
            room = ["common", FLOORS[-1], room[-1]]   # a program inside the page: it stands on all floors
        if room[0] == "common" and room[2:-1] not in ([], ["fast"]):
            complaints.append(f"{path}: a floor has no other room than fast/, and show/ its page/")
            continue
        if room[0] == "common" and room[2:-1] and not says_its_twin(path, root):
            complaints.append(f"{path}: the head of a file in fast/ says what it must equal (expected 'Equal to: ...')")
        for included in INCLUDE.findall(house.read(path, root) or ""):
            problem = judge(room, included.split("/"))
            if not problem and inlined(included, root) and room[2:-1] != ["fast"]:
                problem = "its code is inlined, and compiled for this processor in fast/ only (expected one with a .c)"
            if problem:
                complaints.append(f"{path}: includes {included}: {problem}")
    return complaints


def says_its_twin(path, root):
    """Whether the head of a header says it; a .c file leaves that to its header."""
    if path.endswith(".c") and os.path.exists(os.path.join(root, path[:-1] + "h")):
        return True
    return "Equal to: " in " ".join((house.read(path, root) or "").split("*/")[0].replace(" * ", " ").split())


def inlined(included, root):
    header = os.path.join(root, "common", *included.split("/"))
    return "/fast/" in included and os.path.exists(header) and not os.path.exists(header[:-1] + "c")


def judge(room, included):
    """What is wrong with an include from a file at `room`, or None. Both are paths cut at the slashes."""
    if ".." in included:
        return "an include is written from common/, or is a file of the same stage"
    if room[0] == "stages":
        own = len(included) == 1
        return None if own or included[0] in FLOORS else "a stage includes only from common/ and its own folder"
    if included[0] not in FLOORS:
        return "common/ includes only from common/, written from there"
    if FLOORS.index(included[0]) > FLOORS.index(room[1]):
        return f"{room[1]} may not know {included[0]}, which stands on it"
    return None


def circles(root=house.ROOT):
    """Modules (x.h and x.c together) that include one another in a circle: none can be read first."""
    needs = {}
    for path in house.own_files(root):
        room = path.split(os.sep)
        if room[0] == "common" and path.endswith((".c", ".h")):
            named = INCLUDE.findall(house.read(path, root) or "")
            needs.setdefault("/".join(room[1:])[:-2], set()).update(included[:-2] for included in named)
    complaints, left = [], {name: set(after) - {name} for name, after in needs.items()}
    while any(not after & set(left) for after in left.values()):
        left = {name: after for name, after in left.items() if after & set(left)}
    if left:
        complaints.append(f"common/: these include one another in a circle, or stand on it: {sorted(left)}")
    return complaints


def the_floors_hold():
    house.expect_none(complain())


def files_are_found():
    found = [path for path in house.own_files() if path.startswith("common" + os.sep)]
    assert len(found) > 20, f"only {len(found)} files in common/: is the list of files right?"


def a_floor_that_reaches_up_is_found():
    red = house.expect_red
    red(complain, {"common/base/a.c": '#include "text/utf8.h"\n'}, "common/base/a.c", "text/utf8.h")
    red(complain, {"common/math/a.h": '  #  include "attention/mask.h"\n'}, "math may not know attention")
    red(complain, {"common/model/a.c": '#include "base/x.h"\n#include "show/x.h"\n'}, "model may not know show")


def there_is_no_circle():
    house.expect_none(circles())


def a_circle_is_found():
    house.expect_red(circles, {"common/base/a.c": '#include "base/b.h"\n', "common/base/b.c": '#include "base/a.h"\n',
                               "common/base/b.h": ""}, "base/a", "base/b")
    house.expect_red(circles, {"common/math/fast/a.h": '#include "math/b.h"\n', "common/math/b.c":
                               '#include "math/fast/a.h"\n', "common/math/b.h": ""}, "math/b", "math/fast/a")


def common_that_knows_stages_or_tests_is_found():
    red = house.expect_red
    red(complain, {"common/show/a.c": '#include "tests/unit/fixture.h"\n'}, "only from common/")
    red(complain, {"common/show/a.c": '#include "../../stages/17_bert/tool.h"\n'}, "written from common/")
    red(complain, {"common/show/a.c": '#include "figure.h"\n'}, "only from common/")
    red(complain, {"common/extra/a.c": ""}, "not on a floor")
    red(complain, {"common/math/slow/a.c": ""}, "no other room")


def a_fast_room_belongs_to_its_floor():
    red, head = house.expect_red, "/* a - loops. Equal to: mat_mul. */\n"
    red(complain, {"common/math/fast/a.h": head + '#include "attention/mask.h"\n'}, "math may not know attention")
    red(complain, {"common/math/fast/a.h": head + '#include "lanes.h"\n'}, "written from there")
    red(complain, {"common/math/fast/a.h": head, "stages/13_efficient/main.c": '#include "math/fast/a.h"\n'}, "inlined")
    red(complain, {"common/math/fast/a.h": head, "common/math/b.c": '#include "math/fast/a.h"\n'}, "inlined")
    red(complain, {"common/text/fast/a.h": "/* a - loops. */\n"}, "common/text/fast/a.h", "must equal")
    red(complain, {"common/text/fast/a.c": "int a;\n"}, "common/text/fast/a.c", "must equal")


def a_stage_that_borrows_from_another_is_found():
    red = house.expect_red
    red(complain, {"stages/10_masks/main.c": '#include "../09_queries/told.h"\n'}, "same stage")
    red(complain, {"stages/10_masks/main.c": '#include "09_queries/told.h"\n'}, "own folder")


def what_is_allowed_is_not_found():
    with house.made_up({"common/model/bert.c": '#include "model/bert.h"\n#include "base/error.h"\n#include <math.h>\n',
                        "common/math/fast/a.h": '/* a - loops. Equal\n * to: b. */\n#include "math/mat.h"\n',
                        "common/math/fast/a.c": '#include "math/fast/a.h"\n',
                        "stages/10_masks/main.c": '#include "tool.h"\n#include "show/figure.h"\n',
                        "tests/unit/test_a.c": '#include "../../anything.h"\n'}) as folder:
        house.expect_none(complain(folder))


if __name__ == "__main__":
    house.main([the_floors_hold, files_are_found, there_is_no_circle, a_circle_is_found,
                a_floor_that_reaches_up_is_found,
                common_that_knows_stages_or_tests_is_found, a_fast_room_belongs_to_its_floor,
                a_stage_that_borrows_from_another_is_found, what_is_allowed_is_not_found])
