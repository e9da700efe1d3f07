"""Answers that are tried on every measure and think exercise: what is right in all spellings that pass, and slips that
must not. As (is it right?, what it is, the text of the file)."""
import re

# Every way to write the line; what stands behind it is the answer.
LINES = ("answer: {}", "answer:{}", "Answer : {}", "  ANSWER:\t{}  ", "answer: answer: {}", "answer:\n{}",
         "answer:\n\n  {}\n", "my sums: 1 2 3\nanswer: {}", "answer: 999 999\nanswer: {}", "answer: {}\r\n",
         "answer:\u00a0{}")


def is_whole(number):
    return re.fullmatch(r"-?\d+", number) is not None


def grouped(number, mark):
    return f"{int(number):,}".replace(",", mark) if is_whole(number) else number


def as_float(number, single):
    """Digits that a float has (or a double), as C prints them with %.9g and %.17g; a whole number as 8.0."""
    if single:
        return number + ".0" if is_whole(number) else f"{float(number):.7g}"
    return number + ".000000" if is_whole(number) else f"{float(number):.17g}"


def right_numbers(told, exact):
    """told: the numbers as the solution writes them; exact: those that the checker has measured."""
    yield "with a comma behind each", ", ".join(told)
    yield "with semicolons", "; ".join(told)
    yield "with tabs", "\t".join(told)
    yield "in words", " and then ".join(told)
    yield "in brackets", f"({', '.join(told)})"
    yield "with units", " units, ".join(told) + " units"
    yield "with an equals sign", "= " + " ".join(told)
    yield "about", "about " + " ".join(told)
    yield "in bold", f"**{' '.join(told)}**"
    yield "with a full stop", " ".join(told) + "."
    yield "a float's digits", " ".join(as_float(number, True) for number in exact)
    yield "a double's digits", " ".join(as_float(number, False) for number in exact)
    yield "with an exponent", " ".join(f"{float(number):.8e}" for number in exact)
    for mark, name in ((",", "commas"), (" ", "spaces"), ("'", "apostrophes"), ("\u2019", "a printer's apostrophes"),
                       ("\u202f", "narrow spaces"), ("_", "underscores")):
        yield f"thousands with {name}", "; ".join(grouped(number, mark) for number in told)
    yield "a comma for the point", "; ".join(number.replace(".", ",") for number in told)


def wrong_numbers(told):
    yield "in words only", "many"
    yield "no number", "nan"
    yield "one too many", " ".join(told) + " 77"
    yield "one before", "77 " + " ".join(told)
    if any(float(number) for number in told):
        yield "with the other sign", " ".join(number if not float(number) else f"{-float(number):.12g}"
                                              for number in told)
        yield "ten times", " ".join(f"{10 * float(number):.12g}" for number in told)
    if len(told) > 1:
        yield "the first only", told[0]
        yield "the last one missing", " ".join(told[:-1])
        if all(map(is_whole, told)):
            yield "run together", "".join(told)
        if told != told[::-1]:
            yield "in the other order", " ".join(reversed(told))
    for place, number in enumerate(told):
        for by in (-1, 1):
            if is_whole(number):
                off = told[:place] + [str(int(number) + by)] + told[place + 1:]
                yield f"number {place + 1} is off by one", " ".join(off)


def measured(told, exact):
    """told: what stands behind the solution's `answer:`; exact: [number] that the checker has measured."""
    numbers = re.findall(r"-?\d+(?:\.\d+)?", told)
    for line in LINES:
        yield True, "spelling of the line", line.format(" ".join(numbers))
    for title, answer in right_numbers(numbers, exact):
        yield True, title, f"answer: {answer}\n"
    for title, answer in wrong_numbers(numbers):
        yield False, title, f"answer: {answer}\n"
    yield False, "the wrong one last", f"answer: {' '.join(numbers)}\nanswer: 987654\n"


def thought(letters, right):
    """letters: of the choices."""
    for line in LINES:
        yield True, "spelling of the line", line.format(right)
    for form in ("{}", "{}.", "{})", "({})", "[{}]", "'{}'", '"{}"', "**{}**", "`{}`", "_{}_", "option {}",
                 "Choice ({})", "answer {}", "{}) because it is so", "{}: it says why", "({}). I am sure"):
        yield True, f"as {form}", f"answer: {form.format(right)}\n"
        yield True, f"as {form} in capitals", f"answer: {form.format(right.upper())}\n"
    others = [letter for letter in letters if letter != right]
    for letter in others:
        for form in ("{}", "{}.", "({})", "{})", "**{}**", "option {}", "{}) because it is so"):
            yield False, f"{letter} as {form}", f"answer: {form.format(letter)}\n"
        for both in (f"{right} or {letter}", f"{right}) or {letter})", f"{right}, {letter}", f"{right}{letter}",
                     f"{right} {letter}", f"{letter}) or {right})", f"{right}) {letter})"):
            yield False, "two letters", f"answer: {both}\n"
        yield False, "the wrong one last", f"answer: {right}\nanswer: {letter}\n"
        yield True, "the right one last", f"answer: {letter}\nanswer: {right}\n"
    after = chr(ord(letters[-1]) + 1)
    for other in (after, "z", "1", "yes", "none", "?", "not " + right, right * 2, " ".join(letters)):
        yield False, "no choice", f"answer: {other}\n"
