"""Submissions that are the same program under other names: comments, spaces and layout are left out, and names count by
the order in which they come. What the starter already says is no likeness, and nor are few words: there is one short
way to add two numbers. A reason to look at two files, and no proof of anything."""
import re
from collections import defaultdict

from catalogue import read

# What is never closed ends with its line or text: so nothing is read twice, however it was written.
TOKEN = re.compile(r"""/\*.*?(?:\*/|\Z) | //[^\n]* | ^[ \t]*\#[^\n]* | "(?:\\.|[^"\\\n])*"? | '(?:\\.|[^'\\\n])*'?
                       | [A-Za-z_]\w* | \.?\d[\w.]* | \S""", re.S | re.M | re.X)
KEPT = set("""auto break case char const continue default do double else enum extern float for goto if inline int long
              register return short signed sizeof static struct switch typedef union unsigned void volatile
              while""".split())
ENOUGH = 120                    # tokens that the starter has not


def normal(text):
    """The tokens, names replaced by the number of the name."""
    names, tokens = {}, []
    for token in TOKEN.findall(text):
        if token.startswith(("/*", "//", "#")) or token.lstrip().startswith("#"):
            continue
        if re.match(r"[A-Za-z_]", token) and token not in KEPT:
            token = f"n{names.setdefault(token, len(names))}"
        tokens.append(token)
    return tokens


def twins(texts):
    """[(exercise, names of students)] of {(exercise, student): text}, for each program that came more than once."""
    found = defaultdict(list)
    for (exercise, student), text in texts.items():
        tokens = normal(text)
        if len(tokens) - len(normal(read(exercise.starter))) >= ENOUGH:
            found[exercise.id, " ".join(tokens)].append((exercise, student))
    groups = [(group[0][0], sorted(student for _, student in group)) for group in found.values() if len(group) > 1]
    return sorted(groups, key=lambda group: (group[0].id, group[1]))
