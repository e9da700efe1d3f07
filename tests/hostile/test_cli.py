#!/usr/bin/env python3
"""The program of stage 17 from the outside: bad input of every kind, and what other people's scripts rely on.

    python3 tests/hostile/test_cli.py [WORD...]      only the tests whose module or name holds one of the words
    PROGRAM=build/asan/17_bert HEADLIGHT_SLACK=20 python3 tests/hostile/test_cli.py

One module a subject; program.py says how a run is judged. Python's standard library only.
"""
import importlib
import sys

import program

MODULES = ("command_line", "texts", "configs", "weights", "headers", "nonfinite", "vocabularies", "answers", "masks",
           "surroundings", "pictures")


if __name__ == "__main__":
    for module in MODULES:
        importlib.import_module(module)
    sys.exit(program.main())
