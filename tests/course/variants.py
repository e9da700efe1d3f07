"""Variants: the same exercises for every student, with other numbers, sentences and heads, and with other letters.

Everything follows from the student's id, by a hash; nothing is kept. A measured answer is worked out by the judge in C,
as always: it gets the student's values instead of the usual ones. exK.variant says what may differ (README.md); an
exercise of kind think has its choices in another order, and one wrong choice less where there are more than three."""
import copy
import hashlib
import os
import re
import tempfile
import unicodedata

import answers
from catalogue import Trouble, read, shown

BETWEEN = " | "
CHOICE = re.compile(r"^([a-z])\)[^\n]*(?:\n[ \t]+\S[^\n]*)*", re.M)
ID = re.compile(r"[\w.@+-]{1,64}")


def id_of(text):
    """A student's id as it is compared: one spelling, no capitals."""
    name = unicodedata.normalize("NFC", text.strip()).casefold()
    if not ID.fullmatch(name):
        raise Trouble(f"VARIANT: {text.strip()!r} is no id (expected at most 64 letters, digits, and . @ + - _)", 2)
    return name


def number(student, exercise, what):
    return int(hashlib.sha256(f"{student}:{exercise.id}:{what}".encode()).hexdigest(), 16)


class Knob:
    """A row of exK.variant: a name, its usual value and the others, and where it stands in the text: `window of {}`."""

    def __init__(self, name, line):
        cells = line.split("\t")
        self.name, self.values = cells[0], cells[1].split(BETWEEN) if len(cells) > 1 else []
        self.places = cells[2:]
        if not re.fullmatch(r"\w+", self.name) or len(set(self.values)) < 2 or not self.places \
                or not all("{}" in place for place in self.places):
            raise Trouble(f"{name}: {line!r} (expected between tabs a name, values with `{BETWEEN}` "
                          "between, and places with {} in them)")


def knobs(exercise):
    if exercise.kind == "code" or not os.path.exists(exercise.variant):
        return []
    lines = read(exercise.variant).split("\n")
    return [Knob(shown(exercise.variant), line) for line in lines if line and line[0] != "#"]


def reworded(text, mine, values):
    """The text with these values for the usual ones. mine: the exercise's knobs."""
    instead = {place.replace("{}", knob.values[0]): place.replace("{}", values[knob.name])
               for knob in mine for place in knob.places}
    longest = sorted(instead, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest)), lambda match: instead[match.group()], text) if instead else text


def order(exercise, student):
    """The letters of the usual text, in the order in which this student reads them."""
    letters = answers.choices(exercise)
    right = [letter for letter in letters if answers.is_right(exercise, letter)]
    shuffled = sorted(letters, key=lambda letter: number(student, exercise, letter))
    wrong = [letter for letter in shuffled if letter not in right]
    return [letter for letter in shuffled if len(wrong) < 4 or letter != wrong[-1]]


def with_choices(text, letters):
    """The text with these of its choices, in this order, under the letters a, b, c, ..."""
    found = {match.group(1): match for match in CHOICE.finditer(text)}
    first, last = min(match.start() for match in found.values()), max(match.end() for match in found.values())
    lines = [f"{chr(ord('a') + place)}){found[letter].group()[2:]}" for place, letter in enumerate(letters)]
    return text[:first] + "\n".join(lines) + text[last:]


def sealed(exercise, student, letters):
    """(the row of answers.tsv, exK.why) for these letters."""
    salt = f"{number(student, exercise, 'salt'):064x}"[:16]
    row, why = "", []
    for place, letter in enumerate(letters):
        seal = answers.seal_of(exercise, salt, chr(ord("a") + place))
        if answers.is_right(exercise, letter):
            row = "\t".join((exercise.id, salt, seal))
        else:
            why.append(f"{seal[:16]}\t{answers.reply(exercise, letter)}\n")
    return row, "".join(why)


class Mine:
    """An exercise as one student has it. texts: {attribute of Exercise: what is in that file}; row: of answers.tsv;
    exercise: with values and title; its paths are the usual ones. Of the hints the first is kept: the others count
    with the usual values."""

    def __init__(self, exercise, student):
        self.usual, self.row, self.letters, turned = exercise, "", [], knobs(exercise)
        self.exercise = copy.copy(exercise)
        self.exercise.values = {knob.name: knob.values[number(student, exercise, knob.name) % len(knob.values)]
                                for knob in turned}
        self.words = lambda text: reworded(text, turned, self.exercise.values)
        self.exercise.title = self.words(exercise.title)
        self.texts = {"starter": self.words(read(exercise.starter))}
        if exercise.kind == "think":
            self.letters = order(exercise, student)
            self.texts["starter"] = with_choices(self.texts["starter"], self.letters)
            self.row, self.texts["why"] = sealed(exercise, student, self.letters)
        elif turned and os.path.exists(exercise.hint):
            self.texts["hint"] = self.words(read(exercise.hint).split("\n--\n")[0].rstrip("\n") + "\n")

    def right(self):
        """The letter (kind think)."""
        return next(chr(ord("a") + place) for place, letter in enumerate(self.letters)
                    if answers.is_right(self.usual, letter))

    def placed(self, folder):
        """The exercise with its files in this folder, for a judge."""
        if self.usual.kind == "code":
            return self.usual
        texts = dict(self.texts, answers="id\tsalt\tsha256\n" + self.row + "\n") if self.row else self.texts
        for attribute, text in texts.items():
            name = os.path.join(folder, f"{self.usual.id}.{attribute}")
            with open(name, "w", encoding="utf-8") as file:
                file.write(text)
            setattr(self.exercise, attribute, name)
        return self.exercise


def write(target, every, rewrite):
    """Puts a student's exercises in the place of the usual ones in a handout. every: [Mine]; rewrite(file, text)."""
    for stage in sorted({mine.usual.stage for mine in every}):
        here = [mine for mine in every if mine.usual.stage == stage]
        home = os.path.join(target, "tests", "course", stage)
        for mine in here:
            for attribute, text in mine.texts.items():
                rewrite(os.path.join(target, shown(getattr(mine.usual, attribute))), text)
        rows = [mine.row for mine in here if mine.row]
        if rows:
            rewrite(os.path.join(home, "answers.tsv"), "\n".join(["id\tsalt\tsha256", *rows]) + "\n")
        rewrite(os.path.join(home, "variant.tsv"), "".join(
            f"{mine.usual.k}\t{name}\t{value}\n" for mine in here for name, value in mine.exercise.values.items()))
        for name in ("exercises/exercises.tsv", "README.md"):
            page = os.path.join(target, "stages", stage, name)
            text = read(page) if os.path.exists(page) else ""
            for mine in here:
                text = text.replace(mine.usual.title, mine.exercise.title)
            if text:
                rewrite(page, text)


class Keys:
    """What grading asks: which student is this, and what are that student's exercises? To be closed at the end."""

    def __init__(self, name):
        if not os.path.isfile(name):
            raise Trouble(f"VARIANT is {name!r}, no file (expected the ids that handouts were made for, one a line)", 2)
        self.name, self.made, self.owners = name, {}, {}
        self.ids = [id_of(line) for line in read(name).split("\n") if line.strip() and line[0] != "#"]
        twice = sorted({one for one in self.ids if self.ids.count(one) > 1})
        if twice or not self.ids:
            raise Trouble(f"{name}: " + (f"{twice[0]} is there twice" if twice else "no ids"))

        self.held = tempfile.TemporaryDirectory(prefix="headlight-variants-")

    def close(self):
        self.held.cleanup()

    def ids_in(self, text):
        """Of two ids of which one holds the other it is the longer."""
        text = unicodedata.normalize("NFC", text).casefold()
        found = [one for one in self.ids if re.search(rf"(?<![^\W_]){re.escape(one)}(?![^\W_])", text)]
        return [one for one in found if not any(one != other and one in other for other in found)]

    def student(self, folder, names=()):
        """(id, "") of the one whose id stands in the name of a folder or an archive, or (None, why nobody can tell).
        names: what is in it; they count where the folder has Moodle's or Canvas's name, without an id."""
        found = self.ids_in(folder) or self.ids_in("\n".join(names))
        if len(found) == 1:
            self.owners.setdefault(found[0], set()).add(folder)
            return found[0], ""
        which = "more than one id" if found else "no id"
        return None, f"its name holds {which} of {self.name}, so nobody knows which questions were asked"

    def shared(self):
        """Lines on ids that several submissions carry: one of them may have taken another's questions."""
        return [f"the id {one} is in the names of {', '.join(sorted(folders))}"
                for one, folders in sorted(self.owners.items()) if len(folders) > 1]

    def exercise(self, exercise, student):
        key = exercise.id, student
        if key not in self.made:
            self.made[key] = Mine(exercise, student).placed(tempfile.mkdtemp(dir=self.held.name))
        return self.made[key]
