#!/usr/bin/env python3
"""Archives that strangers packed: only plain files with plain names come out, only so many, only so large, and nothing
outside the folder is touched. `unpack.py ARCHIVE FOLDER` runs in a process with limits of its own."""
import gzip
import os
import re
import shutil
import stat
import sys
import tarfile
import tempfile
import zipfile

import sandbox

PACKED = re.compile(r"\.(tar\.gz|tgz|tar|zip)$", re.I)
MOST_FILES, MOST_BYTES, MOST_PACKED, LONGEST = 2000, 32 << 20, 20 << 20, 200
SECONDS, MEMORY = 20, 512 << 20


class Refused(Exception):
    """One line that says why."""


class Target:
    """A folder that is filled with regular files."""

    def __init__(self, folder):
        self.folder, self.files, self.bytes = folder, 0, 0

    def put(self, name, source):
        parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
        if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name):
            raise Refused(f"the entry {name[:80]!r} leads out of it")
        if not parts or any(len(part.encode("utf-8", "replace")) > LONGEST for part in parts) or len(parts) > 20:
            raise Refused("a name in it is too long")
        self.files += 1
        if self.files > MOST_FILES:
            raise Refused(f"it holds more than {MOST_FILES} files")
        whole = os.path.join(self.folder, *parts)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "xb") as out:
            while chunk := source.read(1 << 16):
                self.bytes += len(chunk)
                if self.bytes > MOST_BYTES:
                    raise Refused(f"it holds more than {MOST_BYTES >> 20} MB")
                out.write(chunk)


def unzip(archive, target):
    with zipfile.ZipFile(archive) as file:
        for info in file.infolist():
            kind = stat.S_IFMT(info.external_attr >> 16)
            if not info.is_dir() and kind in (0, stat.S_IFREG):
                with file.open(info) as source:
                    target.put(info.filename, source)


def untar(archive, target):
    """First out of its gzip, as far as that may go: a header in there may claim anything."""
    with tempfile.TemporaryFile() as plain:
        with (gzip.open if archive.lower().endswith("gz") else open)(archive, "rb") as file:
            while chunk := file.read(1 << 16):
                plain.write(chunk)
                if plain.tell() > 2 * MOST_BYTES:
                    raise Refused(f"it holds more than {MOST_BYTES >> 20} MB")
        plain.seek(0)
        with tarfile.open(fileobj=plain, mode="r:") as file:
            for info in file:
                if info.isreg():
                    target.put(info.name, file.extractfile(info))


def unpack(archive, folder):
    """None, or why it was refused."""
    try:
        if os.path.getsize(archive) > MOST_PACKED:
            raise Refused(f"it is larger than {MOST_PACKED >> 20} MB")
        (unzip if archive.lower().endswith(".zip") else untar)(archive, Target(folder))
    except FileExistsError:
        return "two entries have one name"
    except Refused as problem:
        return str(problem)
    except Exception as problem:                # whatever a library makes of nonsense
        return f"it cannot be read ({type(problem).__name__})"
    return None


def opened(whole, room, files_of, largest):
    """(a folder with all that was handed in, what is to be said of its archives or ""). `whole` is a student's folder
    or an archive; room: an empty folder, for what has to be unpacked. Archives in archives stay packed."""
    packed = [""] if os.path.isfile(whole) else [name for name in files_of(whole) if PACKED.search(name)][:3]
    if not packed:
        return whole, ""
    problems = []
    for name in files_of(whole) if os.path.isdir(whole) else []:
        if name not in packed and os.path.getsize(os.path.join(whole, name)) <= largest:
            os.makedirs(os.path.dirname(os.path.join(room, name)), exist_ok=True)
            shutil.copyfile(os.path.join(whole, name), os.path.join(room, name))
    for name in packed:
        into = os.path.join(room, PACKED.sub("", name) + " unpacked") if name else room
        os.makedirs(into, exist_ok=True)
        outcome = sandbox.run([sys.executable, os.path.abspath(__file__), os.path.join(whole, name) if name else whole,
                               into], cpu=SECONDS, wall=3 * SECONDS, memory=MEMORY)
        if outcome.code != 0:
            shutil.rmtree(into, ignore_errors=True)
            os.makedirs(room, exist_ok=True)
            said = outcome.out.decode("utf-8", "replace").strip().split("\n")[-1][:150]
            problems.append(f"{name or os.path.basename(whole)}: an archive that was not unpacked: "
                            + (said or f"stopped after {SECONDS} s"))
    return room, "; ".join(problems)


if __name__ == "__main__":
    no = unpack(sys.argv[1], sys.argv[2])
    if no:
        print(no)
    sys.exit(1 if no else 0)
