#!/usr/bin/env python3
"""tests/run.py and the Makefile judge everything else, so they are judged here: a runner that cannot see a crash, a
hang or a test program that runs nothing would make every other test worthless."""
import importlib.util
import os
import shutil
import subprocess
import tempfile

import house

spec = importlib.util.spec_from_file_location("runner", os.path.join(house.ROOT, "tests", "run.py"))
runner = importlib.util.module_from_spec(spec)
spec.loader.exec_module(runner)

RAN = """echo '[==========] Running 3 test(s).'
echo '[ RUN      ] one'; echo '[       OK ] one'
echo '[ RUN      ] two'; {two}
echo '[ RUN      ] three'; {three}
echo '[==========] 3 test(s) run.'
{end}
"""
FAILED = "echo '[  ERROR   ] --- 0x1 != 0x2' >&2; echo '[  FAILED  ] {0}' >&2"
SKIPPED = "echo '[  SKIPPED ] {0}'"
OK = "echo '[       OK ] {0}'"


def outcome(kind, text, seconds=60):
    """(passed, failed names, skipped names) of a made-up program."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program.sh")
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + text)
        os.chmod(path, 0o755)
        result = kind("name", path, seconds)
        return result.passed, result.failed, result.skipped


def cmocka_is_counted():
    all_well = RAN.format(two=OK.format("two"), three=OK.format("three"), end="exit 0")
    assert outcome(runner.cmocka, all_well) == (3, [], [])
    mixed = RAN.format(two=FAILED.format("two"), three=SKIPPED.format("three"), end="""
        echo '[  SKIPPED ] 1 test(s), listed below:'; echo '[  SKIPPED ] three'
        echo '[  FAILED  ] 1 test(s), listed below:' >&2; echo '[  FAILED  ] two' >&2; exit 1""")
    assert outcome(runner.cmocka, mixed) == (1, ["two"], ["three"])


def a_crash_is_one_failed_test():
    crash = RAN.format(two="kill -ABRT $$", three="", end="")
    passed, failed, skipped = outcome(runner.cmocka, crash)
    assert (passed, len(failed), skipped) == (1, 1, []) and "SIGABRT" in failed[0] and "in two" in failed[0], failed
    late = RAN.format(two=OK.format("two"), three=OK.format("three"), end="exit 23")      # as a leak found at the end
    passed, failed, _ = outcome(runner.cmocka, late)
    assert passed == 3 and len(failed) == 1 and "exit code 23" in failed[0], failed
    silent = RAN.format(two=OK.format("two"), three="exit 0", end="")
    assert len(outcome(runner.cmocka, silent)[1]) == 1, "a program that stops half-way with exit 0 passed"


def a_hang_is_one_failed_test():
    passed, failed, _ = outcome(runner.cmocka, "sleep 60 & sleep 60", seconds=0.2)
    assert passed == 0 and len(failed) == 1 and "did not end" in failed[0], failed


def no_test_is_no_success():
    assert len(outcome(runner.cmocka, "exit 0")[1]) == 1
    assert runner.cmocka("name", "build/tests/no_such_program", 1).failed == ["did not build"]
    assert len(runner.replay("name", "/bin/true", "tests/no/such/corpus", 1).failed) == 1, "an empty corpus passed"


def scripts_are_counted():
    mixed = "echo 'ok a'; echo 'FAIL b: why'; echo 'skip c'\necho '1 passed, 1 failed, 1 skipped'; exit 1"
    assert outcome(runner.script, mixed) == (1, ["b: why"], ["c"])
    assert outcome(runner.script, "echo '2 passed, 0 failed, 0 skipped'") == (2, [], [])
    assert outcome(runner.script, "echo '2 passed, 0 failed, 0 skipped'; exit 3")[1] == ["ended with exit code 3"]
    assert outcome(runner.script, "exit 0") == (1, [], []) and len(outcome(runner.script, "exit 1")[1]) == 1
    assert len(outcome(runner.script, "echo '0 passed, 2 failed, 0 skipped'; exit 1")[1]) == 2


def the_last_line_and_the_exit_code_tell():
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(root + "/tests/some")
        shutil.copy(os.path.join(house.ROOT, "tests", "run.py"), root + "/tests/run.py")
        with open(root + "/Makefile", "w", encoding="utf-8") as makefile:
            makefile.write("programs: ;\n")
        for body, code, last in (("exit 0", 0, "3 passed, 0 failed, 0 skipped"),
                                 ("exit 1", 1, "2 passed, 1 failed, 0 skipped")):
            with open(root + "/tests/some/test_a.sh", "w", encoding="utf-8") as file:
                file.write(body + "\n")
            result = subprocess.run(["python3", "tests/run.py"], cwd=root, capture_output=True, text=True,
                                    env={k: v for k, v in os.environ.items() if k not in ("CI", "BUILD")})
            assert result.returncode == code and result.stdout.rstrip().split("\n")[-1] == last, result.stdout
        with open(root + "/Makefile", "w", encoding="utf-8") as makefile:
            makefile.write("programs: ; @echo broken; false\n")
        result = subprocess.run(["python3", "tests/run.py"], cwd=root, capture_output=True, text=True)
        assert result.returncode == 1 and "failed: build: not everything builds" in result.stdout, result.stdout


def options_run_nothing():
    for option, code in (("--help", 0), ("-h", 0), ("--all", 2)):
        result = subprocess.run(["python3", "tests/run.py", option], cwd=house.ROOT, capture_output=True, text=True,
                                timeout=60)
        assert result.returncode == code and "building" not in result.stdout, (option, result)


def other_flags_compile_again():
    with tempfile.TemporaryDirectory() as folder:
        target = folder + "/common/base/rng.o"
        inherited = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "CFLAGS", "CC")
        environment = {k: v for k, v in os.environ.items() if k not in inherited}

        def make(*settings):
            subprocess.run(["make", "-s", f"BUILD={folder}", *settings, target], cwd=house.ROOT, env=environment,
                           check=True, capture_output=True)
            return os.stat(target).st_mtime_ns

        first = make()
        assert make() == first, "it compiles again what has not changed"
        assert make("CFLAGS=-O0") > first, "objects of different flags mix"


if __name__ == "__main__":
    house.main([cmocka_is_counted, a_crash_is_one_failed_test, a_hang_is_one_failed_test, no_test_is_no_success,
                scripts_are_counted, the_last_line_and_the_exit_code_tell, options_run_nothing,
                other_flags_compile_again])
