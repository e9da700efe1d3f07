#!/usr/bin/env python3
"""No lecture leans on a later one: docs/terms.md says in which stage each term is told, and here everything that a
learner reads of a stage (README, comments, exercises, hints) is searched for terms that are told later.

What may be earlier: code, output and file names; a sentence that names the stage (`stage 13`, `(13)`); what *Next* says
of the next stage; and a part whose heading says `come back after NN`, which counts as read then.
"""
import os
import re

import house

TABLE = os.path.join("docs", "terms.md")
SENTENCE = re.compile(r"(?<=[.?!:;)])\s+(?=[A-Z*\d(`])|\n\s*(?=[*-] )")
NAMED = re.compile(r"\b(?:[Ss]tages?|after) \d\d(?:(?:, | and | to )\d\d)*|\(\d\d\)|\b\d\d's\b")
LATER = re.compile(r"[Cc]ome back after ((?:\d\d(?:, | and )?)+)")


def terms(text):
    """[(term, stage, meaning, pattern)] of the table."""
    found = []
    for line in text.split("\n"):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 4 and cells[1].isdigit():
            forms = cells[3].split(", ") if cells[3] else [cells[0], cells[0] + "s"]
            found.append((cells[0], int(cells[1]), cells[2], "|".join(re.escape(form) for form in forms)))
    return found


def watched(stage, rows):
    """One pattern for all terms that are told after the stage, and the term of each of its groups."""
    later = [row for row in rows if row[1] > stage]
    pattern = "|".join(f"({forms})" for _, _, _, forms in later)
    return (re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.I) if later else None), later


# ---- what a learner reads, as (where, paragraph, the stage that it counts as) ---------------------------------------

def plain(text):
    """Without code, names of files, links' targets, *emphasis* and comments in HTML."""
    text = re.sub(r"^```.*?^```|<!--.*?-->|<img src=\"[^\"]*\"| width=\"\d+\">", "", text, flags=re.M | re.S)
    text = re.sub(r"(?<!\*)\*(\w[^*\n]*)\*(?!\*)", r"\1", text)
    return re.sub(r"\]\([^)]*\)", "]", re.sub(r"`[^`\n]*`|\b[\w/.]+\.[ch]\b", "`", text))


def later(text, stage):
    found = LATER.search(text)
    return max([stage] + [int(number) for number in re.findall(r"\d\d", found.group(1))]) if found else stage


def page(text, stage, after):
    """The page's paragraphs; a table's row is one. `**Heading.**` begins a part, and what a heading says of later holds
    to the next one. An exercise's row counts as its exercise does."""
    counts = stage
    for paragraph in re.split(r"\n\s*\n|\n(?=\|)", plain(text)):
        exercise = re.match(r"\| \d\d\.(\d+) ", paragraph)
        if exercise:
            yield paragraph, max(stage, after.get(exercise.group(1), 0))
            continue
        heading = re.match(r"(?:## |\*\*)(.*)", paragraph)
        if heading and not re.match(r"\d\. ", paragraph):
            counts = stage + 1 if heading.group(1).startswith("Next.") else later(paragraph, stage)
        yield paragraph, counts


def comments(text, stage):
    """The comments of a file in C; one that is a heading, /* ==== ... ==== */, holds to the next heading."""
    counts = stage
    for comment in re.findall(r"/\*(.*?)\*/", text, re.S):
        if comment.startswith(" ===="):
            counts = later(comment, stage)
        yield plain(re.sub(r"\n \*", "\n", comment)), max(counts, later(comment, stage))


def exercises_after(stage_folder, root):
    """{exercise: the stage after which it is solved}, where that is later."""
    path = os.path.join(stage_folder, "exercises", "after.tsv")
    rows = house.read(path, root).split("\n")[1:] if os.path.exists(os.path.join(root, path)) else []
    return {row.split("\t")[0]: int(row.split("\t")[1]) for row in rows if row}


def reading(root):
    """(file, text, stage) of all that is read, stage by stage."""
    files = house.own_files(root)
    folders = sorted({f.split(os.sep)[1] for f in files if re.match(r"stages.\d\d_", f)})
    for folder in folders:
        number, mine = int(folder[:2]), [f for f in files if f.startswith((os.path.join("stages", folder) + os.sep,
                                                                          os.path.join("tests", "course", folder)))]
        after = exercises_after(os.path.join("stages", folder), root)
        for path in mine:
            exercise = re.search(r"[/\\]ex(\d+)\.(c|txt|hint|why)$", path)
            stage = max(number, after.get(exercise.group(1), 0)) if exercise else number
            text = house.read(path, root) or ""
            if path.endswith("README.md"):
                yield from ((path, paragraph, counts) for paragraph, counts in page(text, stage, after))
            elif path.startswith("stages") and path.endswith((".c", ".h")):
                yield from ((path, paragraph, counts) for paragraph, counts in comments(text, stage))
            elif exercise and not path.endswith(".c"):
                yield path, plain(text), stage


# ---- the search --------------------------------------------------------------------------------------------------

def too_early(path, paragraph, stage, rows):
    pattern, told_later = watched(stage, rows)
    sentences = [] if not pattern else [paragraph] if paragraph.startswith("|") else SENTENCE.split(paragraph)
    for sentence in sentences:
        named = [int(number) for place in NAMED.findall(sentence) for number in re.findall(r"\d\d", place)] + [stage]
        for found in pattern.finditer(sentence):
            term, told, _, _ = told_later[found.lastindex - 1]
            if told > max(named):
                words = " ".join(sentence.split())
                at = max(0, words.lower().find(found.group().lower()) - 40)
                yield f"{path}: `{found.group()}` is told in {told:02}: ...{words[at:at + 100]}"


def complain(root=house.ROOT):
    rows = terms(house.read(TABLE, root))
    return [wrong for path, paragraph, stage in reading(root) for wrong in too_early(path, paragraph, stage, rows)]


def no_term_is_used_before_it_is_told():
    house.expect_none(complain())


def names_later(root=house.ROOT):
    """Exercises and hints that send the learner to a stage that is still to come."""
    for path, paragraph, stage in reading(root):
        if re.search(r"[/\\]ex\d+\.(c|txt|hint)$", path) and "solutions" not in path:
            named = re.findall(r"\b(?:[Ss]tages?|[Ee]xercise) (\d\d)\b|stages/(\d\d)_", paragraph)
            yield from (f"{path}: it names stage {number}" for number in map("".join, named) if int(number) > stage)


def exercises_name_no_later_stage():
    house.expect_none(list(names_later()))
    tree = {TABLE: "", "stages/01_x/README.md": "", "stages/01_x/exercises/ex1.txt": "See stage 02.\n"}
    house.expect_red(lambda root: list(names_later(root)), tree, "names stage 02")


def terms_are_told_where_the_table_says():
    """Each stage's own pages use the terms that it tells: a table that nobody fills is none."""
    rows, used = terms(house.read(TABLE)), {}
    for path, paragraph, _ in reading(house.ROOT):
        number = int(re.search(r"(\d\d)_", path).group(1))
        used[number] = used.get(number, "") + "\n" + paragraph
    house.expect_none([f"{TABLE}: stage {told:02} does not use the term `{term}`" for term, told, _, forms in rows
                       if not re.search(rf"(?<![\w-])(?:{forms})(?![\w-])", used[told], re.I)])
    stages = [told for _, told, _, _ in rows]
    assert stages == sorted(stages) and set(stages) == set(range(1, 21)), "one row or more a stage, in their order"
    assert len({term for term, _, _, _ in rows}) == len(rows), "a term stands twice"


def one_that_comes_too_early_is_seen():
    table = "| mask | 10 | a rule | mask, masks |\n| tile | 13 | a square | |\n"
    tree = {TABLE: table, "stages/09_x/README.md": "# 09 · X\n\n**Goal.** Good.\n"}

    def with_page(text):
        return dict(tree, **{"stages/09_x/README.md": text})
    house.expect_red(complain, with_page("**Goal.** Two masks.\n"), "`masks` is told in 10")
    house.expect_red(complain, with_page("**Come back after 10.** A mask.\n\n**Summary.** A mask.\n"), "README.md")
    house.expect_red(complain, with_page("**Next.** A mask cuts tiles.\n"), "`tiles` is told in 13")
    house.expect_red(complain, dict(tree, **{"stages/09_x/main.c": "/* A\n * mask */ int mask;\n"}), "main.c")
    house.expect_red(complain, dict(tree, **{"stages/09_x/exercises/ex1.txt": "A tile (stage 13)? A tile.\n"}), "ex1")
    house.expect_red(complain, dict(tree, **{"tests/course/09_x/ex1.hint": "Use a mask.\n"}), "ex1.hint")
    fine = "**Goal.** A `mask`, masking. Stage 10 masks.\n\n```\nmask\n```\n\n**Come back after 10.** A mask.\n"
    with house.made_up(with_page(fine)) as folder:
        assert complain(folder) == [], complain(folder)


if __name__ == "__main__":
    house.main([no_term_is_used_before_it_is_told, terms_are_told_where_the_table_says,
                one_that_comes_too_early_is_seen, exercises_name_no_later_stage])
