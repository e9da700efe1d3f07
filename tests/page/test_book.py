#!/usr/bin/env python3
"""The book that docs/book/book.py writes: no dead link, and in a real Chromium (book.mjs) no request, no page that is
wider than a phone, nothing for axe to complain of, words that are found.

It is made of this checkout's pages, beside two made-up pictures, in a folder of its own. Needs cmark-gfm, and for the
second half what test_page.py needs; what is not there is said."""
import html.parser
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import test_page  # noqa: E402

ROOT = test_page.ROOT
FIGURES = {"17_bert/heads": "all heads", "10_masks/a#b%": "a name that an address has to spell"}


def checkout(folder):
    """A checkout that shares everything with this one but what was drawn; gives its out/."""
    for name in ("README.md", "Makefile", "LICENSE", "common", "data", "stages", "tests"):
        os.symlink(os.path.join(ROOT, name), os.path.join(folder, name))
    shutil.copytree(os.path.join(ROOT, "docs"), os.path.join(folder, "docs"))   # (Python looks behind links)
    out = os.path.join(folder, "out")
    for stem, title in FIGURES.items():
        os.makedirs(os.path.dirname(f"{out}/{stem}"), exist_ok=True)
        with open(f"{out}/{stem}.gp", "w", encoding="utf-8") as file:
            file.write(f"# title: {title}\n# command: build/x <&>\nplot 1\n")
        shutil.copy(os.path.join(ROOT, "docs", "img", "bert.png"), f"{out}/{stem}.png")
    os.makedirs(f"{out}/20_atlas")
    with open(f"{out}/20_atlas/index.html", "w", encoding="utf-8") as file:
        file.write("<!doctype html><html lang=en><title>the page</title><main><h1>the page</h1></main></html>")
    return out


class Links(html.parser.HTMLParser):
    """The addresses and the anchors of a page."""

    def __init__(self, text):
        super().__init__()
        self.addresses, self.anchors = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.addresses += [value for name, value in attrs if name in ("href", "src", "data") and value]
        self.anchors += [value for name, value in attrs if name == "id"]


def dead_links(files):
    """Of pages {path: text}: addresses that lead to no file or to no place in one, and anchors that are there twice."""
    pages = {path: Links(text) for path, text in files.items()}
    for path, page in pages.items():
        for address in page.addresses:
            if re.match(r"(https?|data):", address):
                continue
            target, _, anchor = address.partition("#")
            place = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
            target = urllib.parse.unquote(place)
            if not os.path.exists(target):
                yield f"{path}: {address}: no such file"
            elif anchor and target in pages and urllib.parse.unquote(anchor) not in pages[target].anchors:
                yield f"{path}: {address}: no such place"
        yield from (f"{path}: #{name} is there twice" for name in set(page.anchors) if page.anchors.count(name) > 1)


def texts(out):
    names = [os.path.join(out, "index.html")]
    names += sorted(os.path.join(out, "book", name) for name in os.listdir(f"{out}/book") if name.endswith(".html"))
    return {name: open(name, encoding="utf-8").read() for name in names}


def search_of(out):
    with open(f"{out}/book/search.js", encoding="utf-8") as file:
        return file.read()


def checks(out):
    """(name, what is wrong or nothing) of what needs no browser."""
    pages = texts(out)
    names = [os.path.basename(name) for name in pages]
    yield "no dead link", list(dead_links(pages))
    yield "a dead link would be seen", [] if len(list(dead_links({
        f"{out}/book/x.html": '<a href="no.html"></a><a href="#no"></a><a href="index.html#no"></a><p id=a><p id=a>',
        f"{out}/book/index.html": ""}))) == 4 else "it is not"
    lectures = sorted(name for name in os.listdir(f"{ROOT}/stages") if os.path.isdir(f"{ROOT}/stages/{name}"))
    yield "a page for each lecture", [name for name in lectures if name + ".html" not in names]
    course = [name + ".html" for name in lectures]
    ways = [re.search(r'rel="next"[^>]*href="([^"]*)"', pages[f"{out}/book/{name}"]).group(1) for name in course[:-1]]
    yield "on leads to the next lecture", [] if ways == course[1:] else ways
    inside = "".join(text for name, text in pages.items() if "/book/" in name)
    found = '"Terms","term-softmax","softmax"' in search_of(out)
    yield "terms are found by their names", [] if found else "they are not"
    yield "nothing leads out of the folder", re.findall(r'(?:href|src)="\.\./[^"]*', inside)
    yield "comments stay behind", re.findall(r"<!--(?!book).*", inside)
    masks = pages[f"{out}/book/10_masks.html"]
    yield "a picture says what draws it", [] if "<code>build/10_masks</code></figcaption>" in masks else "it does not"
    yield "a source is named by its place", [] if '"file">stages/10_masks/main.c<' in masks else "it is not"
    lowered = "<sub>Q</sub>" in pages[f"{out}/book/09_queries_keys_values.html"]
    kept = "<code>mask_allows(mask, i, j)</code>" in masks
    yield "an index is lowered, a C name is not", [] if lowered and kept else [lowered, kept]
    yield "a picture's odd name is spelled", [] if "a%23b%25.png" in pages[f"{out}/book/gallery.html"] else "it is not"


def main():
    if not shutil.which("cmark-gfm"):
        test_page.skip("cmark-gfm is not here. Try: make deps")
    with tempfile.TemporaryDirectory() as folder:
        out = checkout(folder)
        made = subprocess.run([sys.executable, f"{folder}/docs/book/book.py"], capture_output=True, text=True,
                              timeout=60, check=False)
        if made.returncode or made.stderr:
            print(f"FAIL book.py: {made.returncode} {made.stderr}\n0 passed, 1 failed, 0 skipped")
            return 1
        lines = [f"not ok {name}: {wrong}" if wrong else f"ok {name}" for name, wrong in checks(out)]
        if any(line.startswith("not ok ") for line in lines):
            return test_page.judged("book.py", lines, 0)
        chromium, environment = test_page.browser()
        seen, ended = test_page.seen("book.mjs", chromium, environment, 150, out)
    return test_page.judged("book.mjs", lines + seen, ended)


if __name__ == "__main__":
    sys.exit(main())
