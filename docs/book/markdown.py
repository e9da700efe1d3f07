"""One of our pages as a page of the book: cmark-gfm makes HTML of it, and here it gets what a book needs.

Headings get anchors by GitHub's rule, so that links into them work in both places. The lead words of a lecture's parts
(**Goal.**) become headings. A link to a page that is in the book leads there; to any other file of the checkout it
becomes that file's name from the checkout's top, as text. Wide tables and code can be scrolled by keyboard. A formula's
W_Q becomes W with a lowered Q. Nothing here writes a file.
"""
import html
import os
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TAG = re.compile(r"(<[^>]*>)")
LOWERED = re.compile(r"(?<![A-Za-z0-9_])([A-Za-zΣ]|head|speed|table)_([A-Za-z0-9]+(?:,[a-z](?![a-z])|-1)?)")


class Trouble(Exception):
    """Ends the program with one line on stderr: what is missing, exit 3."""


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def convert(text):
    try:
        done = subprocess.run(["cmark-gfm", "--unsafe", "-e", "table", "-e", "strikethrough"], input=text.encode(),
                              stdout=subprocess.PIPE, check=True)
    except FileNotFoundError:
        raise Trouble("cmark-gfm is not there, which makes pages of the READMEs. Try: make deps, or install it from "
                      "github/cmark-gfm") from None
    return done.stdout.decode()


def plain(text):
    """The words of some HTML, with single spaces between."""
    return " ".join(html.unescape(TAG.sub("", re.sub(r"</(td|th|li|p|h\d|pre|dt|dd)>", " ", text))).split())


def slug(words, taken):
    """GitHub's anchor of a heading."""
    name = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
    number = taken.get(name, 0)
    taken[name] = number + 1
    return f"{name}-{number}" if number else name


def leads_to_headings(text):
    """<p><strong>Goal.</strong> ... at the top level, not inside a list, a table or a quotation."""
    depth, parts = 0, re.split(r"(</?(?:ul|ol|blockquote|table|pre)\b[^>]*>)", text)
    for at, part in enumerate(parts):
        if at % 2:
            depth += -1 if part.startswith("</") else 1
        elif not depth:
            parts[at] = re.sub(r"^<p><strong>([^<]+)\.</strong>\s*", r"<h2>\1</h2>\n<p>", part, flags=re.M)
    return "".join(parts).replace("<p></p>\n", "")


def with_anchors(text):
    taken = {}
    return re.sub(r"<h([1-6])>(.*?)</h\1>", lambda found: '<h{0} id="{1}">{2}</h{0}>'.format(
        found.group(1), slug(plain(found.group(2)), taken), found.group(2)), text, flags=re.S)


def lowered(text):
    """Indices of formulas, outside of code, links and tags."""
    inside, parts = 0, TAG.split(text)
    for at, part in enumerate(parts):
        if at % 2:
            inside += bool(re.match(r"<(code|pre|a)\b", part)) - bool(re.match(r"</(code|pre|a)>", part))
        elif not inside:
            parts[at] = LOWERED.sub(r"\1<sub>\2</sub>", part)
    return "".join(parts)


def drawn_by(command):
    """What a reader types to have the same picture: build/08_x --out build/docs/08 && cp ... -> build/08_x."""
    return re.sub(r" --out build/\S+", "", command.split(" && ")[0])


def figures(text, picture):
    """A picture with the command above it becomes a figure; picture(address) gives the address in the book."""
    def figure(found):
        command, source, alt, width = found.groups()
        return (f'<figure><img src="{picture(source)}" alt="{alt}" style="max-width: {width}px" loading="lazy">'
                f"<figcaption>{alt}. <code>{html.escape(drawn_by(html.unescape(command)))}</code></figcaption>"
                "</figure>")
    text = re.sub(r'<!-- made by: (.*?) -->\s*(?:<p>)?<img src="([^"]+)" alt="([^"]*)" width="(\d+)">(?:</p>)?',
                  figure, text)
    text = re.sub(r'<img src="((?![a-z]+:)[^"]+)" width=', lambda at: f'<img src="{picture(at[1])}" width=', text)
    return re.sub(r"<!--.*?-->\n?", "", text, flags=re.S)


def links(text, folder, pages):
    """pages: {path in the checkout: file in the book}."""
    def link(found):
        address, words = found.groups()
        if re.match(r"[a-z]+:", address):
            return found.group()
        target, _, anchor = html.unescape(address).partition("#")
        path = os.path.normpath(os.path.join(folder, target)) if target else None
        if path is None:
            return found.group()
        for name in (path, os.path.join(path, "README.md")):
            if name in pages:
                return f'<a href="{pages[name]}{"#" + anchor if anchor else ""}">{words}</a>'
        name = html.escape(path)
        said = plain(words)
        if path.endswith(said):
            return f'<code class="file">{name}</code>'
        return f'{words} (<code class="file">{name}</code>)'
    return re.sub(r'<a href="([^"]*)">(.*?)</a>', link, text, flags=re.S)


def tables(text):
    def table(found):
        first = re.search(r"<th[^>]*>(.*?)</th>", found.group())
        kind = ' class="formulas"' if first and plain(first.group(1)) in ("paper", "forwards") else ""
        return f'<div class="wide" tabindex="0"><table{kind}>{found.group(1)}</table></div>'
    text = re.sub(r"<th([^>]*)></th>", r"<td\1></td>", text)
    text = re.sub(r"<table>(.*?)</table>", table, text, flags=re.S)
    return re.sub(r"<pre(?: lang=\"\w+\")?>", '<pre tabindex="0">', text)


def page(path, pages, picture):
    """(title, HTML) of a page. picture(path in the checkout) gives a picture's address in the book."""
    folder = os.path.dirname(path)
    text = convert(read(path))
    text = figures(text, lambda source: picture(os.path.normpath(os.path.join(folder, source))))
    if path.startswith("stages"):
        text = leads_to_headings(text)
    text = with_anchors(links(lowered(text), folder, pages))
    text = re.sub(r"(<h1.*?)([★☆]+ \(\d+ min\))", r"\1<small>\2</small>", tables(text), count=1)
    return plain(re.search(r"<h1[^>]*>(.*?)</h1>", text, re.S).group(1)), text


def sections(text):
    """(anchor, heading, words) of a page's parts, for the search and the contents."""
    parts = re.split(r'<h([1-3]) id="([^"]*)">(.*?)</h\1>', text, flags=re.S)
    for at in range(1, len(parts), 4):
        yield int(parts[at]), parts[at + 1], plain(parts[at + 2]), plain(parts[at + 3])
