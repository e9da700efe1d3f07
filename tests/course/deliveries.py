"""What lies in the folder of a class: a folder or an archive for each student, or loose files, as Moodle and Canvas
give them out when nobody asks for folders. Those of one student begin alike, and become one submission."""
import os
import re
import shutil
from collections import defaultdict

import unpack
from catalogue import Trouble, printable, warn

LITTER = (".git", ".gitignore", ".gitkeep", ".DS_Store", "__MACOSX", "Thumbs.db")       # nobody's, wherever it lies
PACKED = re.compile(r"\.(zip|rar|7z|tar|tgz|tbz2?|txz|tar\.\w+)$", re.I)
# Whose it is, then the file's own name: Moodle's NAME_71_assignsubmission_file_ex2.c, Canvas's name_LATE_71_8002_ex2.c.
LOOSE = (re.compile(r"(.+_\d+_assignsubmission_file_)(.+)"), re.compile(r"([^_]+_(?:LATE_)?\d+_)\d+_(.+)"))
AGAIN = re.compile(r"-\d+(?=(?:\.\w+)+$)")                      # Canvas counts what is handed in once more: ex2-1.c
TEXT_BESIDE = re.compile(r"_assignsubmission_onlinetext_?$")    # Moodle's folder of what was typed, beside the files'


def loose_files(folder, names):
    """{whose: [(path, the file's own name)]} of files that only their names tell apart."""
    found = defaultdict(list)
    for name in names:
        match = next(filter(None, (form.fullmatch(name) for form in LOOSE)), None)
        if match:
            found[match.group(1)].append((os.path.join(folder, name), match.group(2)))
    return {whose: files for whose, files in found.items()
            if len(files) > 1 or not PACKED.search(files[0][1])}            # one archive is a student as it is


def submissions(folder):
    """{student: a folder, an archive, or [(path, name)] of loose files}, in order. A link is nobody's."""
    if not os.path.isdir(folder):
        raise Trouble(f"{folder} is no folder (expected one with a folder for each student)")
    names = sorted(name for name in os.listdir(folder) if name not in LITTER)
    plain = [name for name in names if not name.startswith(".") and not os.path.islink(os.path.join(folder, name))]
    students = [name for name in plain if os.path.isdir(os.path.join(folder, name))]
    typed = [name for name in students if TEXT_BESIDE.search(name)
             and TEXT_BESIDE.sub("_assignsubmission_file_", name) in students]
    students = [name for name in students if name not in typed]
    files = [name for name in plain if os.path.isfile(os.path.join(folder, name))]
    loose = {whose: held for whose, held in loose_files(folder, files).items() if whose not in students}
    taken = {os.path.basename(path) for held in loose.values() for path, _ in held}
    packed = [name for name in files if PACKED.search(name) and name not in taken]
    beside = [name for name in names if name not in {*students, *packed, *taken}]
    if beside:
        warn(f"left out, because {folder} has a folder for each student and these are none, or hidden: "
             + printable(", ".join(beside[:3])) + (f" and {len(beside) - 3} more" if len(beside) > 3 else ""))
    if not students + packed and not loose:
        raise Trouble(f"{folder} has no folders (expected one for each student)")
    return {name: os.path.join(folder, name) for name in students + packed} | loose


def gathered(files, folder):
    """Loose files in a folder, under their own names."""
    os.makedirs(folder)
    for path, name in files[:unpack.MOST_FILES]:
        first = AGAIN.sub("", name)
        into = os.path.join(folder, name if os.path.lexists(os.path.join(folder, first)) else first)
        if os.path.getsize(path) <= unpack.MOST_PACKED:
            shutil.copyfile(path, into)
    return folder


def opened(submission, room, files_of, largest):
    """(a folder with all that a student handed in, what is to be said of it or ""). room: an empty folder."""
    try:
        if isinstance(submission, list):
            submission = gathered(submission, os.path.join(room, "loose"))
        os.makedirs(os.path.join(room, "unpacked"))
        return unpack.opened(submission, os.path.join(room, "unpacked"), files_of, largest)
    except OSError as problem:                      # a name that is too long, a file that nobody may read
        empty = os.path.join(room, "nothing")
        os.makedirs(empty)
        return empty, f"it cannot be read ({problem.strerror})"
