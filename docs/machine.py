#!/usr/bin/env python3
"""The machine of this course as one picture, with the parts marked that a stage tells.

    python3 docs/machine.py STAGE FILE.svg      e.g. 09 docs/img/machine_09.svg; `make docs` draws all twenty

Four rows: a text becomes vectors, a block, one head of it, and what learns from it or looks at it. Sizes as in
docs/notation.md."""
import sys
from html import escape

# Rows of (name, shape below it, stages that tell it).
ROWS = [
    ("a text becomes vectors", [
        ("text", "bytes", "01"), ("ids", "[n]", "01 02 03 04 17"), ("windows", "(B, T)", "05 15"),
        ("vectors", "(n, C)", "06 17 18"), ("+ positions", "(n, C)", "07 17 18")]),
    ("a block, and L of them one behind the other", [
        ("heads", "(n, C)", "12 13 17 18"), ("add & norm", "(n, C)", "12 17 18"),
        ("feed-forward", "(n, 4C), (n, C)", "12 17 18"), ("add & norm", "(n, C)", "12 17 18"),
        ("logits", "(n, V)", "16 18"), ("next token", "1 id", "16")]),
    ("inside one head", [
        ("q, k, v", "3 of (n, d)", "09"), ("scores", "(n, n)", "08 09 13"), ("mask", "a rule", "10 11"),
        ("softmax", "a map (n, n)", "08 09 11 13"), ("mix", "(n, d)", "08 09 13"),
        ("side by side", "(n, heads d)", "12")]),
    ("what learns from it, and what looks at it", [
        ("loss", "1 number", "14 15"), ("gradients", "one a weight", "14 15"), ("step", "AdamW", "14 15"),
        ("measures", "of each map", "19"), ("page", "all of it", "20")]),
]
BOX, HIGH, GAP, ROW, LEFT, TOP = 132, 52, 18, 106, 14, 34
WIDTH, HEIGHT = 2 * LEFT + 6 * BOX + 5 * GAP, TOP + 4 * ROW - 30
INK, FAINT, PAPER, LINE, HERE = "#1c2530", "#5b6770", "#ffffff", "#9aa4ad", "#1f5fa8"


def place(row, column):
    return LEFT + column * (BOX + GAP), TOP + row * ROW


def text(x, y, words, size, colour, more=""):
    return (f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" {more}>{escape(words)}</text>')


def box(row, column, name, shape, here):
    x, y = place(row, column)
    fill, ink, faint = (HERE, "#ffffff", "#dbe8f6") if here else ("#f3f5f7", INK, FAINT)
    middle = x + BOX / 2
    return [f'<rect x="{x}" y="{y}" width="{BOX}" height="{HIGH}" rx="6" fill="{fill}" stroke="{LINE}"/>',
            text(middle, y + 22, name, 16, ink, 'text-anchor="middle" font-weight="600"'),
            text(middle, y + 41, shape, 13, faint, 'text-anchor="middle"')]


def arrow(points, dashed=False):
    path = "M" + " L".join(f"{x} {y}" for x, y in points)
    dashes = ' stroke-dasharray="4 4"' if dashed else ""
    return f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="1.6" marker-end="url(#tip)"{dashes}/>'


def arrows():
    """From box to box; from the first row's end to the block; from `heads` down into one head, and back up."""
    for row, (_, boxes) in enumerate(ROWS[:3]):
        for column in range(len(boxes) - 1):
            x, y = place(row, column)
            yield arrow([(x + BOX + 1, y + HIGH / 2), (x + BOX + GAP - 3, y + HIGH / 2)])
    for column in range(2):
        x, y = place(3, column)
        yield arrow([(x + BOX + 1, y + HIGH / 2), (x + BOX + GAP - 3, y + HIGH / 2)])
    end, y = place(0, 4)
    start, below = place(1, 0)
    turn = y + HIGH + 12
    end, start = end + BOX / 2, start + BOX / 2
    yield arrow([(end, y + HIGH), (end, turn), (start, turn), (start, below - 3)])
    x, y = place(1, 0)
    yield arrow([(x + BOX / 2, y + HIGH), (x + BOX / 2, y + ROW - 3)], dashed=True)


def picture(stage):
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
             f'height="{HEIGHT}" font-family="Helvetica, Arial, \'DejaVu Sans\', sans-serif">',
             f'<title>The machine, and stage {stage} in it</title>',
             '<defs><marker id="tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" '
             'orient="auto">'
             f'<path d="M0 0 L8 4 L0 8 z" fill="{LINE}"/></marker></defs>',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>', *arrows()]
    for row, (title, boxes) in enumerate(ROWS):
        x, y = place(row, 0)
        marked = [stage in stages.split() for _, _, stages in boxes]
        here = (f"{title}: you are here", 13, HERE, 'font-weight="600"') if any(marked) else (title, 13, FAINT)
        parts.append(text(x + (BOX / 2 + 12 if 0 < row < 3 else 0), y - 9, *here))
        for column, (name, shape, _) in enumerate(boxes):
            parts += box(row, column, name, shape, marked[column])
    if not any(stage in stages.split() for _, boxes in ROWS for _, _, stages in boxes):
        sys.exit(f"machine: error: no part of the machine is told in stage {stage} (expected 01 to 20)")
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    drawn = picture(sys.argv[1])
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(drawn)
