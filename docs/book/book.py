#!/usr/bin/env python3
"""Write the course as one folder that needs no network, out/book, and its cover, out/index.html.

    python3 docs/book/book.py       `make book` and `make tour` call it

The lectures in their order, then docs/, then what these link to; the pictures; the gallery of what was drawn in out/,
and the page of stage 20 if it was written. The folder can be copied to anywhere: nothing in it leads out of it, but for
addresses on the web. Sources stay in the checkout and are named by their place there. Made aside, then renamed.
Exit 0, or 3 with one line when something is missing.
"""
import glob
import html
import json
import os
import re
import shutil
import string
import subprocess
import sys

import markdown
import syllabus
from markdown import ROOT, Trouble, plain, read

DOCS = "setup notation c_idioms terms syllabus faq masks recipes any_model page scale speed references".split()
KINDS = ["Begin", "Lectures", "Beside them", "To teach with it", "For authors"]
KIND_OF = [("README", 0), ("stages/", 1), ("docs/lecturers", 3), ("docs/assignments", 3), ("docs/", 2), ("data/", 2),
           ("", 4)]
HERE = "docs/book"
KEPT = re.compile(r"\.(png|svg|pdf|gp|dat|html)$")      # of what out/ holds: pictures, their scripts and numbers, pages


def order():
    """{path in the checkout: file in the book}, in reading order."""
    paths = ["README.md"] + [stage.path for stage in syllabus.stages()]
    paths += [f"docs/{name}.md" for name in DOCS]
    paths += sorted(glob.glob("docs/**/*.md", root_dir=ROOT, recursive=True))
    paths = [path for path in dict.fromkeys(paths) if os.path.exists(os.path.join(ROOT, path))]
    for path in paths:                                  # (it grows while it is read: what is linked comes at the end)
        for target in re.findall(r"\]\(([^)#\s]+)", read(path)):
            linked = os.path.normpath(os.path.join(os.path.dirname(path), target))
            if linked.endswith(".md") and linked not in paths and os.path.exists(os.path.join(ROOT, linked)):
                paths.append(linked)
    return {path: file_of(path) for path in sorted(paths, key=kind_of)}


def kind_of(path):
    """A place in KINDS."""
    return next(kind for start, kind in KIND_OF if path.startswith(start))


def file_of(path):
    """stages/01_characters/README.md -> 01_characters.html, docs/masks.md -> masks.html, README.md -> course.html."""
    words = path.removesuffix(".md").removesuffix("/README").split("/")
    name = "_".join(words[1:] if words[0] in ("stages", "docs") else words)
    return ("course" if name == "README" else name) + ".html"


class Book:
    """What is written, and where to: a folder aside, which becomes out/book when all is in it."""

    def __init__(self, folder):
        self.folder, self.pages, self.course = folder, order(), syllabus.stages()
        self.terms = syllabus.terms()
        self.frame = string.Template(read(f"{HERE}/frame.html"))
        self.told = {}                                  # file: (title, its HTML)

    def picture(self, path):
        name = "pictures/" + os.path.basename(path)
        os.makedirs(os.path.join(self.folder, "pictures"), exist_ok=True)
        shutil.copy(os.path.join(ROOT, path), os.path.join(self.folder, name))
        return name

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def contents(self, current, parts):
        """The list of all pages, the current one with its sections."""
        rows, group = [], None
        for path, name in self.pages.items():
            title, kind = self.told[name][0], kind_of(path)
            if kind != group:
                rows += ["</ul>"] * bool(rows) + [f"<h2>{KINDS[kind]}</h2><ul>"]
                group = kind
            mark = ' aria-current="page"' if name == current else ""
            rows.append(f'<li><a href="{name}"{mark}>{html.escape(short(title))}</a>')
            if mark and parts:
                rows.append("<ul>" + "".join(f'<li><a href="#{anchor}">{html.escape(heading)}</a></li>'
                                             for anchor, heading in parts) + "</ul>")
            rows.append("</li>")
        return "\n".join([*rows, "</ul>"])

    def framed(self, name, title, body, kind=""):
        """The page `name`, with search, contents, and the ways on and back."""
        parts = [(anchor, heading) for level, anchor, heading, _ in markdown.sections(body) if level == 2]
        names = list(self.told)
        at = names.index(name) if name in names else -1
        turns = ""
        for rel, words, to in (("prev", "Back", at - 1), ("next", "On", at + 1)):
            if 0 <= at and 0 <= to < len(names):
                turns += (f'<a rel="{rel}" class="{rel}" href="{names[to]}"><span>{words}</span>'
                          f'{html.escape(short(self.told[names[to]][0]))}</a>')
        self.write(name, self.frame.substitute(
            title=html.escape(title), body=body, kind=kind, contents=self.contents(name, parts), turns=turns,
            doors=self.doors()))

    def doors(self, to=""):
        """Ways to what every page leads to, as far as it is there. to: the way to the book."""
        named = [("syllabus.html", "Syllabus"), ("terms.html", "Terms"), ("gallery.html", "Gallery"),
                 ("20_atlas/index.html", "The page")]
        there = [(name, words) for name, words in named if name in self.told or name == "gallery.html"
                 or "/" in name and os.path.exists(os.path.join(ROOT, "out", name))]
        return " ".join(f'<a href="{to}{name}">{words}</a>' for name, words in there)


def short(title):
    """`10 · Masks ★★☆☆ (40 min)` -> `10 · Masks`."""
    return re.sub(r"\s*[★☆]+.*", "", title)


def told_here(book, stage):
    """The words that a lecture tells, each with a link to its row in the index of terms."""
    words = [row[0] for row in book.terms if row[1] == stage.number]
    if not words:
        return ""
    links = ", ".join(f'<a href="terms.html#{term_anchor(word)}">{html.escape(plain(markdown.convert(word)))}</a>'
                      for word in words)
    return f'<p class="told">New words here: {links}.</p>'


def term_anchor(word):
    return "term-" + re.sub(r"\W+", "-", word.lower()).strip("-")


def place_of(book, stage, forms):
    """The section of a lecture that has one of these words first, as an address."""
    name = book.pages[stage.path]
    for _, anchor, heading, words in markdown.sections(book.told[name][1]):
        if any(re.search(rf"\b{re.escape(form)}", f"{heading} {words}", re.I) for form in forms if form):
            return f"{name}#{anchor}"
    return name


def index_of_terms(book):
    """docs/terms.md's table from A to Z, each term with the way to the place that tells it."""
    title, text = book.told["terms.html"]
    stages = {stage.number: stage for stage in book.course}
    rows = []
    for word, number, what, forms in sorted(book.terms, key=lambda row: row[0].strip("`*").lower()):
        name = re.sub(r"</?p>", "", markdown.convert(word)).strip()
        said = re.sub(r"</?p>", "", markdown.convert(what)).strip()
        stage = stages.get(number)
        forms = [form.strip() for form in (forms or plain(name)).split(",")] + [plain(name)]
        where = f'<a href="{place_of(book, stage, forms)}">{number} {html.escape(stage.title)}</a>' if stage else number
        rows.append(f'<dt id="{term_anchor(word)}">{name}</dt><dd>{markdown.lowered(said)} <span class="where">{where}'
                    "</span></dd>")
    text = re.sub(r"<p>The last column.*?</p>", "", text, flags=re.S)
    body = re.sub(r'<div class="wide".*</div>', lambda _: f'<dl class="terms">{"".join(rows)}</dl>', text, count=1,
                  flags=re.S)
    book.told["terms.html"] = title, body


def table_of_lectures(book, to):
    """For the covers: each lecture with what it tells, its minutes, exercises and picture. to: the way to the book."""
    rows = []
    for stage in book.course:
        name, count = to + book.pages[stage.path], len(stage.exercises)
        image = ""
        if stage.picture:
            image = f'<img src="{to}{book.picture(stage.picture)}" alt="" loading="lazy">'
        rows.append(f'<li>{image}<div><h3><a href="{name}">{stage.number} · {html.escape(stage.title)}</a></h3>'
                    f"<p>{html.escape(stage.tells)}</p><p class=\"sums\">{stage.minutes} min · {count} exercises, "
                    f"{stage.total('minutes')} min, {stage.total('points')} points</p></div></li>")
    told, solved = sum(stage.minutes for stage in book.course), sum(stage.total("minutes") for stage in book.course)
    return ('<section class="lectures" id="lectures"><h2>The lectures</h2><p class="ways">'
            f'<a class="open" href="{to}course.html">Begin here</a> {len(book.course)} lectures, {told} minutes to '
            "read, "
            f"{sum(len(stage.exercises) for stage in book.course)} exercises, {solved} minutes to solve. "
            f'<span class="doors">{book.doors(to)}</span></p>'
            f'<ol>{"".join(rows)}</ol></section>')


def keep(source, target):
    """One file twice without taking its room twice, where the disk can do that."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)


def drawn(book):
    """What the tour left in out/ moves in, at the same places."""
    out = os.path.join(ROOT, "out")
    for folder, folders, files in os.walk(out):
        folders[:] = [name for name in folders if name not in ("book", ".book", "tour")]
        for name in files if folder != out else ():
            if KEPT.search(name):
                source = os.path.join(folder, name)
                keep(source, os.path.join(book.folder, os.path.relpath(source, out)))


def style(gallery):
    return re.search(r"<style>\n(.*?)</style>", gallery, re.S).group(1)


def gallery():
    done = subprocess.run(["sh", "docs/gallery.sh"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def make(folder):
    book = Book(folder)
    for path, name in book.pages.items():
        title, text = markdown.page(path, book.pages, book.picture)
        book.told[name] = "The course" if path == "README.md" else title, text
    for stage in book.course:
        name = book.pages[stage.path]
        title, text = book.told[name]
        book.told[name] = title, text + told_here(book, stage)
    if "terms.html" in book.told:
        index_of_terms(book)
    for name, (title, text) in book.told.items():
        book.framed(name, short(title), text)
    everything = gallery()
    opening, _, pictures = re.search(r"<main>\n(.*?)(<!--book-->)(.*)</main>", everything, re.S).groups()
    drawn(book)
    book.framed("index.html", "Headlight", opening + table_of_lectures(book, ""), "cover-page")
    book.framed("gallery.html", "Gallery", '<h1 id="gallery">Gallery</h1>' + pictures, "wide-page")
    book.write("book.css", style(everything) + read(f"{HERE}/book.css"))
    book.write("book.js", read(f"{HERE}/book.js"))
    found = [[name, short(title), anchor, heading, words] for name, (title, text) in book.told.items()
             for _, anchor, heading, words in markdown.sections(text) if name != "terms.html"]
    found += [["terms.html", "Terms", term_anchor(word), plain(markdown.convert(word)), what]
              for word, _, what, _ in book.terms]
    book.write("search.js", "window.BOOK = " + json.dumps(found, ensure_ascii=False, separators=(",", ":")) + ";\n")
    cover = everything.replace("<!--book-->", table_of_lectures(book, "book/"))
    return cover.replace("</style>", read(f"{HERE}/book.css") + "</style>")


def main():
    out = os.path.join(ROOT, "out")
    aside = os.path.join(out, ".book")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        os.makedirs(aside)
        cover = make(aside)
        shutil.rmtree(os.path.join(out, "book"), ignore_errors=True)
        os.rename(aside, os.path.join(out, "book"))
        with open(os.path.join(out, ".index.html"), "w", encoding="utf-8") as file:
            file.write(cover)
        os.rename(os.path.join(out, ".index.html"), os.path.join(out, "index.html"))
    except (Trouble, OSError, subprocess.CalledProcessError) as problem:
        shutil.rmtree(aside, ignore_errors=True)
        print(f"book: error: {problem}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
