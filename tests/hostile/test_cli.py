#!/usr/bin/env python3
"""The program of stage 17 from the outside: bad input of every kind, and what other people's scripts rely on.

    python3 tests/hostile/test_cli.py [WORD...]      only the tests whose module or name holds one of the words
    PROGRAM=build/asan/17_bert HEADLIGHT_SLACK=20 python3 tests/hostile/test_cli.py

One module a subject; program.py says how a run is judged. Python's standard library only.
"""
import importlib
import os
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor

import program

MODULES = ("command_line", "texts", "configs", "weights", "headers", "nonfinite", "vocabularies", "answers", "masks",
           "surroundings", "pictures")


def attempt(item):
    try:
        item[1]()
        return "ok", ""
    except program.Skip as reason:
        return "skip", str(reason)
    except AssertionError as problem:
        return "FAIL", str(problem) or traceback.format_exc()
    except Exception:
        return "FAIL", traceback.format_exc()


def main(modules=MODULES):
    if not os.access(program.PROGRAM, os.X_OK):
        sys.exit(f"{program.PROGRAM} is not there. Try: make build/{program.NAME}")
    for module in modules:
        importlib.import_module(module)
    wanted = [item for item in program.TESTS if not sys.argv[1:] or any(word in item[0] for word in sys.argv[1:])]
    counts = {"ok": 0, "FAIL": 0, "skip": 0}
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        for (name, _), (state, words) in zip(wanted, pool.map(attempt, wanted)):
            counts[state] += 1
            print(f"{state:4} {name}{': ' + words if words else ''}", flush=True)
    print(f"{counts['ok']} passed, {counts['FAIL']} failed, {counts['skip']} skipped")
    return 1 if counts["FAIL"] or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
