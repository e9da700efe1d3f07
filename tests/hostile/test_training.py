#!/usr/bin/env python3
"""The program of stage 15 from the outside: killed at any moment, told to stop, given bad input.

    python3 tests/hostile/test_training.py [WORD...]     only the tests whose name holds one of the words
    PROGRAM=build/asan/15_training python3 tests/hostile/test_training.py

Nothing is timed: a run is killed after a random while, and whenever that is, the resumed run must end as the run that
never stopped. Python's standard library only.
"""
import json
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import time

from training_files import BUILD, FILES, ROOT, check, content, main

PROGRAM = os.path.abspath(os.environ.get("PROGRAM", os.path.join(BUILD, "15_training")))
SAMPLING = os.path.join(os.path.dirname(PROGRAM), "16_sampling")
SMALL = ["--layers", "1", "--width", "16", "--heads", "2", "--context", "16", "--batch", "4", "--evaluate", "10",
         "--sample", "0", "--threads", "2", "--terminal", "--data", os.path.join(ROOT, "data", "lamplighter.txt")]


def command(out, *more):
    return [PROGRAM, *SMALL, "--out", out, *more]


def run(out, *more):
    return subprocess.run(command(out, *more), capture_output=True, text=True, errors="replace", timeout=600,
                          check=False)


def refused(done, code, *words):
    check(done.returncode == code, "exit", done.returncode, "expected", code, done.stderr)
    lines = [line for line in done.stderr.split("\n") if ": error: " in line]
    check(len(lines) == 1 and all(word in lines[0] for word in words), words, "not in", done.stderr)
    check("Sanitizer" not in done.stderr, done.stderr)


def whole_run(folder, steps="200"):
    out = os.path.join(folder, "whole")
    done = run(out, "--steps", steps)
    check(done.returncode == 0, done.stderr)
    return content(out)


def killed_at_any_moment(folder):
    expected, out, rng = whole_run(folder), os.path.join(folder, "killed"), random.Random(5)
    for _ in range(15):
        process = subprocess.Popen(command(out, "--steps", "200", "--resume"), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.01, 0.4))
        process.kill()
        process.wait()
    done = run(out, "--steps", "200", "--resume")
    check(done.returncode == 0, done.stderr)
    got = content(out)
    for name in FILES:
        check(got[name] == expected[name], name, "differs from the run that never stopped")


def stopped_by_a_signal(folder):
    expected = whole_run(folder, "1500")
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        out = os.path.join(folder, str(code))
        process = subprocess.Popen(command(out, "--steps", "1500"), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        while not os.path.exists(os.path.join(out, "model.safetensors")):
            time.sleep(0.005)
        time.sleep(0.05)
        process.send_signal(number)
        said = process.communicate()[1]
        check(process.returncode in (code, 0), "exit", process.returncode, "expected", code, said)  # 0: it was done
        done = run(out, "--steps", "1500", "--resume")
        check(done.returncode == 0, done.stderr)
        got = content(out)
        check(got["loss.tsv"] == expected["loss.tsv"] and got["model.safetensors"] == expected["model.safetensors"],
              "after signal", number, "the resumed run differs")


def a_signal_leaves_all_or_nothing(folder):
    """However early it comes: once the folder is there a checkpoint follows. A long text makes the first look slow."""
    with open(os.path.join(ROOT, "data", "lamplighter.txt"), encoding="utf-8") as file:
        text = os.path.join(folder, "long.txt")
        with open(text, "w", encoding="utf-8") as long:
            long.write(file.read() * 20)
    moments, saved = ["", "loss.tsv", "vocab.json", "training.safetensors", "model.safetensors", None], 0
    for i, moment in enumerate(moments * 2):
        number, out = (signal.SIGINT, signal.SIGTERM)[i % 2], os.path.join(folder, str(i))
        process = subprocess.Popen(command(out, "--steps", "100000", "--data", text, "--resume"),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        while moment is not None and not os.path.exists(os.path.join(out, moment)):
            time.sleep(0.001)
        if moment is None:
            time.sleep(random.Random(i).uniform(0, 0.2))
        process.send_signal(number)
        said = process.communicate()[1]
        if moment is None and not os.path.isdir(out):
            check(process.returncode in (128 + number, -number), process.returncode, said)
            continue
        saved += 1
        check(process.returncode == 128 + number and said.count("stopped at step") == 1, moment, number,
              process.returncode, said)
        check(sorted(os.listdir(out)) == sorted(FILES), moment, os.listdir(out))
        check(content(out)["loss.tsv"].count(b"\n") >= 2, moment, "no row")
    check(saved >= 10, saved)


def torn_rows_and_later_ones_are_dropped(folder):
    expected, out = whole_run(folder), os.path.join(folder, "torn")
    check(run(out, "--steps", "100").returncode == 0)
    with open(os.path.join(out, "loss.tsv"), "a", encoding="utf-8") as file:
        file.write("110\t1.0\t1.0\n120\t2.")
    check(run(out, "--steps", "200", "--resume").returncode == 0)
    check(content(out)["loss.tsv"] == expected["loss.tsv"], "loss.tsv is not as it should be")
    again = run(out, "--steps", "200", "--resume")
    check(again.returncode == 0 and content(out)["loss.tsv"] == expected["loss.tsv"], "resuming a finished run")


def zero_steps_save_the_untrained_model(folder):
    out = os.path.join(folder, "zero")
    done = run(out, "--steps", "0")
    check(done.returncode == 0 and not done.stderr, "nothing was there to be replaced:", done.stderr)
    again, resumed = run(out, "--steps", "0"), run(out, "--steps", "0", "--resume")
    check("the model and its checkpoint there will be replaced. Try: --resume" in again.stderr, again.stderr)
    check("replaced" not in resumed.stderr, resumed.stderr)
    os.remove(os.path.join(out, "training.safetensors"))
    again = run(out, "--steps", "0")
    check("zero: the model there will be replaced" in again.stderr and again.stderr.count("\n") == 1, again.stderr)
    rows = content(out)["loss.tsv"].decode().split("\n")
    check(rows[0] == "step\ttrain_loss\tval_loss" and rows[1].startswith("0\t4.2") and rows[2:] == [""], rows)
    vocabulary = json.loads(content(out)["vocab.json"])
    check(sorted(vocabulary.values()) == list(range(len(vocabulary))) and vocabulary["\n"] == 0, vocabulary)
    check(list(vocabulary) == sorted(vocabulary, key=ord), "not in the order of code points")


def byte_pairs_are_saved_whole(folder):
    """Without merges too (256 tokens), and with the token of the gaps: both vocabularies are the model's."""
    for size, objective, count in (("256", "next", 256), ("300", "masked", 301)):
        out = os.path.join(folder, f"bpe-{size}")
        done = run(out, "--steps", "0", "--tokens", "bpe", "--vocabulary", size, "--objective", objective)
        check(done.returncode == 0, done.stderr)
        files = []
        for name in ("vocab.json", "encoder.json", "config.json"):
            check(os.path.exists(os.path.join(out, name)), name, "is missing")
            with open(os.path.join(out, name), encoding="utf-8") as file:
                files.append(json.load(file))
        check(len(files[0]) == count and files[0] == files[1], size, files)
        check(files[2]["vocab_size"] == count, size, files[2])


def written_by(out, *more):
    """What stage 16 writes with the model in `out`: bytes."""
    done = subprocess.run([SAMPLING, "--model", out, "--print", "--tokens", "60", "--temperature", "3", *more],
                          capture_output=True, timeout=600, check=False)
    check(done.returncode == 0 and not done.stderr, done.stderr.decode(errors="replace"))
    return done.stdout


def the_last_kind_of_tokens_counts(folder):
    """One folder, one kind after the other; 16 reads the one that was saved last. A temperature of 3: nearly any token,
    and so many a stand-in for a byte if it took the names of the files for the text."""
    out, kinds = os.path.join(folder, "kinds"), ("bpe", "char", "bpe", "word", "char", "word", "bpe")
    for kind in kinds:
        size = ["--vocabulary", "256"] if kind == "bpe" else []
        check(run(out, "--steps", "0", "--tokens", kind, *size).returncode == 0, kind)
        with open(os.path.join(out, "config.json"), encoding="utf-8") as file:
            check(json.load(file)["headlight"]["tokens"] == kind, kind)
        text = written_by(out)
        stand_ins = [c for c in text.decode(errors="replace") if "\u0100" <= c <= "\u0143"]
        check(not stand_ins, kind, stand_ins)
        check(os.path.exists(os.path.join(out, "vocab.bpe")) == (kind == "bpe"), kind, os.listdir(out))


def odd_texts_are_saved_so_that_they_open(folder):
    """[MASK] in the text is a gap like any other; a 0 byte has a name only among byte pairs."""
    with open(os.path.join(ROOT, "data", "lamplighter.txt"), encoding="utf-8") as file:
        story = file.read()
    text, out = os.path.join(folder, "odd.txt"), os.path.join(folder, "odd")
    for kind in ("char", "word", "bpe"):
        for odd in ("[MASK]", "[MASK] lamp [MASK]. [MASK]", "\x01\x1f\x7f\"\\\u2028", "<|endoftext|> [UNK]"):
            with open(text, "w", encoding="utf-8") as file:
                file.write(odd + story + odd + story[-2000:] + odd)
            for masked in (True, False):
                more = ["--objective", "masked", "--mask", "causal"] if masked else []
                done = run(out, "--steps", "2", "--tokens", kind, "--data", text, *more)
                check(done.returncode == 0, kind, odd, done.stderr)
                with open(os.path.join(out, "vocab.json"), encoding="utf-8") as file:
                    vocabulary = json.load(file)
                check(not masked or vocabulary["[MASK]"] == len(vocabulary) - 1, kind, odd)
                if masked:                      # it fills gaps, and 16 lets it write nothing
                    ids = subprocess.run([os.path.join(os.path.dirname(PROGRAM), "17_bert"), "--model", out, "--ids",
                                          "lamp"], capture_output=True, text=True, check=False)
                    check(ids.returncode == 0 and ids.stdout.strip(), kind, odd, ids.stderr)
                else:
                    written_by(out, "--data", text)
        with open(text, "w", encoding="utf-8") as file:
            file.write(story + "\0" + story)
        done = run(out, "--steps", "0", "--tokens", kind, "--data", text)
        if kind != "bpe":
            refused(done, 1, f"byte {len(story.encode())} is 0", "--tokens bpe")
        else:
            check(done.returncode == 0, done.stderr)
            written_by(out, "--data", text)


def spoilt_checkpoints(folder):
    out = os.path.join(folder, "spoilt")
    check(run(out, "--steps", "20").returncode == 0)
    saved = content(out)

    def spoil(name, bytes_):
        for other, whole in saved.items():
            with open(os.path.join(out, other), "wb") as file:
                file.write(bytes_ if other == name else whole)

    for name in ("model.safetensors", "training.safetensors"):
        spoil(name, saved[name][:-8])
        refused(run(out, "--steps", "40", "--resume"), 1, name)
        length = struct.unpack("<Q", saved[name][:8])[0]
        at = 8 + length + 8192  # behind the random numbers of training.safetensors
        spoil(name, saved[name][:at] + struct.pack("<f", float("nan")) + saved[name][at + 4:])
        refused(run(out, "--steps", "40", "--resume"), 1, name, "nan")
        spoil(name, b"version https://git-lfs.github.com/spec/v1\n")
        refused(run(out, "--steps", "40", "--resume"), 1, name)
    name = "model.safetensors"  # one finite weight, as a person or another program may change it
    spoil(name, saved[name][:-4] + struct.pack("<f", 0.25))
    refused(run(out, "--steps", "40", "--resume"), 1, name, "not those of training.safetensors")
    check(saved[name][:-4] in content(out)[name], "the changed model was overwritten")
    spoil(None, b"")
    refused(run(out, "--steps", "40", "--resume", "--layers", "2"), 1, "layers is 1", "expected 2")


def bad_numbers_stop_the_run(folder):
    wild = ["--lr", "10", "--decay", "10", "--clip", "0"]
    for last in ("1000", "5"):  # in a step, and in the evaluation behind the last one
        out = os.path.join(folder, "wild" + last)
        done = run(out, "--steps", last, *wild)
        refused(done, 1, "step ", "loss nan", "gradient norm ", "Try: a smaller --lr")
        rows = content(out)["loss.tsv"].decode().split("\n")
        check(rows[1].startswith("0\t4.2") and rows[2:] == [""] and "nan" not in done.stdout, rows, done.stdout)
        check(run(out, "--steps", "10", "--resume").returncode == 0, "the last good checkpoint cannot be resumed")


def what_changed_on_the_way_is_named(folder):
    out = os.path.join(folder, "changed")
    check(run(out, "--steps", "10").returncode == 0)
    changes = ((["--mask", "sliding", "--window", "4"], "mask"), (["--batch", "6"], "batch"),
               (["--lr", "0.001"], "learning rate"), (["--decay", "0"], "weight decay"), (["--clip", "2"], "clipping"),
               (["--warmup", "5"], "schedule"), (["--dropout", "0.1"], "dropout"), (["--seed", "5"], "seed"),
               (["--threads", "1"], "threads"), (["--batch", "4"], None),
               (["--batch", "6", "--mask", "none"], "mask, batch"))
    for options, name in changes:
        copy = shutil.copytree(out, os.path.join(folder, "copy"))
        done = run(copy, "--steps", "20", "--resume", *options)
        check(done.returncode == 0, done.stderr)
        said = [line for line in done.stderr.split("\n") if "another" in line]
        check(len(said) == (name is not None), options, done.stderr)
        check(name is None or f"the run had another {name}:" in said[0], name, "not in", said)
        shutil.rmtree(copy)
    check(run(out, "--steps", "20", "--cosine").returncode == 0)  # a cosine ends where the run does
    check("another schedule:" in run(out, "--steps", "40", "--cosine", "--resume").stderr, "a longer cosine")


def a_wild_run_can_be_resumed(folder):
    out = os.path.join(folder, "wild")  # scores in the thousands: exp(score) of the told model must not overflow
    check(run(out, "--steps", "300", "--lr", "1").returncode == 0)
    done = run(out, "--steps", "301", "--lr", "1", "--resume")
    check(done.returncode == 0 and "told and common agree" in done.stdout, done.stderr)


def a_full_disk_loses_nothing(folder):
    out = os.path.join(folder, "full")
    check(run(out, "--steps", "20").returncode == 0)
    saved = content(out)
    full = subprocess.run(["bash", "-c", 'ulimit -f 32; trap "" XFSZ; exec "$@"', "-",  # 32 KB: not for a checkpoint
                           *command(out, "--steps", "40", "--resume")], capture_output=True, text=True, check=False)
    refused(full, 3, "training.safetensors", "cannot be written")
    check({name: whole for name, whole in content(out).items() if name != "loss.tsv"} ==
          {name: whole for name, whole in saved.items() if name != "loss.tsv"}, "the checkpoint has changed")
    check(sorted(os.listdir(out)) == sorted(FILES), "something is left:", os.listdir(out))
    check(run(out, "--steps", "40", "--resume").returncode == 0)


def a_signal_before_the_folder_says_so(folder):
    """It waits for its text, from a pipe that nobody fills: nothing is saved, nothing is made, and a line says it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        pipe, out = os.path.join(folder, f"pipe{number}"), os.path.join(folder, f"out{number}")
        os.mkfifo(pipe)
        process = subprocess.Popen(command(out, "--data", pipe), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True)
        with open(pipe, "wb"):                          # comes back when the program is reading
            process.send_signal(number)
            said = process.communicate(timeout=60)
        check(process.returncode == 128 + number, "exit", process.returncode)
        check(said == ("", "15_training: note: stopped: nothing is saved\n"), said)
        check(not os.path.exists(out), "something was begun")


def halves_of_characters_are_shown_whole(folder):
    """Byte pairs of a text without ASCII begin and end inside its characters, and yet stdout is UTF-8."""
    text, out = os.path.join(folder, "text.txt"), os.path.join(folder, "out")
    rng = random.Random(7)
    with open(text, "w", encoding="utf-8") as file:
        file.write("".join(rng.choice("\u732b\u72ac\u9ce5\u9b5a\u864e\u4e00\u5341\u03b1") for _ in range(3000)))
    for more, line in (("--objective", "masked"), " was there:"), (("--sample", "2000"), "copied  "):
        words = [word if word != os.path.join(ROOT, "data", "lamplighter.txt") else text for word in SMALL]
        done = subprocess.run([PROGRAM, *words, "--out", out, "--steps", "2", "--tokens", "bpe", "--vocabulary", "270",
                               "--seed", "4", *more], capture_output=True, timeout=600, check=False)
        check(done.returncode == 0, done.stderr)
        shown = done.stdout.decode("utf-8")             # fails for half a character
        half = re.compile(r"\ufffd|\\x[89a-f][0-9a-f]")    # as a byte by its number, in a token; as one sign, in a text
        check(any(line in one and half.search(one) for one in shown.split("\n")), shown)


def a_long_sample_can_be_stopped(folder):
    out = os.path.join(folder, "sample")
    process = subprocess.Popen(command(out, "--steps", "5", "--sample", "1000000", "--positions", "rope"),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not process.stdout.readline().startswith("step     5"):
        check(process.poll() is None, "it ended before its last step")
    process.send_signal(signal.SIGINT)
    try:
        said = process.communicate(timeout=60)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        said = process.communicate()[1]
    check(process.returncode == 130, "exit", process.returncode, "expected 130")
    # after its last checkpoint, or just before
    check(said.startswith(("15_training: note: stopped; what was trained is saved\n",
                           "15_training: note: stopped at step 5, saved")), said)
    check(b"5\t" in content(out)["loss.tsv"], "the last row is missing")


def comparisons_end_at_the_last_step(folder):
    done = run(os.path.join(folder, "compare"), "--compare", "scale", "--steps", "15", "--seeds", "2")
    check(done.returncode == 0 and "step 15, 2 seeds" in done.stdout, done.stdout, done.stderr)
    same = run(os.path.join(folder, "compare"), "--compare", "heads", "--steps", "0", "--seeds", "2")
    check(same.returncode == 0 and "more than noise" not in same.stdout, "untrained models differ:", same.stdout)
    refused(run(folder, "--compare", "scale", "--resume"), 2, "--compare", "--resume")


def masks_that_cheat_say_so(folder):
    for mask, words in ((["none"], "shows each token the one"), (["prefix", "--prefix", "4"], "the first 3 tokens"),
                        (["sliding", "--window", "4"], "")):
        done = run(os.path.join(folder, "cheat-" + mask[0]), "--steps", "0", "--mask", *mask)
        check(done.returncode == 0 and (words in done.stderr if words else not done.stderr), mask, done.stderr)


def every_option_of_the_source_is_taken(folder):
    source = os.path.join(ROOT, "stages", "15_training", "tool.c")
    with open(source, encoding="utf-8") as file:
        names = re.findall(r'option_(?:int|real|text|choice|flag)\(&list, "([a-z-]+)"', file.read())
    shown = run(folder, "--help").stdout
    missing = [name for name in names if f"  --{name}" not in shown]
    check(len(names) > 20 and not missing, len(names), "options; not in --help:", missing)
    refused(run(folder, "--temperature", "0"), 2, "--temperature 0")


def bad_input(folder):
    out, text = os.path.join(folder, "bad"), os.path.join(folder, "short.txt")
    with open(text, "w", encoding="utf-8") as file:
        file.write("too short")
    refused(run(out, "--data", text), 1, "short.txt", "context of 16")
    refused(run(out, "--data", os.path.join(folder, "absent.txt")), 3, "absent.txt")
    refused(run(out, "--heads", "3"), 2, "--heads 3", "--width 16")
    refused(run(out, "--width", "65536", "--layers", "1024"), 3, "out of memory")
    refused(run("/proc/nowhere"), 3, "/proc/nowhere")
    check(not os.path.exists(os.path.join(out, "model.safetensors")), "something was left behind")


def memory_is_counted_before_it_is_taken(folder):
    """A batch has 2^34 tokens: no number of them fits into an int, and their ids alone take 137 GB."""
    text, out = os.path.join(folder, "long.txt"), os.path.join(folder, "memory")
    with open(text, "w", encoding="utf-8") as file:
        file.write("a long story. " * 190000)
    done = run(out, "--data", text, "--context", "262144", "--batch", "65536", "--threads", "1")
    refused(done, 3, "out of memory (training needs", "Try: fewer layers")
    needed = float(re.search(r"needs ([0-9.]+) GB", done.stderr).group(1))
    maps, ids = 3 * 262144 ** 2 * 4e-9, 262144 * 65536 * 8e-9  # two heads, and room for a gradient
    check(1 < needed / (maps + ids) < 1.05, needed, "GB; the maps take", maps, "and the ids", ids)
    check(not os.path.exists(out), "something was begun")


TESTS = [zero_steps_save_the_untrained_model, byte_pairs_are_saved_whole, memory_is_counted_before_it_is_taken,
         the_last_kind_of_tokens_counts, odd_texts_are_saved_so_that_they_open, torn_rows_and_later_ones_are_dropped,
         spoilt_checkpoints, bad_input, bad_numbers_stop_the_run, what_changed_on_the_way_is_named,
         a_wild_run_can_be_resumed, a_full_disk_loses_nothing, a_long_sample_can_be_stopped,
         a_signal_before_the_folder_says_so, halves_of_characters_are_shown_whole,
         comparisons_end_at_the_last_step, every_option_of_the_source_is_taken, stopped_by_a_signal,
         a_signal_leaves_all_or_nothing, masks_that_cheat_say_so, killed_at_any_moment]

if __name__ == "__main__":
    if not os.access(PROGRAM, os.X_OK):
        sys.exit(f"{PROGRAM} is not there. Try: make build/15_training")
    sys.exit(main(TESTS))
