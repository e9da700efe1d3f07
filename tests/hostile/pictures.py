"""Pictures: whole or absent, whatever gnuplot does; and labels that hold commands, which run nothing."""
import json
import os
import pathlib
import re
import shutil
import signal
import time
import xml.etree.ElementTree as tree

from program import check, failed, MODELS, NAME, PLAIN, silent, Skip, succeeded, test, TEXT
from tensors import make_model

ENDS = {"png": b"IEND\xae\x42\x60\x82", "svg": b"</svg>", "pdf": b"%%EOF"}
KEPT = ["heads.dat", "heads.gp", "heads_frames.dat", "heads_gaps.dat"]
# Finds the pictures that the script asks for, as the real one does: the last argument is the script.
PICTURES = "for last; do :; done; pictures=$(sed -n \"s/^set output '\\(.*\\)'$/\\1/p\" \"$last\")\n"
ONE = ("--layer", "0", "--head", "0")


def gnuplot():
    found = shutil.which("gnuplot")
    if not found:
        raise Skip("gnuplot is not installed")
    return found


def fake(box, script):
    """A PATH on which gnuplot is this shell script."""
    path = pathlib.Path(box.write("bin/gnuplot", "#!/bin/sh\n" + script + "\n"))
    path.chmod(0o755)
    return {"PATH": f"{path.parent}:/usr/bin:/bin"}


def draw(box, *arguments, **more):
    """seconds and megabytes count gnuplot's too."""
    return box.run("--model", PLAIN, "--out", box.path("out"), *arguments, TEXT, **more)


def pictures(box):
    return sorted(name for name in box.files() if name.endswith(tuple(ENDS)))


def whole(box, names):
    for name in names:
        data = (box.root / name).read_bytes()
        check(data.rstrip().endswith(ENDS[name[-3:]]), name, "is not whole")
        if name.endswith("svg"):
            tree.fromstring(data)


@test
def every_format_is_whole(box):
    gnuplot()
    run = silent(draw(box, "--format", "png,svg,pdf"), seconds=20)
    names = [f"out/{name}.{ending}" for name in ("heads", "layer1_head2") for ending in ("pdf", "png", "svg")]
    check(pictures(box) == names, "the pictures:", pictures(box))
    whole(box, names)
    check(not [name for name in box.files() if not name.endswith((".gp", ".dat") + tuple(ENDS))], "left behind", run)
    for name in ("heads", "layer1_head2"):
        check(f"/{name}.{{png,svg,pdf}}: ".encode() in run.out, "which file to open:", run)


def numbers(box, name):
    """A data file as rows of numbers."""
    lines = (box.root / name).read_text().split("\n")
    return [[float(word) for word in line.split()] for line in lines if line and line[0] != "#"]


@test
def renormalised_means_that_rows_sum_to_one(box):
    """A picture that says so keeps its word, map or token; so does one that says that they are not."""
    gnuplot()
    for choice in (["--layer", "0", "--head", "1"], ["--token", "bird"]):
        name = "out/" + ("layer0_head1" if "--layer" in choice else "token9_layers_looks_at")
        for more, says in (([], "rows not renormalised"), (["--renormalise"], "rows renormalised to 1")):
            silent(draw(box, "--format", "svg", "--no-special", *choice, *more), seconds=20)
            sums = [sum(row) for row in numbers(box, name + ".dat")]
            check(all((abs(total - 1) < 1e-4) == bool(more) for total in sums), name, more, "rows sum to", sums)
            check(says in (box.root / (name + ".gp")).read_text(), name, "does not say:", says)


@test
def a_token_of_one_segment(box):
    """From B to A, a token of A is only looked at, a token of B only looks; a token that is hidden does neither."""
    gnuplot()
    for token, kept in (("clock", "seen_by"), ("bird", "looks_at")):
        run = silent(box.run("--model", PLAIN, "--out", box.path(token), "--format", "svg", "--segments", "ba",
                             "--pair", "and a bird sang", "--token", token, "the old clock"), seconds=20)
        drawn = sorted(name for name in box.files() if name.startswith(token) and name.endswith(".svg"))
        check(len(drawn) == 2 and all(kept in name for name in drawn), "drawn:", drawn, run)
        check(len(re.findall(rb" -[ \n]", run.out)) == 2, "the other side has no numbers:", run)
    hidden = "is not among the tokens shown"
    failed(draw(box, "--no-special", "--token", "0"), 2, "--token", hidden)
    failed(draw(box, "--no-special", "--token", "0", "--view", "lines"), 2, "--token", hidden)
    failed(box.run("--model", PLAIN, "--segments", "ba", "--pair", "a bird", "--token", "old", "--view", "flow",
                   "the old"), 2, "--token", hidden)


@test
def every_layer_and_head_that_is_named(box):
    """Anatomy and neuron draw all that --layer and --head list."""
    gnuplot()
    run = silent(draw(box, "--format", "svg", "--anatomy", "--layer", "0,1", "--head", "0,2"), seconds=30)
    check(b"in layer 0\n" in run.out and b"in layer 1\n" in run.out, "which layer moved the tokens:", run)
    silent(draw(box, "--format", "svg", "--view", "neuron", "--layer", "0,1", "--head", "0,2"), seconds=30)
    drawn = pictures(box)
    for layer in (0, 1):
        check(sum(f"layer{layer}" in name for name in drawn) == 5 + 2, f"layer {layer}:", drawn)
        for head in (0, 2):
            check(sum(f"layer{layer}_head{head}" in name for name in drawn) == 2, layer, head, drawn)


@test
def a_new_folder_deep_down(box):
    gnuplot()
    silent(box.run("--model", PLAIN, "--out", "a/b c/d", *ONE, TEXT), seconds=20)
    check((box.root / "a/b c/d/layer0_head0.png").exists(), "not there")


@test
def gnuplot_is_missing(box):
    """The answer is out, script and data are there, an old picture stays; one line says what to install."""
    gnuplot()
    silent(draw(box), seconds=20)
    old = {name: box.files()[name] for name in pictures(box)}
    run = draw(box, env={"PATH": box.folder("empty")})
    failed(run, 3, "gnuplot is not installed", "apt install gnuplot-nox", answered=True, wrote=[])
    check({name: box.files()[name] for name in pictures(box)} == old, "the old pictures changed")
    shutil.rmtree(box.root / "out")
    failed(draw(box, env={"PATH": "/nowhere"}), 3, "gnuplot -d heads.gp", answered=True,
           wrote=["out/" + name for name in KEPT])


@test
def gnuplot_that_fails(box):
    """Its last line is quoted, on one line and without its control bytes; script and data stay, no picture does."""
    for script, words in (
            ("echo first >&2; echo the last line >&2; exit 1", ["the last line"]), ("exit 1", ["no reason"]),
            ("printf 'red \\033[31m\\007 alarm' >&2; exit 2", ["red \\x1b[31m"]), ("kill -9 $$", ["signal 9"]),
            ("kill -SEGV $$", ["signal 11"]), ("exit 0", ["not whole"]), ("exit 127", []), ("echo x; exit 255", []),
            ("head -c 20000000 /dev/zero | tr '\\0' x >&2; exit 1", ["gnuplot failed"]),
            ("head -c 20000000 /dev/urandom >&2; exit 1", ["gnuplot failed"])):
        run = draw(box, env=fake(box, script))
        failed(run, 3, "gnuplot", *words, answered=True, wrote=["out/" + name for name in KEPT], seconds=5)
        shutil.rmtree(box.root / "out")


@test
def torn_pictures(box):
    """gnuplot says that all went well and leaves half a picture, none, or something else: only its end tells."""
    real = gnuplot()
    for ending in ENDS:
        for tear in ("truncate -s -9 $f", "truncate -s 0 $f", "rm $f", "head -c 20000 /dev/zero > $f",
                     "echo '</svg>%%EOF' > $f; truncate -s 500 $f"):
            script = f'{PICTURES}{real} "$@" || exit 1\nfor f in $pictures; do {tear}; done'
            run = draw(box, "--format", ending, *ONE, env=fake(box, script))
            failed(run, 3, "not whole", answered=True, wrote=["out/layer0_head0.dat", "out/layer0_head0.gp"],
                   seconds=10)
            shutil.rmtree(box.root / "out")


@test
def gnuplot_of_another_build(box):
    """Without pngcairo, gd draws; without both, svg does; a note says so, and the picture is whole."""
    real = gnuplot()
    for missing, ending in (("pngcairo", "png"), ("png", "svg")):
        script = (f'for last; do :; done\ncase "$last" in *terminal*) words=$last;; *) words=$(cat "$last");; esac\n'
                  f'case "$words" in *"set terminal {missing}"*) echo unknown terminal >&2; exit 1;; esac\n'
                  f'exec {real} "$@"')
        run = succeeded(draw(box, *ONE, env=fake(box, script)), "this gnuplot cannot draw with pngcairo", seconds=10)
        check(pictures(box) == [f"out/layer0_head0.{ending}"], "the pictures:", pictures(box), run)
        whole(box, pictures(box))
        shutil.rmtree(box.root / "out")


@test
def interrupted_while_gnuplot_works(box):
    """Ctrl-C goes to the whole group, as a terminal sends it: 130, no torn picture, nothing aside, an old one stays."""
    old = box.write("out/layer0_head0.png", "old")
    variables = fake(box, f"{PICTURES}echo half > $pictures; touch started; sleep 60")
    process = box.start("--model", PLAIN, "--out", box.path("out"), *ONE, TEXT, env=variables, stdout=-1, stderr=-1,
                        start_new_session=True)
    end = time.monotonic() + 20
    while not os.path.exists(box.path("out/started")) and time.monotonic() < end:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    err = process.communicate(timeout=20)[1]
    check(process.returncode == 130 and not err, process.returncode, err)
    check(pathlib.Path(old).read_text() == "old", "the old picture")
    left = [name for name in os.listdir(box.path("out")) if name not in ("started", "layer0_head0.png")]
    check(not left, "left behind:", left)


@test
def two_runs_into_one_folder(box):
    gnuplot()
    runs = [box.start("--model", PLAIN, "--out", box.path("out"), "--format", "svg", TEXT, stdout=-1, stderr=-1)
            for _ in range(4)]
    for process in runs:
        err = process.communicate()[1]
        check(process.returncode == 0 and not err, process.returncode, err)
    whole(box, pictures(box))
    check(all(re.fullmatch(r"out/\w+\.(gp|dat|svg)", name) for name in box.files()), "left behind:", box.files())


# ---- labels -------------------------------------------------------------------------------------------------------

CANARY = "touch canary"
HOSTILE = [f"`{CANARY}`", f"$({CANARY})", f"\"; system('{CANARY}'); \"", f"'\n!{CANARY}\n", "@canary", "{/=40 big}_x^y",
           "]]>", "<script>&amp;", "%d%s%n", "\\\"`x`\\047", "'''", "\u202eleft", "\U0001f600\u6728", "~a{b}|| cat",
           "\x1b]0;red\x07", "x" * 5000]


def hostile_model(box):
    """Special tokens may be any text, and stand in the labels as they are."""
    settings = json.loads((MODELS / "plain" / "tokenizer.json").read_text(encoding="utf-8"))
    for number, token in enumerate(HOSTILE):
        settings["added_tokens"].append({"id": 158 + number, "content": token, "single_word": False, "lstrip": False,
                                         "rstrip": False, "normalized": False, "special": True})

    def grow(table):
        name = "embeddings.word_embeddings.weight"
        table[name].data += table[name].data[:96 * len(HOSTILE)]
        table[name].shape[0] += len(HOSTILE)
    return make_model(box, name="a `touch canary` $(touch canary) ]]> model", config={"vocab_size": 158 + len(HOSTILE)},
                      tensors=grow, files={"tokenizer.json": json.dumps(settings).encode()})


def ran_nothing(box, run):
    check(not any("canary" in pathlib.Path(name).name for name in run.new_files()), "it ran:", run.new_files(), run)
    check(not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", run.out), "control bytes on stdout:", run)


@test
def labels_that_hold_commands(box):
    gnuplot()
    model, text = hostile_model(box), " ".join(HOSTILE)
    out = "out `touch canary` $(touch canary) ' \" %d"
    for view in (("--view", "heat"), ("--view", "lines"), ("--view", "flow"), ("--view", "neuron"), ("--anatomy",),
                 ("--token", HOSTILE[0]), ("--token", HOSTILE[3]), ("--terminal",),
                 ("--token", HOSTILE[-2], "--terminal"), ("--token", HOSTILE[-2])):
        run = succeeded(box.run("--model", model, "--format", "svg", "--out", out, *view, text), seconds=30)
        ran_nothing(box, run)
    drawn = [name for name in box.files() if name.endswith(".svg")]
    check(len(drawn) >= 14, "pictures are missing:", drawn)
    whole(box, drawn)
    words = "".join(tree.parse(box.root / out / "layer1_head2.svg").getroot().itertext())
    for label in (f"`{CANARY}`", f"$({CANARY})", "@canary", "{/=40 big}_x^y", "<script>&amp;", "%d%s%n", "\\\"`x`\\047",
                  "'''", "\U0001f600\u6728", "x" * 23 + "\u2026"):
        check(label in words, f"the label {label!a} is not in the picture:", ascii(words[:2000]))


@test
def scripts_that_draw_again(box):
    """cd out && gnuplot -d heads.gp: what is kept beside a picture makes it again, hostile title or not."""
    real = gnuplot()
    model = hostile_model(box)
    succeeded(box.run("--model", model, "--format", "svg", "--out", "out", *ONE, " ".join(HOSTILE[:8])), seconds=20)
    picture = box.root / "out" / "layer0_head0.svg"
    before = re.sub(rb" style='image-rendering:pixelated'", b"", picture.read_bytes())
    picture.unlink()
    os.spawnv(os.P_WAIT, "/bin/sh", ["sh", "-c", 'cd "$1" && exec "$2" -d layer0_head0.gp', NAME,
                                     box.path("out"), real])
    check(picture.read_bytes() == before, "the picture drawn again is another one")
    check(not any("canary" in name for name in os.listdir(box.path("out"))), "it ran")
