#!/usr/bin/env python3
"""Stage 19 from the outside: its measures and its rollout against plain sums over the maps that transformers gave
(tests/fixtures), --find and what it refuses, and texts of one token or two.

    python3 tests/hostile/test_heads.py [WORD...]     only the tests whose name holds one of the words
    BUILD=build/asan python3 tests/hostile/test_heads.py

Python's standard library only.
"""
import base64
import json
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile

from training_files import BUILD, ROOT, check, main

from tensors import floats, load, write

FIXTURES = os.path.join(ROOT, "tests", "fixtures")
PLAIN, STORY = os.path.join(FIXTURES, "models", "plain"), os.path.join(FIXTURES, "gpt2", "story")
MINILM = os.path.join(ROOT, "data", "minilm")
MODELS = [PLAIN, STORY, *(os.path.join(FIXTURES, "models", name) for name in (
    "prefix_gamma_mlm", "one_head", "odd_geometry", "f16"))]
COLUMNS = ("layer head confidence_max confidence_avg focus focus_normalised sparsity distribution uniformity self next "
           "previous first_token sep punctuation entropy distance effective_context").split()


def heads(*more):
    with tempfile.TemporaryDirectory() as out:
        return subprocess.run([os.path.join(BUILD, "19_heads"), "--out", out, *more], capture_output=True, text=True,
                              timeout=600, check=False, cwd=ROOT)


def answer(*more):
    done = heads(*more)
    check(done.returncode == 0, more, done.stderr)
    check("nan" not in done.stdout.lower() and "inf" not in done.stdout.lower(), more, done.stdout)
    return done.stdout


def refused(code, words, *more):
    done = heads(*more)
    check(done.returncode == code and words in done.stderr and not done.stdout, more, done)
    check(done.stderr.count("\n") == 1 and done.stderr.startswith("19_heads: error: "), more, done.stderr)


# ---- the measures of DESIGN, once more

def entropy(row, tiny=0.0):
    return -sum(a * math.log(a + tiny) for a in row if a > 0)


def measures(a, ids, separators, points):
    n = len(a)
    cells = [x for row in a for x in row]
    focus = sum(entropy(row, 1e-10) for row in a)

    def share(wanted):
        return sum(a[i][j] for i in range(n) for j in range(n) if wanted(i, j)) / n

    return [max(cells), sum(map(max, a)) / n, focus, focus / (n * math.log(n)) if n > 1 else 0,
            sum(x < 0.01 for x in cells) / n ** 2, statistics.median(cells), statistics.pstdev(cells),
            share(lambda i, j: i == j), share(lambda i, j: j == i + 1), share(lambda i, j: j == i - 1),
            share(lambda i, j: j == 0), share(lambda i, j: ids[j] in separators),
            share(lambda i, j: ids[j] in points), sum(map(entropy, a)) / n,
            sum(a[i][j] * abs(i - j) for i in range(n) for j in range(n)) / n,
            sum(math.exp(entropy(row)) for row in a) / n]


def rollout(layers):
    n = len(layers[0][0])
    rolled = [[float(i == j) for j in range(n)] for i in range(n)]
    for maps in layers:
        mix = [[sum(a[i][j] for a in maps) / len(maps) / 2 + (i == j) / 2 for j in range(n)] for i in range(n)]
        rolled = [[sum(mix[i][k] * rolled[k][j] for k in range(n)) for j in range(n)] for i in range(n)]
    return rolled


def ids_of(folder, *words):
    path = os.path.join(folder, "vocab.txt")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            names = {line.rstrip("\n"): i for i, line in enumerate(file)}
    else:
        with open(os.path.join(folder, "vocab.json"), encoding="utf-8") as file:
            names = json.load(file)
    return {names[word] for word in words if word in names}


def cases_of(fixture, tensors):
    """(arguments, ids, layers of heads of rows) of each text that transformers read."""
    with open(os.path.join(fixture, "cases.tsv"), encoding="utf-8") as file:
        rows = [(line.rstrip("\n").split("\t") + [""])[:2] for line in file][1:]
    for k, (text, pair) in enumerate(rows):
        if f"{k}.attentions" not in tensors:
            continue
        layers, count, n, _ = tensors[f"{k}.attentions"].shape
        lines = tensors[f"{k}.attentions"].rows()
        maps = [[lines[(l * count + h) * n:(l * count + h + 1) * n] for h in range(count)] for l in range(layers)]
        words = ["--pair", pair] if pair else []
        yield [*words, text.replace("\\n", "\n")], list(tensors[f"{k}.input_ids"].values()), maps


def compare(folder, fixture, tensors):
    worst = tried = 0
    separators, points = ids_of(folder, "[SEP]"), ids_of(folder, ".", ",")
    for words, ids, layers in cases_of(fixture, tensors):
        head, *rows = [line.split("\t") for line in answer("--model", folder, "--tsv", "-", *words).split("\n")[:-1]]
        check(head == COLUMNS, head)
        order = [[str(l), str(h)] for l, maps in enumerate(layers) for h in range(len(maps))]
        check([row[:2] for row in rows] == order, folder, words)
        for row, a in zip(rows, [a for maps in layers for a in maps]):
            right = measures(a, ids, separators, points)
            for name, got, expected in zip(COLUMNS[2:], map(float, row[2:]), right):
                near = any(abs(x - 0.01) < 2e-5 for line in a for x in line)
                allowed = 2 / len(a) if name == "sparsity" and near else 2e-4 * max(1, abs(expected))
                check(abs(got - expected) <= allowed, folder, words, row[:2], name, got, expected)
                worst, tried = max(worst, abs(got - expected) if allowed < 1e-3 else 0), tried + 1
        lines = answer("--model", folder, "--rollout", "-", *words).split("\n")[:-1]
        for line, right in zip(lines, rollout(layers), strict=True):
            for got, expected in zip(map(float, line.split("\t")), right, strict=True):
                check(abs(got - expected) <= 2e-4, folder, words, "rollout", got, expected)
    check(tried > 0, folder, "nothing was compared")
    print(f"     {os.path.relpath(folder, ROOT)}: {tried} numbers, largest difference {worst:.1e}")


def measures_of_small_models(_):
    for folder in MODELS:
        compare(folder, folder, load(os.path.join(folder, "expected.safetensors")))


def measures_of_minilm(_):
    if os.path.isdir(MINILM):
        fixture = os.path.join(FIXTURES, "minilm")
        compare(MINILM, fixture, load(os.path.join(fixture, "full.safetensors")))


# ---- other forms

def json_says_what_tsv_says(_):
    text = "the old clock struck nine, and a bird sang."
    data = json.loads(answer("--model", PLAIN, "--json", "-", text))
    rows = answer("--model", PLAIN, "--tsv", "-", text).split("\n")[1:-1]
    check(data["tokens"][0] == "[CLS]" and len(data["heads"]) == len(rows), data["tokens"])
    for head, row in zip(data["heads"], rows):
        check([f"{head[name]:.9g}" for name in COLUMNS] == row.split("\t"), head, row)
        check("focus_allowed" in head and "induction" in head, head)


def short_texts_have_numbers(_):
    for model, text in ((PLAIN, ""), (PLAIN, "a"), (STORY, "T"), (STORY, "Th")):
        for more in ([], ["--mask", "local", "--window", "0"], ["--mask", "causal", "--mask-scope", "model"]):
            for what in (["--tsv", "-"], ["--json", "-"], ["--find", "next"], ["--terminal"]):
                answer("--model", model, *more, *what, text)


def every_measure_is_explained(_):
    data = json.loads(answer("--model", PLAIN, "--json", "-", "a bird sang."))
    for name in data["heads"][0]:
        if name not in ("layer", "head"):
            told = answer("--model", PLAIN, "--explain", name, "a bird sang.")
            check(all(word in told for word in (name + " = ", "range", "reading", "reference")), told)
    refused(2, "no measure entropie", "--model", PLAIN, "--explain", "entropie", "a")
    refused(2, "no measure entropie", "--model", PLAIN, "--metric", "entropie", "a")


def found_heads_are_in_order(_):
    for pattern in ("next", "separator", "same-word", "induction", "effective_context", "1,0 2,1", "0,0"):
        rows = answer("--model", PLAIN, "--find", pattern, "the old clock, the old bird.").split("\n")[2:-1]
        shares = [float(row.split()[2]) for row in rows]
        check(len(rows) > 1 and shares == sorted(shares, reverse=True), pattern, rows)
        if pattern == "0,0":
            check(all(0 <= share <= 1 for share in shares), shares)
    refused(2, "no such pattern", "--model", PLAIN, "--find", "clock", "a")
    refused(2, "no such pattern", "--model", PLAIN, "--find", "0,3", "a")
    refused(2, "two answers", "--model", PLAIN, "--find", "next", "--explain", "focus", "a")


def the_twin_is_the_seed_s(_):
    once, again, other = (answer("--model", PLAIN, "--find", "next", "--seed", seed, "a bird") for seed in "112")
    check(once == again, once, again)
    check([row.split()[:3] for row in once.split("\n")[2:-1]] == [row.split()[:3] for row in other.split("\n")[2:-1]],
          once, other)


def png_of(page, folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        check(base64.b64encode(file.read()).decode() in page, name, "is not in the page as it is beside it")


def a_report_is_whole_and_escaped(_):
    text = "<script>alert('a & \"b\"')</script> a bird\x07"
    for more in (("--model", PLAIN, text), ("--model", STORY, "--mask", "local", "--window", "1", "the lamp"),
                 ("--model", PLAIN, "--metric", "next", "--terminal", "--format", "svg", "a"),
                 ("--from", os.path.join(FIXTURES, "maps", "bert.safetensors"))):
        with tempfile.TemporaryDirectory() as folder:
            answer("--report", folder, *more)
            with open(os.path.join(folder, "report.html"), encoding="utf-8") as file:
                page = file.read()
            tags = set(re.findall(r"<([a-z]\w*)", page))
            check(not tags & {"script", "b", "link", "iframe", "object"}, tags)
            check(not re.search(r"(?:src|href)=\"(?!data:image/png;base64,)|url\(|[\x00-\x09\x0b-\x1f]", page), more)
            check(page.endswith("</html>\n") and "nan" not in re.sub(r"base64,[^\"]*", "", page).lower(), more)
            metric = "next" if "next" in more else "entropy"
            for name in (f"index_{metric}", f"depth_{metric}", "fingerprints", "head_map"):
                png_of(page, folder, name + ".png")
            rows = re.findall(r"<tr><td>(\w+)</td>(.*?)</tr>", page)
            check([row[0] for row in rows][:16] == COLUMNS[2:], rows)
            check(all(row[1].count("<td>") == (5 if "--from" in more else 8) for row in rows), rows)
            for word in ("Command", "Mask", "Types", "What this does not show", "19_heads"):
                check(word in page, word)
            check(("on the finished heads" in page) == ("--mask" in more), more)
            if more[-1] == text:
                check("&lt;script&gt;alert('a &amp; &quot;b&quot;')&lt;/script&gt; a bird\\x07" in page, page[:4000])
    refused(2, "two answers", "--model", PLAIN, "--report", "x", "--find", "next", "a")


def a_report_s_numbers_are_those_of_tsv(_):
    with tempfile.TemporaryDirectory() as folder:
        tsv = os.path.join(folder, "t")
        answer("--model", PLAIN, "--report", folder, "--tsv", tsv, "a bird sang")
        with open(os.path.join(folder, "report.html"), encoding="utf-8") as file:
            rows = dict(re.findall(r"<tr><td>(\w+)</td>(.*?)</tr>", file.read()))
        with open(tsv, encoding="utf-8") as file:
            lines = [line.split() for line in file]
        for place, name in enumerate(COLUMNS[2:], 2):
            values = [float(line[place]) for line in lines[1:]]
            told = [float(cell) for cell in re.findall(r"<td>([^<]+)</td>", rows[name])]
            for at, value in ((0, min(values)), (2, max(values)), (4, statistics.mean(values))):
                check(abs(told[at] - value) < 6e-5, name, told, value)
            check(told[7] == sum(not told[5] - 5e-5 <= v <= told[6] + 5e-5 for v in values)
                  or told[7] == sum(not told[5] <= v <= told[6] for v in values), name, told, values)


def a_report_that_cannot_be_written_is_none(_):
    with tempfile.TemporaryDirectory() as folder:
        place = os.path.join(folder, "file")
        with open(place, "w", encoding="utf-8"):
            pass
        refused(3, "file", "--model", PLAIN, "--report", place, "a bird")
        done = subprocess.run([os.path.join(BUILD, "19_heads"), "--out", folder, "--model", PLAIN, "--report",
                               os.path.join(folder, "r"), "a bird"], capture_output=True, text=True, check=False,
                              cwd=ROOT, env={"PATH": "/nowhere"})
        check(done.returncode == 3 and "gnuplot" in done.stderr, done)
        check(not os.path.exists(os.path.join(folder, "r", "report.html")), "half a report")


def a_row_that_sees_nothing_keeps_the_lesson(folder):
    n = len(answer("--model", PLAIN, "--rollout", "-", "a bird").split("\n")) - 1
    mask = os.path.join(folder, "mask")
    with open(mask, "w", encoding="utf-8") as file:
        file.write("".join("." * n + "\n" if i == 1 else "#" * n + "\n" for i in range(n)))
    for scope in ("head", "model"):
        said = answer("--model", PLAIN, "--mask-file", mask, "--mask-scope", scope, "--out", folder, "a bird")
        check("told and common agree" in said, said)


def a_proof_that_is_left_out_is_said(folder):
    rope = os.path.join(folder, "rope")
    done = subprocess.run([os.path.join(BUILD, "15_training"), "--steps", "2", "--layers", "1", "--width", "8",
                           "--heads", "2", "--context", "16", "--positions", "rope", "--sample", "0", "--terminal",
                           "--out", rope, "--data", os.path.join(ROOT, "data", "lamplighter.txt")],
                          capture_output=True, text=True, timeout=600, check=False, cwd=ROOT)
    check(done.returncode == 0, done.stderr)
    for model, left_out in ((PLAIN, 0), (STORY, 0), (rope, 1)):
        done = heads("--model", model, "--terminal", "lamp")
        check(done.returncode == 0 and "told and common agree" in done.stdout, model, done)
        check(done.stderr.count("their split is not proven this time") == left_out, model, done.stderr)


def what_is_not_there_is_said_before_the_lesson(_):
    refused(2, "--layer 6", "--model", PLAIN, "--value-weighted", "--layer", "6", "a bird")
    refused(2, "--head 3", "--model", PLAIN, "--value-weighted", "--head", "3", "a bird")
    refused(1, "no token is left", "--model", PLAIN, "--value-weighted", "--no-special", "")


def divergence(p, q):
    """Jensen and Shannon's, of two rows that sum to 1."""
    return sum(a / 2 * math.log(2 * a / (a + b)) for a, b in zip(p, q) if a > 0) + sum(
        b / 2 * math.log(2 * b / (a + b)) for a, b in zip(p, q) if b > 0)


def maps_of(*line):
    done = subprocess.run([os.path.join(BUILD, "17_bert"), "--model", PLAIN, "--tsv", "-", *line], capture_output=True,
                          text=True, check=True, cwd=ROOT)
    found = {}
    for row in done.stdout.split("\n")[1:-1]:
        layer, head, query, _, weight = row.split("\t")
        found.setdefault((layer, head, query), []).append(float(weight))
    return found


def beside_has_signed_differences(_):
    text, mask = "the old clock, a bird sang.", ["--mask", "local", "--window", "1"]
    head, *rows = [row.split("\t") for row in answer("--model", PLAIN, "--beside-mask", "local:1", "--tsv", "-",
                                                     text).split("\n")[:-1]]
    check(head == "layer head row measure first second difference".split(), head)
    both = [json.loads(answer("--model", PLAIN, *more, "--json", "-", text))["heads"] for more in ([], mask)]
    numbers = {tuple(row[:4]): tuple(map(float, row[4:])) for row in rows}
    for one, other in zip(*both, strict=True):
        for name in (name for name in one if name not in ("layer", "head")):
            got = numbers.pop((str(one["layer"]), str(one["head"]), "-1", name))
            expected = (one[name], other[name], other[name] - one[name])
            check(all(abs(x - y) < 1e-7 * max(1, abs(y)) for x, y in zip(got, expected)), name, got, expected)
    plain, masked = maps_of(text), maps_of(*mask, text)
    check(len(numbers) == len(plain), len(numbers), len(plain))
    for (layer, place, query, name), (first, second, difference) in numbers.items():
        expected = divergence(plain[layer, place, query], masked[layer, place, query])
        check(name == "divergence" and first == 0 and second == difference, name, first, second, difference)
        check(abs(second - expected) < 1e-6, layer, place, query, second, expected)
    rows = answer("--model", PLAIN, "--beside-text", "a bird", "--tsv", "-", text)
    check("focus" in rows and "divergence" not in rows, "texts of different lengths have no rows to compare")


def beside_names_both_texts_and_only_what_moved(_):
    one = ["--model", PLAIN, "--layer", "0", "--head", "1", "--terminal"]
    said = answer(*one, "--beside-text", "the old clock", "the old bird")
    rows = re.findall(r"^ +\d+  (\S+) +0\.\d{4}  ", said, re.M)
    check("bird|clock" in rows and "old" in rows and "clock" not in rows, rows)
    said = answer(*one, "--beside-mask", "sliding:2", "--mask", "sliding", "--window", "3", "the old bird")
    rows = re.findall(r"^ +(\d+)  (?:\S+) +(0\.\d{4})  (.*)", said, re.M)
    check(rows[1][1:] == ("0.0000", f"{'      -':22}       -"), rows[1])
    check(all(" - " not in f"{row[2]} " for row in rows[3:]), rows)
    apart = said[said.index("second less first"):]
    check("[CLS] ..////////\n" in apart, "what both masks hide is no difference of 0", apart)
    said = answer("--model", PLAIN, "--terminal", "--beside-model", STORY, "the old bird")
    check("the 2 layers x 3 heads that both have\n" in said, said[:400])  # of 2 x 3 and 2 x 4
    check("that both have\n" not in answer("--model", PLAIN, "--terminal", "--beside-twin", "a bird"), "of one form")


def white_is_nothing_in_the_flow(_):
    said = answer("--model", PLAIN, "--paths", "--terminal", "a bird")
    check(re.findall(r"^(\S+)   \.\.::", said, re.M) == ["0", "0"], "the scales of rollout and flow", said)


def a_file_s_rows_need_not_sum_to_1(folder):
    rows = [[1.5, .2, .1], [.3, .3, .4], [1, 1, 0]]
    maps = floats([weight for row in rows for weight in row], [1, 1, 3, 3])
    file = write(os.path.join(folder, "f"), {"attentions": maps}, {"tokens": '["a", "b", "c"]'})
    done = heads("--from", file)
    check(done.returncode == 0 and "told and common agree" in done.stdout, done)
    said = re.search(r"^entropy +(\S+)", done.stdout, re.M).group(1)
    check(abs(float(said) - sum(max(0, entropy(row)) for row in rows) / 3) < 1e-4, said)
    for option in (["--beside-twin"], ["--beside-mask", "causal"], ["--beside-text", "x"], ["--beside-model", PLAIN]):
        done = heads("--from", file, *option)
        check(done.returncode == 1 and f"{option[0]} works on" in done.stderr, done)


def colours_end_where_the_measure_does(folder):
    """Of two tokens no entropy is above ln 2; a share goes to 1, whatever the heads do."""
    for measure, most in (("entropy", 0.7), ("previous", 1)):
        answer("--model", STORY, "--metric", measure, "--out", folder, "la")
        with open(os.path.join(folder, f"index_{measure}.gp"), encoding="utf-8") as file:
            end = float(re.search(r"cbrange \[.*:(.*)\]", file.read()).group(1))
        check(end < most if measure == "entropy" else end == most, measure, end)


def the_map_of_heads_has_the_types_of_the_lesson(folder):
    """Whoever is as broad as the random twin is `mixed` there, and nothing on the map."""
    lesson = answer("--model", STORY, "--terminal", "the lamp")
    answer("--model", STORY, "--head-map", "--out", folder, "the lamp")
    with open(os.path.join(folder, "head_map.dat"), encoding="utf-8") as file:
        points = [line.split()[2] for line in file if line[0] != "#"]
    for name, point in (("first", "13"), ("broad", "4")):
        said = re.search(rf"^{name} +([0-9]+)", lesson, re.M)
        check(points.count(point) == (int(said.group(1)) if said else 0), name, points, lesson)
    check("more that the random twin matches" in lesson and len(points) == 8, lesson)


if __name__ == "__main__":
    sys.exit(main([measures_of_small_models, measures_of_minilm, json_says_what_tsv_says,
                   short_texts_have_numbers, every_measure_is_explained, found_heads_are_in_order,
                   the_twin_is_the_seed_s, a_report_is_whole_and_escaped,
                   a_report_s_numbers_are_those_of_tsv, a_report_that_cannot_be_written_is_none,
                   beside_has_signed_differences, a_row_that_sees_nothing_keeps_the_lesson,
                   what_is_not_there_is_said_before_the_lesson, beside_names_both_texts_and_only_what_moved,
                   white_is_nothing_in_the_flow, colours_end_where_the_measure_does,
                   the_map_of_heads_has_the_types_of_the_lesson, a_file_s_rows_need_not_sum_to_1,
                   a_proof_that_is_left_out_is_said]))
