"""Compares what a program prints with what is on record: words exactly, numbers with a tolerance.

Two whole numbers have to be equal; where one of the two has a decimal point or an exponent, they may differ a little.
Where spaces stand must agree, how many does not: a longer number moves its column. The golden output and the pages'
output blocks are compared by it.
"""
import re

NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?!\.?\d)")
WHOLE = re.compile(r"[-+]?\d+$")


def close(a, b, tolerance):
    """Two numbers, as they are printed."""
    if WHOLE.match(a) and WHOLE.match(b):
        return a == b
    return abs(float(a) - float(b)) <= tolerance * max(1, abs(float(a))) * 1.000001


def agrees(expected, got, tolerance):
    """Are two lines the same, but for numbers that differ by at most `tolerance`, absolute or relative?"""
    if NUMBER.sub("\0", expected).split() != NUMBER.sub("\0", got).split():
        return False
    return all(close(a, b, tolerance) for a, b in zip(NUMBER.findall(expected), NUMBER.findall(got)))


def first_difference(expected, got, tolerance, elide=False):
    """(index in expected, index in got) of the first line that differs, or None. A line `...` in expected stands, with
    elide, for any lines; without lines left to compare an index is the list's length."""
    if expected and got and expected[-1] == got[-1] == "":     # what stands behind the final newline
        expected, got = expected[:-1], got[:-1]
    at, anywhere = 0, False
    for i, line in enumerate(expected):
        if elide and line.strip() == "...":
            anywhere = True
            continue
        places = range(at, len(got)) if anywhere else range(at, min(at + 1, len(got)))
        found = next((j for j in places if agrees(line, got[j], tolerance)), None)
        if found is None:
            return i, at
        at, anywhere = found + 1, False
    return None if at == len(got) or anywhere else (len(expected), at)
