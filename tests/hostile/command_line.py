"""The command line: what it refuses, with exit 2 and one line, and the forms that it takes."""
import re
import shutil

from program import check, failed, MINILM, needs_minilm, PLAIN, REPO, silent, succeeded, test, TEXT


def plain(box, *arguments, **more):
    return box.run("--model", PLAIN, *arguments, **more)


@test
def options_that_do_not_exist(box):
    for wrong in ("--nonsense", "--nonsense=3", "-x", "-l", "---layer", "--", "--=", "--layers", "--thr", "--Layer",
                  "--id", "-ids", "--no-pair", "--\x1b[31mred"):
        if wrong != "--":
            failed(plain(box, wrong), 2, "unknown option", "Try:")
            failed(plain(box, TEXT, wrong), 2, "unknown option")
    failed(plain(box, "--layers", "3"), 2, "Try: --layer")


@test
def options_without_their_value(box):
    for option in ("model pair layer head token segments meaning view scale threshold format mask "
                   "window global dilation prefix chunk global-at mask-file mask-scope export tsv file "
                   "out seed threads time").split():
        failed(plain(box, TEXT, "--" + option), 2, f"--{option}", "needs a value")
    for option in "truncate allow-nonfinite no-special renormalise anatomy mlm values terminal causal ids help".split():
        failed(plain(box, f"--{option}=1"), 2, f"--{option}", "no value")


@test
def two_texts(box):
    failed(plain(box, "one", "two"), 2, "one", "two", "quotes")
    failed(plain(box, "one", "-"), 2)
    failed(plain(box, "one", "--", "-two"), 2)
    failed(plain(box, "", ""), 2)
    text = box.write("text.txt", TEXT)
    failed(plain(box, "--file", text, TEXT), 2, "--file")
    failed(plain(box, "--file", text, ""), 2, "--file")
    failed(plain(box, "--file", text, "-"), 2, "--file")


NUMBERS = {"threads": ["0", "-1", "65", "1.5", "1e1", "", " 2", "2 ", "0x2", "two", "+2", "99999999999999999999"],
           "time": ["0", "-1", "1000001", "3.5", "", "many"],
           "seed": ["-1", "2147483648", "x", ""],
           "window": ["-1", "2147483648", "3.0", "", "wide", "18446744073709551616"],
           "global": ["-1", "x"], "dilation": ["0", "-1", "x"], "prefix": ["-1", "x"], "chunk": ["0", "-1", "x"],
           "threshold": ["2", "-0.1", "1.0001", "nan", "inf", "", "x", "0x1p-3", "0,5", "1e9"]}
WORDS = {"segments": ["xx", "a", "abc", "ALL", "", "aa|bb"], "view": ["graph", "", "heat|lines"],
         "scale": ["linear", ""], "mask": ["global", "", "nona", "none|causal", "local-global"],
         "mask-scope": ["layer", ""]}


@test
def values_out_of_range(box):
    for option, values in {**NUMBERS, **WORDS}.items():
        for value in values:
            failed(plain(box, f"--{option}", value, "--pair", "x", TEXT), 2, f"--{option}", "expected")
            failed(plain(box, f"--{option}={value}", "--pair", "x", TEXT), 2, f"--{option}")
    for value in ("bmp", "", "png,", ",png", "png,bmp", "PNG", "png svg"):
        failed(plain(box, "--format", value, TEXT), 2, "--format", "expected")


@test
def layers_and_heads_that_are_not_there(box):
    """Before any answer is given, and in every mode: it is the command line that is wrong."""
    for value in ("9", "2", "1-", "-1", ",", "", "0,", ",0", "1-0", "0-2", "0--1", "x", "0;1", "0 1",
                  "99999999999999999999", "0x1", "1.0", "+1", "0" * 70):
        for mode in ((), ("--tsv", box.path("t.tsv")), ("--terminal",), ("--anatomy",), ("--view", "neuron")):
            failed(plain(box, "--layer", value, TEXT, *mode), 2, "--layer", "expected numbers from 0 to 1")
    for value in ("3", "-1", "3-", ","):
        for mode in ((), ("--tsv", box.path("t.tsv")), ("--terminal",)):
            failed(plain(box, f"--head={value}", TEXT, *mode), 2, "--head", "expected numbers from 0 to 2")


@test
def options_that_need_another(box):
    for segments in ("aa", "bb", "ab", "ba"):
        failed(plain(box, "--segments", segments, TEXT), 2, "--segments", "--pair")
    failed(plain(box, "--mask", "sliding", "--window", "0", TEXT), 2, "--window 0")
    for answer in ("--anatomy", "--mlm"):
        failed(plain(box, "--token", "1", answer, TEXT), 2, "--token does nothing beside " + answer)
    failed(plain(box, "--anatomy", "--mlm", TEXT), 2, "--anatomy and --mlm are two answers")
    for list_ in ("99", "x", "", "0-", "-1", ","):
        failed(plain(box, "--mask", "local", "--global-at", list_, TEXT), 2, "--global-at")


@test
def tokens_that_are_not_there(box):
    for token in ("nobody", "99", "-1", "", "\x1b[2J", "1.5", "[NOPE]", "n" * 10000):
        failed(plain(box, "--token", token, TEXT), 2, "--token", "no such token")


@test
def tokens_that_are_there_twice(box):
    """By their letters, and by what the tokenizer makes of the word: the first is meant, and the others are told of."""
    text = "the bird sang, and a bird sang"
    for word in ("bird", "b\u00edrd"):
        run = succeeded(plain(box, "--token", word, "--terminal", text),
                        f"2 tokens are called {word}: this is the first")
        check("token 2." in run.err, run)
    silent(plain(box, "--token", "\u00e1nd", "--terminal", text))
    # Words that the vocabulary lacks are one token each, and stay themselves; this model strips their points.
    text = "the \u05e9\u05dc\u05d5\u05dd \U0001f600 \u0645\u0631\u062d\u0628\u0627 \u4f60 \U0001f600"
    for word, at in (("\u05e9\u05dc\u05d5\u05dd", 2), ("\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd", 2), ("\u4f60", 5),
                     ("\u0645\u064e\u0631\u062d\u0628\u0627", 4), ("\U0001f600", 3)):
        run = plain(box, "--token", word, "--terminal", text)
        check(run.code == 0 and f"is not in the vocabulary: it is [UNK], token {at}" in run.err
              and "not one token" not in run.err, run)
        check(("2 tokens are called" in run.err) == (at == 3), run)


@test
def the_mask_is_told(box):
    """Knobs that were not given, too: a quarter of 14 tokens."""
    for scope, words in ((), "on the finished heads"), (("--mask-scope", "model"), "in every layer of the model"):
        run = silent(plain(box, "--mask", "local", *scope, "--terminal", TEXT))
        check(f"\nmask    local, window 3, {words}\n".encode() in run.out, run)
    check(b"\nmask " not in silent(plain(box, "--terminal", TEXT)).out, "no mask, no line")
    check(b"default: tokens / 4" in silent(plain(box, "--help")).out, "--help knows where 3 is from")


@test
def folders_of_other_names(box):
    for name, *advice in (("bert-base-uncased", "bert-base-uncased"),
                          ("google-bert/bert-base-uncased", "data/bert-base-uncased"),
                          ("nowhere", "data/fetch.sh minilm")):
        failed(box.run("--model", name, TEXT), 3, "no such model folder. Try: ", *advice)
    outer = box.folder("saved")
    shutil.copytree(PLAIN, outer + "/0_Transformer")
    failed(box.run("--model", outer, TEXT), 3, f"Try: --model {outer}/0_Transformer")


@test
def meanings_that_cannot_be_compared(box):
    """Two sentences, and a word that is in both: known before the first word of the answer."""
    two = ("--pair", "a bird sang", TEXT)
    failed(plain(box, "--meaning", "clock", TEXT), 2, "--meaning", "--pair")
    failed(plain(box, "--meaning", "clock", "--file", box.write("t", TEXT)), 2, "--meaning", "--pair")
    failed(plain(box, "--meaning", "nobody", *two), 2, "--meaning nobody", "no such token")
    failed(plain(box, "--meaning", "clock", *two), 2, "--meaning clock", "no such token")
    for more in (("--export", box.path("e")), ("--tsv", "-"), ("--mlm",), ("--anatomy",)):
        failed(plain(box, "--meaning", "bird", *more, *two), 2, "--meaning", more[0])
    check(b"bird/bird" in silent(plain(box, "--meaning", "bird", "--terminal", *two)).out, "a word in both")


@test
def nothing_left_to_show(box):
    for mode in ((), ("--terminal",), ("--token", "0"), ("--anatomy",)):
        failed(plain(box, "--no-special", *mode, ""), 1, "no token is left")
    failed(plain(box, "--no-special", "--segments", "ab", "--pair", "", TEXT), 1, "no token is left")


@test
def views_that_a_terminal_cannot_show(box):
    expected = silent(plain(box, "--terminal", TEXT)).out
    for view in ("lines", "flow"):
        run = succeeded(plain(box, "--terminal", "--view", view, TEXT), f"--view {view} needs a picture")
        check(run.out == expected, "it shows the heat map:", run)


@test
def help_lists_everything(box):
    run = silent(box.run("--help"))
    text = run.out.decode()
    for option in ("model pair truncate allow-nonfinite layer head token segments no-special "
                   "renormalise meaning anatomy mlm view scale values threshold format terminal mask "
                   "window global dilation prefix chunk causal global-at mask-file mask-scope ids "
                   "export tsv file out seed threads time help").split():
        check(len(re.findall(rf"^  --{option}( |$)", text, re.M)) == 1, f"--help does not list --{option} once")
    for word in ("usage: 17_bert [options] [TEXT | -]", "none|causal|local|global-local|sliding|dilated|prefix|chunked",
                 "head|model", "heat|lines|flow|neuron", "fixed|fit|log", "all|aa|bb|ab|ba", "data/minilm"):
        check(word in text, f"--help does not say {word}")
    check(text.endswith("\n") and not run.new_files(), "--help")
    check(silent(box.run(TEXT, "--help", "--threads", "1")).out == run.out, "--help among others")
    failed(box.run("--help", "--threads", "0"), 2)


@test
def help_names_no_option_that_does_not_exist(box):
    text = silent(box.run("--help")).out.decode()
    for option in set(re.findall(r"--[a-z][a-z-]*", text)):
        run = box.run("--model", PLAIN, "--ids", option + "=", TEXT)
        check("unknown option" not in run.err, f"--help names {option}, which is unknown")


@test
def options_in_any_place(box):
    expected = silent(plain(box, "--ids", TEXT)).out
    for arguments in ((TEXT, "--ids"), ("--ids", "--", TEXT), ("--threads=1", TEXT, "--ids", "--seed", "7"),
                      ("--ids", "--ids", TEXT), ("--threads", "1", "--threads", "2", "--ids", TEXT)):
        check(silent(plain(box, *arguments)).out == expected, arguments)
    check(silent(box.run(TEXT, "--ids", f"--model={PLAIN}")).out == expected, "--model=")
    check(silent(box.run(TEXT, "--model", "elsewhere", "--ids", "--model", PLAIN)).out == expected,
          "the last of two wins")


@test
def texts_that_begin_with_a_dash(box):
    for text in ("-the clock", "--ids", "-", "--"):
        file = box.write("dash.txt", text)
        expected = silent(plain(box, "--ids", "--file", file)).out
        if text != "-":                                  # which is standard input behind -- too
            check(silent(plain(box, "--ids", "--", text)).out == expected, text)
    check(silent(plain(box, "--ids", "--pair", "-b", "a")).out != silent(plain(box, "--ids", "--pair", "b", "a")).out,
          "a value that begins with a dash is lost")


@test
def time_is_one_line(box):
    for arguments in (("--time", "1", TEXT), ("--time", "7", "--threads", "1", TEXT), ("--time=2", "--ids", TEXT),
                      ("--time", "2", "--mask", "local", "--mask-scope", "model", TEXT), ("--time", "2", "--terminal")):
        run = silent(plain(box, *arguments))
        line = re.fullmatch(rb"(\d+\.\d+) (\d+\.\d+)  (\d+\.\d+) (tokens|MB)/s\n", run.out)
        check(line, f"not one line of two numbers and a rate: {run.out!r}")
        check(0 <= float(line[2]) <= float(line[1]), f"the minimum is above the median: {run.out!r}")
        check(not run.new_files(), "--time drew something")


@test
def the_default_model_is_missing(box):
    """The sandbox has no data/minilm: whoever has just cloned the course is told what to do."""
    for mode in ((), ("--ids",), ("--time", "1"), ("--export", box.path("x"))):
        failed(box.run(*mode), 3, "data/minilm", "Try: data/fetch.sh minilm")


@test
def the_default_run(box):
    needs_minilm()
    run = succeeded(box.run("--ids", cwd=REPO))
    check(run.out == b"101 1996 3063 4993 1996 6533 1997 1037 2450 2007 1037 8248 102\n", "the default text:", run)
    check(silent(box.run("--ids", "The artist painted the portrait of a woman with a brush", cwd=REPO)).out == run.out,
          run)
    check(silent(box.run("--ids", "--model", MINILM)).out == run.out, "--model")


@test
def an_empty_text_is_a_text(box):
    check(silent(plain(box, "--ids", "")).out == b"2 3\n", "an empty text is [CLS] [SEP]")
    check(silent(plain(box, "--ids", "--pair", "", "")).out == b"2 3 3\n", "an empty pair ends in a second [SEP]")
    check(silent(plain(box, "--ids", "-", stdin=b"")).out == b"2 3\n", "empty standard input")
    absent = silent(plain(box, "--ids")).out
    check(absent == silent(plain(box, "--ids", "The artist painted the portrait of a woman with a brush")).out,
          "an absent text")
