"""Every rule of who may look at whom, on real heads.

Scope head: finished heads, weighed again. Scope model: every layer masked."""
from program import check, failed, MODELS, PLAIN, silent, succeeded, test, TEXT
from reference import flat, Model
from tensors import largest_difference, read

FOLDER = MODELS / "odd_geometry"
N = 13                                                  # tokens of TEXT
LARGE = 2 ** 31 - 1


def local(width):
    return lambda i, j: abs(i - j) <= width


def picture(i, j):
    """A pattern that a person drew: row 4 is empty."""
    return (i * j) % 3 != 1 and i != 4


RULES = [
    ("none", lambda i, j: True),
    ("none --causal", lambda i, j: j <= i),
    ("causal", lambda i, j: j <= i),
    ("causal --causal", lambda i, j: j <= i),
    ("local --window 0", local(0)), ("local --window 1", local(1)), ("local --window 3", local(3)),
    ("local --window 2 --causal", lambda i, j: abs(i - j) <= 2 and j <= i),
    ("sliding --window 1", lambda i, j: i == j), ("sliding --window 4", lambda i, j: 0 <= i - j < 4),
    ("sliding --window 99", lambda i, j: j <= i),
    ("dilated --window 2 --dilation 3", lambda i, j: abs(i - j) <= 6 and (i - j) % 3 == 0),
    ("dilated --window 0 --dilation 2", lambda i, j: i == j),
    ("dilated --window 1 --dilation 1", local(1)),
    ("dilated --window 3 --dilation 2 --causal", lambda i, j: abs(i - j) <= 6 and (i - j) % 2 == 0 and j <= i),
    (f"dilated --window {LARGE} --dilation 5", lambda i, j: (i - j) % 5 == 0),
    (f"dilated --window {LARGE} --dilation {LARGE}", lambda i, j: i == j),
    ("global-local --window 1 --global 2", lambda i, j: i < 2 or j < 2 or abs(i - j) <= 1),
    ("global-local --window 0 --global 0", lambda i, j: i == j),
    ("global-local --window 1 --global 3 --causal", lambda i, j: (i < 3 or j < 3 or abs(i - j) <= 1) and j <= i),
    ("prefix --prefix 5", lambda i, j: j <= i or (i < 5 and j < 5)),
    ("prefix --prefix 0", lambda i, j: j <= i), ("prefix --prefix 99", lambda i, j: True),
    ("prefix --prefix 5 --causal", lambda i, j: j <= i),
    ("chunked --chunk 4", lambda i, j: i // 4 == j // 4), ("chunked --chunk 1", lambda i, j: i == j),
    ("chunked --chunk 5 --causal", lambda i, j: i // 5 == j // 5 and j <= i),
    ("sinks --window 2 --sinks 3", lambda i, j: j <= i and (i - j < 2 or j < 3)),
    ("strided --window 4", lambda i, j: j <= i and (i - j < 4 or (i - j) % 4 == 0)),
    ("strided --window 1", lambda i, j: j <= i), (f"strided --window {LARGE}", lambda i, j: j <= i),
    ("sinks --window 1 --sinks 0", lambda i, j: i == j),
    (f"sinks --window {LARGE} --sinks {LARGE}", lambda i, j: j <= i),
    ("local --window 1 --global-at 0,7", lambda i, j: abs(i - j) <= 1 or i in (0, 7) or j in (0, 7)),
    ("sliding --window 2 --global-at 9-11", lambda i, j: j <= i and (i - j < 2 or i in (9, 10, 11)
                                                                     or j in (9, 10, 11))),
    ("none --mask-file PICTURE", picture),
    ("local --window 4 --mask-file PICTURE", lambda i, j: abs(i - j) <= 4 and picture(i, j)),
    ("causal --mask-file PICTURE", lambda i, j: j <= i and picture(i, j)),
]


def exported(box, rule, *more, model=FOLDER):
    file = box.path("picture.txt")
    box.write("picture.txt", "".join("".join(".#"[picture(i, j)] for j in range(N)) + "\n" for i in range(N)))
    options = ["--mask"] + rule.replace("PICTURE", "\0").split() if rule else []
    options = [file if option == "\0" else option for option in options]
    run = succeeded(box.run("--model", model, "--export", box.path("e"), TEXT, *options, *more))
    check(not run.err or ("PICTURE" in rule and all("may look at nothing" in line for line in run.remarks)), run)
    return read(box.path("e"))


def maps_of(tensors):
    """[layer][head][query][key]"""
    layers, heads, n, _ = tensors["attentions"].shape
    check(n == N, f"{n} tokens")
    rows = iter(tensors["attentions"].rows())
    return [[[next(rows) for _ in range(n)] for _ in range(heads)] for _ in range(layers)]


def obeyed(maps, allowed, what):
    """Forbidden cells are exactly 0, allowed ones are not all 0; a row sums to 1, or to 0 where nothing is allowed."""
    for layer in maps:
        for head in layer:
            for i, row in enumerate(head):
                may = [allowed(i, j) for j in range(N)]
                check(all(weight == 0 for weight, ok in zip(row, may) if not ok),
                      f"{what}: row {i} sees what it may not")
                check(all(weight > 0 for weight, ok in zip(row, may) if ok),
                      f"{what}: row {i} does not see what it may")
                check(abs(sum(row) - any(may)) < 1e-5, f"{what}: row {i} sums to {sum(row)}")


@test
def finished_heads_weighed_again(box):
    """A_mask = A / (1 - what was forbidden) on the allowed cells; hidden states are those of the whole model."""
    whole = exported(box, None)
    full = maps_of(whole)
    for rule, allowed in RULES:
        for scope in ((), ("--mask-scope", "head")):
            masked = exported(box, rule, *scope)
            maps = maps_of(masked)
            obeyed(maps, allowed, rule)
            for layer, before in zip(maps, full):
                for head, was in zip(layer, before):
                    for i, row in enumerate(head):
                        kept = sum(was[i][j] for j in range(N) if allowed(i, j))
                        expected = [was[i][j] / kept if allowed(i, j) else 0.0 for j in range(N)]
                        apart = largest_difference(row, expected)
                        check(apart < 2e-5, f"{rule}: row {i} is {apart} off")
            check(masked["hidden_states"].data == whole["hidden_states"].data,
                  f"{rule}: scope head must not touch the model")


@test
def every_layer_masked(box):
    """Against the Python model under the same rule."""
    whole, model = exported(box, None), Model(FOLDER)
    for rule, allowed in RULES:
        masked = exported(box, rule, "--mask-scope", "model")
        maps = maps_of(masked)
        obeyed(maps, allowed, rule)
        hidden, expected = model.forward(whole["input_ids"].values(), whole["token_type_ids"].values(), allowed)
        check(largest_difference(flat(maps), flat(expected)) < 5e-5, f"{rule}: other maps")
        check(largest_difference(masked["hidden_states"].values(), flat(hidden)) < 1e-4, f"{rule}: other hidden states")
        if allowed(0, N - 1) and allowed(N - 1, 0) and rule != "none --mask-file PICTURE":
            continue
        check(masked["hidden_states"].data != whole["hidden_states"].data, f"{rule}: the model did not change")


@test
def the_scopes_differ_from_layer_1_on(box):
    finished, through = (maps_of(exported(box, "causal", "--mask-scope", scope)) for scope in ("head", "model"))
    check(largest_difference(flat(finished[0]), flat(through[0])) < 1e-6, "layer 0 has the same q and k in both scopes")
    for layer in (1, 2):
        check(largest_difference(flat(finished[layer]), flat(through[layer])) > 1e-3, f"layer {layer} should differ")


@test
def masks_that_forbid_nothing(box):
    """Equal to no mask at all, bit for bit, in both scopes."""
    whole = (exported(box, None), (box.root / "e").read_bytes())[1]
    box.write("open.txt", ("#" * N + "\n") * N)
    for rule in ("none", f"local --window {N - 1}", f"local --window {N}", f"local --window {LARGE}",
                 f"global-local --window 0 --global {N}", f"global-local --window 0 --global {LARGE}",
                 f"chunked --chunk {N}", f"chunked --chunk {LARGE}", f"prefix --prefix {N}",
                 f"prefix --prefix {LARGE}", f"dilated --window {N} --dilation 1",
                 f"local --window 0 --global-at 0-{N - 1}", "none --mask-file open.txt"):
        for scope in ("head", "model"):
            exported(box, rule, "--mask-scope", scope)
            check((box.root / "e").read_bytes() == whole, f"{rule}, scope {scope}: other bytes")


@test
def parameters_that_are_not_given(box):
    """They come from the number of tokens, as the header documents: n/4, n/5, 2, n/4, n/2, at least 1."""
    for rule, given in (("local", f"local --window {N // 4}"), ("sliding", f"sliding --window {N // 4}"),
                        ("prefix", f"prefix --prefix {N // 4}"),
                        ("global-local", f"global-local --window {N // 4} --global {N // 5}"),
                        ("chunked", f"chunked --chunk {N // 2}"),
                        ("dilated", f"dilated --window {N // 4} --dilation 2"),
                        ("strided", f"strided --window {N // 4}"),
                        ("sinks", f"sinks --window {N // 4} --sinks 1")):
        first = (exported(box, rule), (box.root / "e").read_bytes())[1]
        check(first == (exported(box, given), (box.root / "e").read_bytes())[1], rule)
    for mask in "none causal local sliding prefix global-local chunked dilated sinks strided".split():
        silent(box.run("--model", PLAIN, "--mask", mask, "--tsv", "-", ""))


@test
def parameters_that_a_mask_does_not_take(box):
    for arguments, name in ((("causal", "--window", "3"), "--window"), (("local", "--global", "3"), "--global"),
                            (("sliding", "--dilation", "3"), "--dilation"), (("local", "--prefix", "3"), "--prefix"),
                            (("none", "--chunk", "3"), "--chunk"), (("sliding", "--sinks", "3"), "--sinks")):
        run = succeeded(box.run("--model", PLAIN, "--tsv", "-", TEXT, "--mask", *arguments), f"{name} is not used")
        without = silent(box.run("--model", PLAIN, "--tsv", "-", TEXT, "--mask", arguments[0]))
        check(run.out == without.out, arguments, "should have no effect")


@test
def tsv_shows_the_mask_too(box):
    for scope in ("head", "model"):
        masked = exported(box, "sliding --window 3", "--mask-scope", scope)
        run = silent(box.run("--model", FOLDER, "--tsv", "-", TEXT, "--mask", "sliding", "--window", "3",
                             "--mask-scope", scope))
        weights = [float(line.split("\t")[4]) for line in run.out.decode().split("\n")[1:-1]]
        check(largest_difference(weights, masked["attentions"].values()) < 1e-6, scope)
        check(all(line.endswith(b"\t0")
                  for line in run.out.split(b"\n")[1:-1] if int(line.split(b"\t")[3]) > int(line.split(b"\t")[2])),
              scope)


def refused_picture(box, content, *words):
    file = box.write("mask.txt", content)
    for mode in (("--tsv", box.path("t")), ("--terminal",), ()):
        failed(box.run("--model", PLAIN, TEXT, "--mask-file", file, *mode), 1, "mask.txt", *words)


@test
def pictures_of_masks_that_are_wrong(box):
    row = "#" * N + "\n"
    refused_picture(box, "", "lines", f"expected {N}")
    refused_picture(box, row * (N - 1), f"{N - 1} lines", f"expected {N}")
    refused_picture(box, row * (N + 1), f"{N + 1} lines")
    refused_picture(box, row * 3 + "#" * (N - 1) + "\n" + row * 9, ":4:", f"{N - 1} cells")
    refused_picture(box, row * 3 + "#" * (N + 1) + "\n" + row * 9, ":4:", f"{N + 1} cells")
    refused_picture(box, row * N + "\n", f":{N + 1}:")
    for bad, shown in (("x", "got 'x'"), (" ", f"{N - 1} cells"), ("\0", "0x00"), ("\x1b", "0x1b"), ("1", "got '1'"),
                       ("\t", f"{N - 1} cells"), ("\r", "0x0d")):
        refused_picture(box, row * 5 + "##" + bad + "#" * (N - 3) + "\n" + row * (N - 6), ":6:", shown)
    refused_picture(box, "#" * 5_000_000, ":1:", "5000000 cells")
    refused_picture(box, "\n" * 1_000_000, ":1:", "0 cells")
    refused_picture(box, b"\xff\xfe" + row.encode(), ":1:", "0xff", "UTF-16", "save the file as UTF-8")
    for mode in (("--tsv", box.path("t")), ()):
        failed(box.run("--model", PLAIN, TEXT, "--mask-file", box.path("nowhere"), *mode), 3, "nowhere", "No such file")
        failed(box.run("--model", PLAIN, TEXT, "--mask-file", box.folder("folder"), *mode), 3, "Is a directory")


@test
def pictures_of_masks_that_are_right(box):
    rows = ["".join(".#"[j <= i] for j in range(N)) for i in range(N)]
    expected = silent(box.run("--model", PLAIN, TEXT, "--mask", "causal", "--tsv", "-")).out
    table = "\n".join(",".join(row).replace("#", "1").replace(".", "0") for row in rows)   # as numpy.savetxt does
    for text in ("\n".join(rows) + "\n", "\n".join(rows), "\r\n".join(rows) + "\r\n", table, table.replace(",", ", ")):
        run = silent(box.run("--model", PLAIN, TEXT, "--mask-file", box.write("m", text), "--tsv", "-"))
        check(run.out == expected, "drawn causal is not causal:", repr(text[-20:]))
    nothing = box.write("m", ("." * N + "\n") * N)
    succeeded(box.run("--model", PLAIN, TEXT, "--mask-file", nothing, "--tsv", box.path("t")),
              "m: token 0 (and others) may look at nothing")
    check(all(line.endswith("\t0") for line in (box.root / "t").read_text().split("\n")[1:-1]),
          "nothing is allowed: zeros")
    succeeded(box.run("--model", PLAIN, TEXT, "--mask-file", box.path("m"), "--mask-scope", "model", "--tsv", "-"))
