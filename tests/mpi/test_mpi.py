#!/usr/bin/env python3
"""Stage 15 on several ranks: the same bits as on one with as many workers, however they are told to stop.

    python3 tests/mpi/test_mpi.py [WORD...]     only the tests whose name holds one of the words

Builds build/mpi/15_training (make MPI=1) and starts it by mpirun, more ranks than processors, on this machine only. All
is skipped without Open MPI. Nothing is timed: a signal is sent once a run has written its first rows, whenever that is.
Python's standard library only.
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "hostile"))
from training_files import BUILD, FILES, ROOT, check, content  # noqa: E402 - found by the line above

ONE, MANY = os.path.join(BUILD, "15_training"), os.path.join(BUILD, "mpi", "15_training")
# mpirun refuses to work for root unless told twice; waiting ranks give way, as there are more than processors; -q: what
# mpirun itself thinks of an exit code stays out of stderr.
ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                   OPENBLAS_NUM_THREADS="1")
MPIRUN = ["mpirun", "-q", "--oversubscribe", "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1"]
SMALL = ["--layers", "1", "--width", "32", "--heads", "2", "--context", "16", "--batch", "6", "--evaluate", "10",
         "--sample", "20", "--terminal", "--data", os.path.join(ROOT, "data", "lamplighter.txt")]
PATIENCE = 300


def start(command, **more):
    return subprocess.Popen(command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, start_new_session=True, **more)


def ended(process):
    """(exit code, stdout, stderr); a run that hangs is killed, with all its ranks."""
    try:
        out, err = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        for pid in ranks_of(process).values():
            os.kill(pid, signal.SIGKILL)
        process.communicate()
        raise AssertionError(f"did not end within {PATIENCE} s: {process.args}") from None
    return process.returncode, out, err


def command(ranks, threads, out, *more, program=MANY):
    return [*MPIRUN, "-n", str(ranks), program, *SMALL, "--threads", str(threads), "--out", out, *map(str, more)]


def one(threads, out, *more):
    """As many workers as threads, in one process that knows no MPI."""
    done = ended(start([ONE, *SMALL, "--threads", str(threads), "--out", out, *map(str, more)]))
    check(done[0] == 0, done)
    return done


def many(ranks, threads, out, *more):
    done = ended(start(command(ranks, threads, out, *more)))
    check(done[0] == 0, done)
    return done


def refused(done, code, *words):
    check(done[0] == code, "exit", done[0], "expected", code, done[2])
    lines = [line for line in done[2].split("\n") if line and ": note: " not in line]
    check(len(lines) == 1 and lines[0].startswith("15_training: error: "), "expected one error line, got", done[2])
    check(all(word in lines[0] for word in words), words, "not in", lines[0])


def same(a, b):
    left, right = content(a), content(b)
    for name in FILES:
        check(left[name] == right[name], name, "differs between", a, "and", b)


# ---- the same bits ----------------------------------------------------------------------------------------------

def two_ranks_are_two_threads(folder):
    """400,000 parameters travel in seven stretches, the last one shorter."""
    more = ["--steps", 30, "--layers", 2, "--width", 128, "--dropout", "0.1"]
    told = one(2, folder + "/one", *more)[1]
    check(many(2, 1, folder + "/many", *more)[1] == told, "the first rank, and only it, should print what one prints")
    same(folder + "/one", folder + "/many")
    one(1, folder + "/other", *more)
    check(content(folder + "/other")["model.safetensors"] != content(folder + "/one")["model.safetensors"],
          "one worker gives the bits of two: this test could not fail")


def four_workers_in_three_ways(folder):
    one(4, folder + "/one", "--steps", 20)
    for ranks, threads in ((2, 2), (4, 1)):
        many(ranks, threads, f"{folder}/{ranks}", "--steps", 20)
        same(folder + "/one", f"{folder}/{ranks}")


def more_workers_than_sequences(folder):
    """Six sequences make six workers of 3 x 4, two on each rank; then one sequence on each of six ranks."""
    one(6, folder + "/one", "--steps", 20)
    for ranks, threads in ((3, 4), (6, 1)):
        many(ranks, threads, f"{folder}/{ranks}", "--steps", 20)
        same(folder + "/one", f"{folder}/{ranks}")


def every_rank_knows_the_loss(folder):
    """Of one step, over all shares: what the progress line shows, and what decides whether to go on."""
    del folder
    cost, told = os.path.join(BUILD, "mpi", "tests", "cost"), []
    for ranks, threads in ((1, 3), (3, 1)):
        code, out, err = ended(start([*MPIRUN, "-n", str(ranks), cost, "--threads", str(threads), "--time", "1"]))
        check(code == 0 and " loss " in out, code, out, err)
        told.append(float(out.split(" loss ")[1]))
    check(told[0] == told[1] and 4 < told[0] < 5, told)


def masked_and_compared(folder):
    more = ["--steps", 20, "--objective", "masked"]
    one(3, folder + "/one", *more)
    many(3, 1, folder + "/many", *more)
    same(folder + "/one", folder + "/many")
    more = ["--steps", 10, "--compare", "scale", "--seeds", 2]
    check(one(2, folder + "/a", *more)[1] == many(2, 1, folder + "/b", *more)[1], "--compare prints something else")


# ---- stopping and going on ----------------------------------------------------------------------------------------

def going_on_with_other_ranks(folder):
    one(4, folder + "/whole", "--steps", 40)
    runs = [(2, 2, 10), (4, 1, 20), (1, 4, 30), (2, 2, 40)]
    for ranks, threads, steps in runs:
        many(ranks, threads, folder + "/parts", "--steps", steps, "--resume")
    kept, whole = content(folder + "/parts"), content(folder + "/whole")
    for name in FILES:
        check(kept[name] == whole[name], name, "differs from the run that never stopped")
    code, _, err = many(2, 2, folder + "/parts", "--steps", 40, "--resume")
    check(code == 0 and err.count("going on from step 40") == 1, err)


def only_the_first_needs_a_disk(folder):
    """The other rank's --out cannot even be made; it still goes on from the checkpoint, which the first one reads."""
    one(2, folder + "/whole", "--steps", 40)
    for steps in ("20", "40"):
        common = [MANY, *SMALL, "--threads", "1", "--steps", steps, "--resume", "--out"]
        done = ended(start([*MPIRUN, "-n", "1", *common, folder + "/out", ":", "-n", "1", *common, "/dev/null/out"]))
        check(done[0] == 0, done)
    same(folder + "/whole", folder + "/out")


def ranks_of(process):
    """{rank: process id} of what mpirun has started here; each knows its rank from its environment."""
    found = {}
    with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as file:
        for pid in map(int, file.read().split()):
            with open(f"/proc/{pid}/environ", "rb") as variables:
                for variable in variables.read().split(b"\0"):
                    if variable.startswith(b"OMPI_COMM_WORLD_RANK="):
                        found[int(variable.split(b"=")[1])] = pid
    return found


def running(out):
    """A run of two ranks that would take for ever, once it has written its second evaluation."""
    process = start(command(2, 1, out, "--steps", 100000000))
    losses = os.path.join(out, "loss.tsv")
    while process.poll() is None:
        if os.path.exists(losses) and os.path.exists(os.path.join(out, "model.safetensors")):
            with open(losses, encoding="ascii") as file:
                if file.read().count("\n") >= 3:
                    return process
        time.sleep(0.05)
    raise AssertionError(f"ended by itself: {process.communicate()}")


def as_if_never_stopped(folder, out):
    """Goes on for some steps, on one rank; then a run without any stop must have left the same."""
    done = one(2, out, "--steps", 0, "--resume")           # nothing to do: says where it stands
    steps = int(done[2].split("going on from step ")[1].split()[0]) + 15
    one(2, out, "--steps", steps, "--resume")
    one(2, folder + "/whole", "--steps", steps)
    check(content(out)["model.safetensors"] == content(folder + "/whole")["model.safetensors"],
          "other parameters than those of the run that never stopped")
    shutil.rmtree(folder + "/whole")


def a_signal_to_any_rank_stops_all(folder):
    for number, rank in ((signal.SIGTERM, 0), (signal.SIGINT, 1)):
        process = running(f"{folder}/{rank}")
        os.kill(ranks_of(process)[rank], number)
        code, _, err = ended(process)
        check(code == 128 + number, "exit", code, err)
        check(err.count("stopped at step") == 1 and "saved in" in err, err)
        as_if_never_stopped(folder, f"{folder}/{rank}")


def a_signal_to_mpirun_saves_too(folder):
    """mpirun passes it on as SIGTERM, whatever it was, and itself ends with 1."""
    process = running(folder + "/out")
    os.kill(process.pid, signal.SIGINT)
    code, _, err = ended(process)
    check(code != 0 and err.count("stopped at step") == 1, code, err)
    as_if_never_stopped(folder, folder + "/out")


def a_rank_that_dies_ends_all(folder):
    for rank in (0, 1):
        process = running(f"{folder}/{rank}")
        os.kill(ranks_of(process)[rank], signal.SIGKILL)
        check(ended(process)[0] not in (0, None), "the others went on")
        as_if_never_stopped(folder, f"{folder}/{rank}")


# ---- what is wrong is said once -----------------------------------------------------------------------------------

def mistakes_of_all_ranks(folder):
    out = folder + "/out"
    cases = [(2, 2, ["--heads", "3"], ["--heads 3"]), (2, 1, ["--data", "/nowhere"], ["/nowhere"]),
             (7, 2, [], ["--batch 6 on 7 ranks", "mpirun -n 6"]), (2, 2, ["--no-such"], ["--no-such"]),
             (2, 1, ["--lr", "10", "--clip", "0", "--decay", "10", "--steps", "500"], ["step ", "finite"])]
    code_of = {"/nowhere": 3, "step ": 1}
    for ranks, code, more, words in cases:
        refused(ended(start(command(ranks, 1, out, *more))), code_of.get(words[0], code), *words)
    more = ["--lr", "10", "--clip", "0", "--decay", "10", "--steps", "500", "--threads", "2", "--out", folder + "/one"]
    told = ended(start([ONE, *SMALL, *more]))[2]
    said = ended(start(command(2, 1, folder + "/two", *more[:-4])))[2]
    check(said == told, "the step, loss or norm is not what one says:", told)
    with open(out + "/training.safetensors", "r+b") as file:
        file.truncate(1000)
    refused(ended(start(command(2, 1, out, "--resume"))), 1, "training.safetensors")


def mistakes_of_one_rank(folder):
    """A rank above 0 waits, for the first may be about to say the same; then it gives its number. A disk that only the
    first one writes to is said by the first."""
    first, second = [MANY, *SMALL, "--threads", "1", "--out", folder], [MANY, *SMALL, "--out", folder]
    both = [*MPIRUN, "-n", "1", *first, ":", "-n", "1", *second]
    refused(ended(start([*both, "--threads", "1", "--data", "/nowhere"])), 3, "rank 1: ", "/nowhere")
    refused(ended(start([*both, "--threads", "2"])), 1, "different texts, sizes or numbers of threads")
    refused(ended(start([*both, "--threads", "1", "--seed", "5"])), 1, "different parameters")
    refused(ended(start(command(2, 1, "/dev/null/out"))), 3, "/dev/null")


def a_build_without_mpi_says_so(folder):
    refused(ended(start(command(2, 1, folder + "/out", program=ONE))), 2, "built without MPI", "make MPI=1")
    check(not os.path.exists(folder + "/out"), "it began to work")


def help_is_printed_once(folder):
    del folder
    code, out, err = ended(start([*MPIRUN, "-n", "2", MANY, "--help"]))
    check(code == 0 and out.count("usage: 15_training") == 1 and not err, code, out, err)


def main():
    wanted, counts = sys.argv[1:], {"ok": 0, "FAIL": 0, "skip": 0}
    every = [two_ranks_are_two_threads, four_workers_in_three_ways, more_workers_than_sequences,
             every_rank_knows_the_loss, masked_and_compared, going_on_with_other_ranks, only_the_first_needs_a_disk,
             a_signal_to_any_rank_stops_all, a_signal_to_mpirun_saves_too, a_rank_that_dies_ends_all,
             mistakes_of_all_ranks, mistakes_of_one_rank, a_build_without_mpi_says_so, help_is_printed_once]
    missing = [tool for tool in ("mpirun", "mpicc") if not shutil.which(tool)]
    if not missing:
        make, built = [os.environ.get("MAKE", "make"), "-s", "QUIET=1"], os.path.relpath(BUILD, ROOT)
        subprocess.run([*make, f"BUILD={built}", f"{built}/15_training"], cwd=ROOT, check=True)
        subprocess.run([*make, "MPI=1", f"BUILD={built}/mpi", f"{built}/mpi/15_training", f"{built}/mpi/tests/cost"],
                       cwd=ROOT, check=True)
    for test in [t for t in every if not wanted or any(word in t.__name__ for word in wanted)]:
        folder, words, state = tempfile.mkdtemp(prefix="headlight-mpi-"), "", "ok"
        try:
            if missing:
                state, words = "skip", ": no " + ", no ".join(missing)
            else:
                test(folder)
        except Exception as problem:                                        # a test that breaks off is a failed one
            known = isinstance(problem, AssertionError)
            state, words = "FAIL", f": {problem if known else traceback.format_exc()}"
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        counts[state] += 1
        print(f"{state:4} {test.__name__}{words}", flush=True)
    print(f"{counts['ok']} passed, {counts['FAIL']} failed, {counts['skip']} skipped")
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
