"""What the program cannot choose: closed and full outputs, disks, folders that are none, signals, odd variables."""
import fcntl
import os
import pathlib
import pty
import re
import resource
import signal
import struct
import subprocess
import termios
import time

from program import check, civil, failed, NAME, PLAIN, PROGRAM, silent, succeeded, test, TEXT

MODES = (("--ids",), ("--tsv", "-"), ("--terminal",), ("--token", "clock", "--terminal"), ("--time", "1"), ("--help",))


def wait_until(condition, seconds=20):
    """True once condition() is; False when it never was."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


@test
def an_answer_that_nobody_can_read(box):
    """A full device: exit 3, for a program whose output nobody could read has not succeeded."""
    for mode in MODES:
        run = box.run("--model", PLAIN, *mode, TEXT, stdout="/dev/full")
        failed(run, 3, "No space left")


@test
def standard_output_that_is_closed(box):
    for mode in MODES:
        process = box.start("--model", PLAIN, *mode, TEXT, stderr=-1, preexec_fn=lambda: os.close(1))
        err = process.communicate()[1].decode()
        check(process.returncode == 3 and re.fullmatch(rf"{NAME}: error: .*\n", err), mode, process.returncode, err)
    check(not box.files(), "it wrote", box.files())
    check(os.path.islink("/dev/stdout"), "a file has taken the place of /dev/stdout")


@test
def all_streams_closed(box):
    """Then the files that are opened become 0, 1 and 2: the answer must not land in one of them."""
    box.write("clean", TEXT)
    before = box.files()
    for mode in (("--ids",), ("--tsv", box.path("t")), ("--export", box.path("e"))):
        box.start("--model", PLAIN, *mode, TEXT, close_fds=True,
                  preexec_fn=lambda: [os.close(stream) for stream in (0, 1, 2)]).wait()
    for name in ("t", "e"):
        if os.path.exists(box.path(name)):
            silent(box.run("--model", PLAIN, "--tsv" if name == "t" else "--export", box.path("again"), TEXT))
            check((box.root / name).read_bytes() == (box.root / "again").read_bytes(), f"{name} has other bytes")
    check(set(box.files()) - set(before) <= {"t", "e", "again"}, "left behind:", box.files())


@test
def a_reader_that_leaves(box):
    """`| head -1`: quietly 0 or 141, nothing on stderr."""
    for mode in (("--tsv", "-"), ("--ids", "--file", box.write("long", "the clock " * 200_000))):
        text = () if "--file" in mode else (TEXT,)
        process = box.start("--model", PLAIN, *mode, *text, stdout=-1, stderr=-1)
        process.stdout.read(1)
        process.stdout.close()
        err = process.stderr.read()
        code = process.wait()
        check(code in (0, 141, -signal.SIGPIPE) and not err, mode, code, err)


# ---- disks --------------------------------------------------------------------------------------------------------

def outputs(folder):
    """Everything that writes, into this folder: ((arguments), name of the file)."""
    return ((("--export", folder + "/f"), "f"), (("--tsv", folder + "/f"), "f"), (("--out", folder), "heads.png"))


@test
def folders_that_are_not_there(box):
    for option in ("--export", "--tsv"):
        failed(box.run("--model", PLAIN, option, box.path("no/where"), TEXT), 3, "no/where", "No such file")
        failed(box.run("--model", PLAIN, option, box.folder("folder"), TEXT), 3, "folder", "Is a directory")
        failed(box.run("--model", PLAIN, option, "", TEXT), 2, "expected the name of a file")
        failed(box.run("--model", PLAIN, option, box.path("n" * 300), TEXT), 3, "too long")
    file = box.write("file", TEXT)
    failed(box.run("--model", PLAIN, "--out", file + "/below", TEXT), 3, "is a file, not a folder")
    for out in (file, "/proc/nowhere", "/dev/null", box.path("n" * 300), "/" + "deep/" * 2000):
        failed(box.run("--model", PLAIN, "--out", out, TEXT), 3, out[:50])


@test
def a_disk_that_is_read_only(box):
    for arguments, _ in outputs(box.mount("disk", "ro,size=1m")):
        failed(box.run("--model", PLAIN, *arguments, TEXT), 3, "Read-only file system")


@test
def a_disk_that_is_full(box):
    """At the first byte, and in the middle of every file: what was there stays, what is new is gone."""
    for size in ("4k", "8k", "16k", "32k"):
        folder = box.mount("disk" + size, f"size={size}")
        pathlib.Path(folder, "mine").write_bytes(b"m" * (2048 if size != "4k" else 4096))
        for arguments, name in outputs(folder):
            run = box.run("--model", PLAIN, *arguments, TEXT, env={"TMPDIR": folder})
            if run.code == 0:                           # the small ones fit
                os.remove(os.path.join(folder, name))
                continue
            civil(run)
            check(run.code == 3 and run.error and len([line for line in run.lines if ": error: " in line]) == 1, run)
            left = set(os.listdir(folder)) - {"mine"}
            check(not [file for file in left if not re.fullmatch(r"\w+\.(gp|dat)", file)],
                  "left behind:", left, run)
            for file in left:
                os.remove(os.path.join(folder, file))
        check(set(os.listdir(folder)) >= {"mine"}, "what was there is gone")


@test
def an_old_file_survives(box):
    folder = box.mount("disk", "size=16k")
    for arguments, name in outputs(folder)[:2]:
        old = pathlib.Path(folder, name)
        old.write_bytes(b"old " * 1500)
        run = box.run("--model", PLAIN, *arguments, TEXT + " " + TEXT + " " + TEXT)
        check(run.code == 3 and "No space left" in run.error, "a disk of 16 KB:", run)
        check(old.read_bytes() == b"old " * 1500 and os.listdir(folder) == [name], "the old file:", os.listdir(folder))


@test
def a_limit_on_the_size_of_files(box):
    """ulimit -f raises a signal; the program says what happened instead of dying of it."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    for arguments, _ in outputs(box.path("out")):
        arguments = [part.replace("/out/f", "/f") for part in arguments]
        process = box.start("--model", PLAIN, *arguments, TEXT, stdout=-1, stderr=-1, preexec_fn=limit)
        err = process.communicate()[1].decode()
        check(process.returncode == 3 and re.fullmatch(rf"{NAME}: error: .*\n", err), arguments, process.returncode,
              err)
        left = [name for name in box.files() if not re.fullmatch(r"out/\w+\.(gp|dat)", name)]
        check(not left, "left behind:", left)


# ---- signals ------------------------------------------------------------------------------------------------------

@test
def interrupted_at_any_moment(box):
    """Ctrl-C: 130, no words, no file that is half one. Earlier and earlier until it catches the program at work."""
    codes = set()
    old = box.write("e", "old")
    for wait in (0.0, 0.001, 0.002, 0.004, 0.006, 0.008, 0.01, 0.02):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            process = box.start("--model", PLAIN, "--export", old, TEXT, stdout=-1, stderr=-1)
            time.sleep(wait)
            process.send_signal(number)
            out, err = process.communicate()
            codes.add(process.returncode)
            check(process.returncode in (0, code, -number) and not out and not err, process.returncode, out, err)
            check(list(box.files()) == ["e"], "left behind:", box.files())
            content = (box.root / "e").read_bytes()
            check(content == b"old" or len(content) > 5000, "half a file")
    check(codes - {0}, "the signal never came in time")


@test
def interrupted_while_it_waits(box):
    """Reading a text that never comes, and writing to a pipe that nobody empties."""
    for arguments, given in (("-",), subprocess.PIPE), (("--tsv", "-", TEXT + " and" * 30), subprocess.DEVNULL):
        process = box.start("--model", PLAIN, *arguments, stdin=given, stdout=-1, stderr=-1)
        state = pathlib.Path(f"/proc/{process.pid}/stat")
        check(wait_until(lambda: state.read_text().split(") ")[1][0] == "S"), "it should wait")
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        err = process.stderr.read()
        code = process.wait(20)
        check(code in (130, -signal.SIGINT) and not err, arguments, code, err)
        process.stdout.close()
        if process.stdin:
            process.stdin.close()
    check(not box.files(), "left behind:", box.files())


# ---- the environment ----------------------------------------------------------------------------------------------

ODD = ({"OPENBLAS_NUM_THREADS": "abc"}, {"OPENBLAS_NUM_THREADS": "-1"}, {"OPENBLAS_NUM_THREADS": "999999"},
       {"OMP_NUM_THREADS": "0"}, {"LC_ALL": "de_DE.UTF-8"}, {"LC_ALL": "C"}, {"LC_ALL": "xx_YY.nonsense"}, {"LANG": ""},
       {"GNUTERM": "nonsense"}, {"GNUPLOT_LIB": "/nowhere"}, {"HOME": "/nowhere"}, {"HOME": ""}, {"TERM": "nonsense"},
       {"TMPDIR": "/nowhere"}, {"COLUMNS": "-5"}, {"COLUMNS": "nonsense"}, {"COLUMNS": "99999999999999999999"},
       {"NO_COLOR": "1"}, {"COLORTERM": "\x1b[31m"}, {"PATH": ""}, {"MALLOC_PERTURB_": "165"})


@test
def odd_variables_change_no_number(box):
    expected = {mode: silent(box.run("--model", PLAIN, *mode, TEXT)).out for mode in (("--ids",), ("--tsv", "-"))}
    for variables in ODD:
        for mode, answer in expected.items():
            check(silent(box.run("--model", PLAIN, *mode, TEXT, env=variables)).out == answer, mode, variables)


@test
def an_environment_that_is_empty(box):
    expected = silent(box.run("--model", PLAIN, "--tsv", "-", TEXT)).out
    process = subprocess.run([PROGRAM, "--model", PLAIN, "--tsv", "-", TEXT], env={}, cwd=box.root, capture_output=True)
    check(process.returncode == 0 and process.stdout == expected and not process.stderr, process)


@test
def commas_for_decimal_points(box):
    """A German desktop: numbers on stdout and in files keep their point."""
    for locale in ("de_DE.UTF-8", "fr_FR.UTF-8"):
        line = ("--model", PLAIN, "--terminal", "--values", "--view", "flow", "--threshold", "0.5", TEXT)
        run = succeeded(box.run(*line, env={"LC_ALL": locale}), "needs a picture")
        check(run.out == succeeded(box.run(*line), "needs a picture").out, locale)


# ---- terminals ----------------------------------------------------------------------------------------------------

def on_a_terminal(box, columns, *arguments, **variables):
    """What a terminal of this width would receive."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    attributes = termios.tcgetattr(slave)
    attributes[1] &= ~termios.OPOST                     # newlines as they are written
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    process = box.start("--model", PLAIN, *arguments, stdout=slave, stderr=-1,
                        env={"TERM": "xterm-256color", **variables})
    os.close(slave)
    received = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:                                 # how Linux says that the other side is closed
            break
        if not part:
            break
        received += part
    os.close(master)
    err = process.stderr.read()
    check(process.wait() == 0 and not err, arguments, err)
    return received.decode()


@test
def terminals_of_any_width(box):
    """The map keeps within the columns; what is left out is said."""
    for columns in (20, 40, 80, 200):
        for mode in ((), ("--values",), ("--token", "clock"), ("--anatomy",), ("--view", "neuron")):
            shown = on_a_terminal(box, columns, "--terminal", *mode, TEXT)
            plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
            check("\x1b" not in plain and plain.endswith("\n"), columns, mode, plain)
    wide, narrow = (re.sub(r"\x1b\[[0-9;]*m", "", on_a_terminal(box, columns, "--terminal", TEXT))
                    for columns in (200, 20))
    check(narrow != wide, "20 columns show as much as 200")


@test
def colours_only_where_they_can_be_seen(box):
    check("\x1b[" in on_a_terminal(box, 80, "--terminal", TEXT), "no colours on a terminal")
    check("\x1b[" not in on_a_terminal(box, 80, "--terminal", TEXT, NO_COLOR="1"), "NO_COLOR")
    check(b"\x1b[" not in silent(box.run("--model", PLAIN, "--terminal", TEXT)).out, "colours in a pipe")


@test
def any_number_of_threads(box):
    """More than there are processors, more than there are rows: the same numbers."""
    expected = silent(box.run("--model", PLAIN, "--tsv", "-", TEXT, "--threads", "1")).out
    for threads in (2, 3, 7, 64):
        for _ in range(3):
            run = succeeded(box.run("--model", PLAIN, "--tsv", "-", TEXT, "--threads", threads))
            check(run.out == expected, f"{threads} threads change the numbers")
