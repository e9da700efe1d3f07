#!/usr/bin/env python3
"""Archives that strangers packed: only plain files with plain names come out, only so many, only so large, and nothing
outside the folder is touched. `unpack.py ARCHIVE FOLDER` runs in a process with limits of its own."""
import bz2
import gzip
import lzma
import os
import re
import shutil
import stat
import sys
import tarfile
import zipfile

import sandbox

PACKED = re.compile(r"\.(tar(\.(gz|bz2|xz))?|tgz|tbz2?|txz|zip)$", re.I)
MOST_FILES, MOST_BYTES, LONGEST, DEEP_AT_MOST = 2000, 32 << 20, 200, 20
MOST_PACKED, MOST_PLAIN = 256 << 20, 1 << 30            # bytes of an archive, and of a .tar without its compression
MOST_ARCHIVES, DEEPEST = 8, 3                           # of a student; an archive in an archive in an archive
SECONDS, MEMORY = 20, 512 << 20
NOBODYS = {".git", "build", "out"}                      # folders of a whole handout that came back with all it had
LARGE = 1 << 20                                         # bytes of a file of data/ that was fetched, as a model is
PLAIN = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}
OTHERS = {b"7z\xbc\xaf": ".7z", b"Rar!": ".rar"}


class Refused(Exception):
    """One line that says why."""


class Target:
    """A folder that is filled with regular files."""

    def __init__(self, folder):
        self.folder, self.files, self.bytes = folder, 0, 0

    def put(self, name, size, source):
        """source(): the open file; size: of it, as the archive claims."""
        parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
        if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name):
            raise Refused(f"the entry {name[:80]!r} leads out of it")
        long = any(len(part.encode("utf-8", "replace")) > LONGEST for part in parts)
        if not parts or long or len(parts) > DEEP_AT_MOST:
            raise Refused("a name in it is too long")
        if NOBODYS.intersection(parts[:-1]) or "data" in parts[:-1] and size > LARGE:
            return
        self.files += 1
        if self.files > MOST_FILES:
            raise Refused(f"it holds more than {MOST_FILES} files")
        whole = os.path.join(self.folder, *parts)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "xb") as out, source() as file:
            while chunk := file.read(1 << 16):
                self.bytes += len(chunk)
                if self.bytes > MOST_BYTES:
                    raise Refused(f"it holds more than {MOST_BYTES >> 20} MB")
                out.write(chunk)


def unzip(archive, target):
    with zipfile.ZipFile(archive) as file:
        for info in file.infolist():
            kind = stat.S_IFMT(info.external_attr >> 16)
            if info.flag_bits & 1:
                raise Refused("it has a password")
            if not info.is_dir() and kind in (0, stat.S_IFREG):
                target.put(info.filename, info.file_size, lambda info=info: file.open(info))


class Counted:
    """A file as it is read, which ends when it is too long: a header in there may claim anything."""

    def __init__(self, file):
        self.file, self.bytes = file, 0

    def read(self, size):
        data = self.file.read(size)
        self.bytes += len(data)
        if self.bytes > MOST_PLAIN:
            raise Refused(f"it holds more than {MOST_PLAIN >> 20} MB")
        return data


def untar(archive, target, opening):
    with opening(archive, "rb") as plain, tarfile.open(fileobj=Counted(plain), mode="r|") as file:
        for info in file:
            if info.isreg():
                target.put(info.name, info.size, lambda info=info: file.extractfile(info))


def unpack(archive, folder):
    """None, or why it was refused. What it is stands in its first bytes; its name may be mistaken."""
    try:
        if os.path.getsize(archive) > MOST_PACKED:
            raise Refused(f"it is larger than {MOST_PACKED >> 20} MB")
        with open(archive, "rb") as file:
            first = file.read(8)
        for mark, kind in OTHERS.items():
            if first.startswith(mark):
                raise Refused(f"nothing here opens a {kind} archive. Try: unpack it, or ask for a .zip")
        if first.startswith(b"PK") or archive.lower().endswith(".zip") and not first.startswith(tuple(PLAIN)):
            unzip(archive, Target(folder))
        else:
            untar(archive, Target(folder), next((PLAIN[mark] for mark in PLAIN if first.startswith(mark)), open))
    except FileExistsError:
        return "two entries have one name"
    except Refused as problem:
        return str(problem)
    except Exception as problem:                # whatever a library makes of nonsense
        return f"it cannot be read ({type(problem).__name__})"
    return None


def unpacked(archive, into):
    """"", or why it was not; `into` is an empty folder. In a process of its own."""
    outcome = sandbox.run([sys.executable, os.path.abspath(__file__), archive, into], cpu=SECONDS, wall=3 * SECONDS,
                          memory=MEMORY)
    if outcome.code == 0:
        return ""
    shutil.rmtree(into, ignore_errors=True)
    os.makedirs(into)
    return outcome.out.decode("utf-8", "replace").strip().split("\n")[-1][:150] or f"stopped after {SECONDS} s"


def packed_in(folder, files_of):
    return [name for name in files_of(folder) if PACKED.search(name)]


def copied(whole, room, names, largest):
    """The files of a folder, as many and as large as an archive's may be."""
    count = size = 0
    for name in names:
        bytes_there = os.path.getsize(os.path.join(whole, name))
        if bytes_there <= largest and count < MOST_FILES and size + bytes_there <= MOST_BYTES:
            count, size = count + 1, size + bytes_there
            os.makedirs(os.path.dirname(os.path.join(room, name)), exist_ok=True)
            shutil.copyfile(os.path.join(whole, name), os.path.join(room, name))


def place_beside(name):
    """An empty folder for what an archive holds, called like it."""
    start = os.path.join(os.path.dirname(name), PACKED.sub("", os.path.basename(name))[:50] + " unpacked")
    into = next(into for into in (start, *(f"{start} {i}" for i in range(2, MOST_ARCHIVES + 2)))
                if not os.path.lexists(into))
    os.makedirs(into)
    return into


def opened(whole, room, files_of, largest):
    """(a folder with all that was handed in, what is to be said of its archives or ""). `whole` is a student's folder
    or an archive; room: an empty folder, for what has to be unpacked."""
    problems, count = [], 0
    if os.path.isfile(whole):
        left = [(whole, room, os.path.basename(whole))]
    else:
        packed = packed_in(whole, files_of)
        if not packed:
            return whole, ""
        copied(whole, room, [name for name in files_of(whole) if name not in packed], largest)
        left = [(os.path.join(whole, name), place_beside(os.path.join(room, name)), name)
                for name in packed[:MOST_ARCHIVES]]
    for _ in range(DEEPEST):
        found = []
        for archive, into, name in left:
            no = unpacked(archive, into) if count < MOST_ARCHIVES else f"it is one of more than {MOST_ARCHIVES}"
            count += 1
            if no:
                problems.append(f"{name}: an archive that was not unpacked: {no}")
            elif archive.startswith(os.path.join(room, "")):
                os.remove(archive)
            found += [os.path.join(into, inner) for inner in packed_in(into, files_of)] if not no else []
        left = [(inner, place_beside(inner), os.path.relpath(inner, room)) for inner in found[:MOST_ARCHIVES]]
    return room, "; ".join(problems[:3] + ([f"and {len(problems) - 3} more"] if len(problems) > 3 else []))


if __name__ == "__main__":
    no = unpack(sys.argv[1], sys.argv[2])
    if no:
        print(no)
    sys.exit(1 if no else 0)
