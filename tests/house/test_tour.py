#!/usr/bin/env python3
"""docs/tour.sh, docs/stages.sh and docs/gallery.sh, on a made-up checkout with a stage and a tour of its own."""
import html.parser
import os
import shutil
import subprocess
import tempfile

import house

PNG = "not really a picture"
STAGE = {"stages/01_a/main.c": "", "stages/01_a/README.md": "", "stages/stages.tsv":
         "# a comment\n01_a\tA\ttells a\tbase\ta picture\tstory\n02_b\tB\ttells b\tbase\ta picture\t-\n"}


class Page(html.parser.HTMLParser):
    """The words, addresses and elements of a page."""

    def __init__(self, text):
        super().__init__()
        self.words, self.addresses, self.elements = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "data") and value[0] != "#"]

    def handle_data(self, data):
        self.words.append(data.strip())


def tour(steps, files=()):
    """Runs a tour of these (title, command[, needs]) steps; gives exit code, stdout, stderr, Page."""
    with tempfile.TemporaryDirectory() as root:
        for name in ("docs/tour.sh", "docs/stages.sh", "docs/gallery.sh", "docs/gallery.css",
                     "common/show/page/colours.css"):
            os.makedirs(os.path.dirname(f"{root}/{name}"), exist_ok=True)
            shutil.copy(f"{house.ROOT}/{name}", f"{root}/{name}")
        files = dict(STAGE, **dict(files))
        files["stages/01_a/tour.tsv"] = "# a comment\n\n" + "".join("\t".join(step) + "\n" for step in steps)
        for path, text in files.items():
            os.makedirs(os.path.dirname(f"{root}/{path}"), exist_ok=True)
            with open(f"{root}/{path}", "w", encoding="utf-8") as file:
                file.write(text)
        result = subprocess.run(["sh", "docs/tour.sh"], cwd=root, capture_output=True, text=True, timeout=60)
        page = f"{root}/out/index.html"
        text = open(page, encoding="utf-8").read() if os.path.exists(page) else ""
        missing = [address for address in Page(text).addresses
                   if not os.path.exists(f"{root}/out/{address.replace('%23', '#').replace('%25', '%')}")]
        assert not missing, f"the gallery points at {missing}"
        return result.returncode, result.stdout, result.stderr, Page(text)


def figure(path, title, command):
    return {f"out/{path}.gp": f"# title: {title}\n# command: {command}\nplot 1\n", f"out/{path}.png": PNG}


def steps_run_in_their_order():
    code, out, err, page = tour([("first", "echo one | tee out/a", "-"),
                                 ("second", 'cat out/a; echo "two $((1 + 1))"', "-")])
    assert code == 0 and not err, f"{code} {err}"
    assert out.index("[1/2] 01_a: first") < out.index("one") < out.index("[2/2] 01_a: second") < out.index("two 2"), out
    assert out.strip().split("\n")[-1].endswith("/out/index.html in a browser"), out
    assert "two 2" in "\n".join(page.words), page.words


def a_step_that_fails_does_not_stop_the_tour():
    code, out, err, _ = tour([("first", "echo broken >&2; exit 1", "-"), ("second", "echo still here", "-")])
    assert code == 1 and "still here" in out and "broken" in err, f"{code} {out} {err}"
    assert err.strip().split("\n")[-1] == "tour: error: 1 of 2 steps failed. Try: make doctor", err


def a_step_without_its_data_is_left_out():
    code, out, err, _ = tour([("first", "echo it ran", "story no-such-model"), ("second", "echo this ran", "-"),
                              ("third", "echo that ran"), ("fourth", "echo fourth ran", "model")],
                             {"data/story.txt": "x", "data/model/config.json": "{}"})
    assert code == 0 and "\n    it ran" not in out and "data/fetch.sh no-such-model\n" in err, f"{out} {err}"
    assert all(f"\n    {word} ran" in out for word in ("this", "that", "fourth")), out
    assert "1 of 4 steps left out" in err, err


def a_stage_that_names_no_steps_runs_as_it_is():
    files = dict(STAGE, **{"stages/02_b/main.c": "", "stages/02_b/README.md": ""})
    with house.made_up(files) as root:
        os.mkdir(root + "/docs")
        shutil.copy(house.ROOT + "/docs/stages.sh", root + "/docs")
        steps = subprocess.run(["sh", "docs/stages.sh", "steps"], cwd=root, capture_output=True, text=True).stdout
        assert steps == "01_a\tA\tbuild/01_a\tstory\n02_b\tB\tbuild/02_b\t-\n", steps
        os.remove(root + "/stages/02_b/README.md")
        for form, words in (("list", "make run-01 (needs data: story)"), ("markdown", "[01 A](stages/01_a/README.md)")):
            text = subprocess.run(["sh", "docs/stages.sh", form], cwd=root, capture_output=True, text=True).stdout
            assert words in text and "to come" in text and "run-02" not in text, text


def the_gallery_has_every_picture_and_its_command():
    files = dict(figure("one/a", "the first", 'build/x "a b"'), **figure("two/b", "the second", "build/y"))
    files["out/one/half.gp"] = "# title: never finished\n# command: build/z\n"
    code, out, _, page = tour([], files)
    words = "\n".join(page.words)
    assert code == 0 and "2 pictures" in out and "2 pictures" in words, out
    assert page.elements.count("img") == 2 and "never finished" not in words
    assert all(text in page.words for text in ("the first", 'build/x "a b"', "the second", "build/y")), page.words
    assert "one/a.png" in page.addresses and "one/a.gp" in page.addresses, page.addresses
    order = [page.words.index(text) for text in ("one", "the first", "two", "the second")]
    assert order == sorted(order), "there is a heading for each stage's folder"


def the_cover_shows_all_heads_and_opens_the_page():
    files = dict(figure("17_bert/h", "all heads", "build/17_bert"), **figure("10_masks/m", "masks", "build/10_masks"))
    _, _, _, page = tour([], dict(files, **{"out/20_atlas/index.html": "the page"}))
    places = [page.addresses.index(name) for name in ("17_bert/h.png", "20_atlas/index.html", "10_masks/m.png")]
    assert places == sorted(places), page.addresses
    assert page.elements.count("iframe") == 1 and page.words.count("all heads") == 2, page.words
    _, _, _, page = tour([], files)
    assert "iframe" not in page.elements, "a page that is not there is not shown"


def the_cover_names_the_other_pages_by_their_steps():
    steps = [("guesses for a gap", "true --page out/20_atlas/gaps.html x", "-"),
             ("two texts", "true --out out/20_atlas/two", "-")]
    pages = {f"out/20_atlas/{name}.html": "a page" for name in ("index", "gaps", "two/index", "nobody")}
    _, _, _, page = tour(steps, pages)
    assert all(f"20_atlas/{name}.html" in page.addresses for name in ("gaps", "two/index")), page.addresses
    assert "guesses for a gap" in page.words and "two texts" in page.words, page.words
    assert "20_atlas/nobody.html" not in page.addresses, "what no step wrote has no title"


def the_tour_ends_in_the_book_and_goes_without():
    book = {"docs/book/book.py": "open('out/index.html', 'w').write('<p>the book is its cover')\n"}
    code, out, err, page = tour([("first", "echo one", "-")], book)
    assert code == 0 and not err and "the book is its cover" in page.words, f"{code} {err} {page.words}"
    code, out, err, page = tour([("first", "echo one", "-")], {"docs/book/book.py": "raise SystemExit(3)\n"})
    assert code == 0 and "the gallery is there, the book is not" in err, f"{code} {err}"
    assert out.strip().split("\n")[-1].endswith("/out/index.html in a browser"), out
    assert "what each step printed" in page.words, page.words


def hostile_words_stay_words():
    title = "</title><script>alert(1)</script> & \"q\" 'a' `b` $(c) \\1 \\& &amp; ]]> é 猫"
    _, _, _, page = tour([("printed <b>", "echo '<img src=x> &'", "-")], figure("a#b%/c", title, title))
    assert page.words.count(title) == 2, page.words         # as title and as command
    assert "script" not in page.elements and page.elements.count("img") == 1, page.elements
    assert "<img src=x> &" in page.words, page.words


if __name__ == "__main__":
    house.main([steps_run_in_their_order, a_step_that_fails_does_not_stop_the_tour, a_step_without_its_data_is_left_out,
                a_stage_that_names_no_steps_runs_as_it_is, the_gallery_has_every_picture_and_its_command,
                the_cover_shows_all_heads_and_opens_the_page, the_cover_names_the_other_pages_by_their_steps,
                the_tour_ends_in_the_book_and_goes_without, hostile_words_stay_words])
