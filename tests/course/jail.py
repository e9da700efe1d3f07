"""A sandbox for code that nobody trusts: no network, no other processes, an empty environment, and of the disk only
/usr and what is bound, read-only. Bubblewrap makes it where it is there (`bwrap`), else the system's own user
namespaces do (`unshare`). Where a container forbids both, `user` is for who is root there: another user for each run,
behind a fence (fence.py), who can read and write what is open to everybody, or less where the kernel has Landlock.
`none` runs the same command with nothing around it.

Limits on time and memory are sandbox.py's; here are those on processes, open files, and what a file may hold. Who is
root becomes nobody first: for root the kernel counts no processes."""
import ctypes
import functools
import itertools
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

import fence

NOBODY = "65534"
PROCESSES, OPEN_FILES, FILE_BYTES = 24, 48, 1 << 20
SURROUNDINGS = ["PATH=/usr/bin:/bin", "LC_ALL=C", "OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1", "MALLOC_ARENA_MAX=1"]
LINKS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")          # of /, into /usr on most systems
NEEDED = ("/etc/alternatives", "/etc/ld.so.cache")                  # Debian finds cc and its libraries by them
KINDS = ("bwrap", "unshare", "user", "none")
FIRST, LAST = 60600, 61180          # users whom no system gives out: even numbers are strangers, the next one ends them
NUMBERS, MINE = itertools.count(random.randrange(FIRST, LAST, 2), 2), threading.local()
WHOLE = ("bwrap", "unshare")                                      # with nothing missing of what is said above
FOR_ALL = {tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm", "/run/lock"}       # where anybody may leave something


def outer(who=NOBODY):
    """What stands before either: a few words for an environment, and no root."""
    return ["/usr/bin/env", "-i", *SURROUNDINGS] + (becoming(who) if os.geteuid() == 0 else [])


def becoming(who):
    return ["setpriv", "--reuid", who, "--regid", who, "--clear-groups"]


def stranger():
    """For `user`: a number of user and group that no other thread has, nor another grader, nor who was judged before:
    so nobody reaches a neighbour, or is counted with what somebody left. A socket's name is the lock."""
    while not hasattr(MINE, "number"):
        number, lock = FIRST + (next(NUMBERS) - FIRST) % (LAST - FIRST), socket.socket(socket.AF_UNIX)
        try:
            lock.bind(f"\0headlight-user-{number}")
            MINE.lock, MINE.number = lock, str(number)
        except OSError:
            lock.close()                                        # somebody has it
            time.sleep(0.01)
    return MINE.number


def group(kind):
    """The group of whoever runs in a sandbox that root makes."""
    return int(stranger() if kind == "user" else NOBODY)


# As one whom a stranger cannot signal, since real and saved user are others, and who can signal strangers alone: the
# kernel reaches all of them at one time, however fast they breed.
ENDING = "import os, sys; who = int(sys.argv[1]); os.setresuid(who + 1, who, who + 1); os.kill(-1, 9)"


def swept(kind):
    """Ends and removes what is left of whom this thread has run; the next one is somebody else. In a sandbox of another
    kind nothing can be left."""
    if kind != "user" or not hasattr(MINE, "number"):
        return
    subprocess.run([sys.executable, "-I", "-S", "-c", ENDING, stranger()], capture_output=True, check=False)
    subprocess.run(["find", *filter(os.path.isdir, FOR_ALL), "-mindepth", "1", "-maxdepth", "1", "-user", stranger(),
                    "-exec", "rm", "-rf", "--", "{}", "+"], capture_output=True, check=False)
    MINE.lock.close()
    del MINE.number


def removed(folder):
    """However deep it is: shutil.rmtree comes to its end after a thousand folders in folders."""
    subprocess.run(["rm", "-rf", "--", folder], capture_output=True, check=False)


@functools.cache
def standing_still():
    """Words that give every run the same addresses, where the kernel lets us: what a function reads and nobody wrote
    differs less from run to run."""
    words = ["/usr/bin/setarch", os.uname().machine, "-R"]
    try:
        return words if subprocess.run([*words, "/bin/true"], capture_output=True, check=False).returncode == 0 else []
    except OSError:
        return []


def inner(file_bytes):
    return [*standing_still(), "/usr/bin/prlimit", f"--nproc={PROCESSES}", f"--nofile={OPEN_FILES}",
            f"--fsize={file_bytes}", "--core=0"]


@functools.cache
def closed_for_good():
    """Words that keep a program in there from making namespaces of its own; bubblewrap has them since 0.8."""
    said = subprocess.run(["bwrap", "--help"], capture_output=True, text=True, check=False)
    return ["--disable-userns"] if "--disable-userns" in said.stdout + said.stderr else []


def by_bwrap(command, read, write, file_bytes, scratch):
    words = outer() + ["bwrap", "--unshare-all", "--unshare-user", *closed_for_good(), "--die-with-parent",
                       "--new-session", "--ro-bind", "/usr", "/usr"]
    for name in LINKS:
        if os.path.islink("/" + name):
            words += ["--symlink", os.readlink("/" + name), "/" + name]
        elif os.path.isdir("/" + name):
            words += ["--ro-bind", "/" + name, "/" + name]
    for name in NEEDED:
        words += ["--ro-bind-try", name, name]
    words += ["--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--dev", "/dev", "--remount-ro", "/dev"]
    words += ["--size", str(scratch), "--tmpfs", "/tmp"] if scratch else []
    for here, there in read:
        words += ["--ro-bind", here, there]
    for here, there in write:
        words += ["--bind", here, there]
    return words + ["--remount-ro", "/", "--cap-drop", "ALL", "--chdir", "/", "--", *inner(file_bytes), *command]


# What bubblewrap does, by hand: a new root in memory, everything bound into it, then no way back.
# $1 is the bytes of /tmp or 0, $2 how many triples (ro or rw, here, there) follow, and after them comes the command.
SCRIPT = """set -e
mount -t proc proc /proc
root=/mnt; mount -t tmpfs -o size=1m,mode=755 none $root; mkdir $root/proc $root/dev
put() {
    if [ -d "$2" ]; then mkdir -p "$root$3"; else mkdir -p "$(dirname "$root$3")"; : >"$root$3"; fi
    mount --rbind "$2" "$root$3"
    [ "$1" = rw ] || mount -o "remount,bind,nosuid,nodev,ro" "$root$3"
}
for name in bin sbin lib lib32 lib64 libx32; do
    if [ -L /$name ]; then ln -s "$(readlink /$name)" $root/$name
    elif [ -d /$name ]; then put ro /$name /$name; fi
done
put ro /usr /usr
for name in /etc/alternatives /etc/ld.so.cache; do [ ! -e $name ] || put ro $name $name; done
for name in null zero urandom; do : >$root/dev/$name; mount --bind /dev/$name $root/dev/$name; done
ln -s /proc/self/fd $root/dev/fd; ln -s fd/0 $root/dev/stdin; ln -s fd/1 $root/dev/stdout; ln -s fd/2 $root/dev/stderr
[ "$1" = 0 ] || { mkdir $root/tmp; mount -t tmpfs -o "size=$1,mode=1777" none $root/tmp; }
count=$2; shift 2
while [ $count -gt 0 ]; do put "$1" "$2" "$3"; shift 3; count=$((count - 1)); done
mount -t proc proc $root/proc; mount --bind $root/proc/sys $root/proc/sys
mount -o remount,bind,nosuid,nodev,ro $root/proc/sys
mount -o remount,bind,nosuid,nodev,ro $root
cd $root; unset OLDPWD
set +e
PATH=$PATH:/usr/sbin:/sbin
chroot . /usr/bin/setpriv --no-new-privs --inh-caps=-all --ambient-caps=-all --bounding-set=-all -- "$@"
exit $?
"""


def by_unshare(command, read, write, file_bytes, scratch):
    """setsid: to signal one's group reaches those of it who are outside, too."""
    binds = [("ro", *pair) for pair in read] + [("rw", *pair) for pair in write]
    return outer() + ["unshare", "--user", "--map-root-user", "--mount", "--pid", "--net", "--ipc", "--uts", "--fork",
                      "--kill-child=KILL", "setsid", "/bin/sh", "-c", SCRIPT, "sh", str(scratch), str(len(binds)),
                      *[word for bind in binds for word in bind], *inner(file_bytes), *command]


def by_nothing(command, read, write, *_):
    """The same command on the real paths."""
    for here, there in sorted([*read, *write], key=lambda pair: -len(pair[1])):
        command = [word.replace(there, here) for word in command]
    return command


def by_user(command, read, write, file_bytes, scratch):
    """Behind a fence, and in no folder of ours: who stands in a closed one is in it. A /tmp is everybody's."""
    seen = ["/usr", *("/" + name for name in LINKS), *NEEDED, "/proc", "/dev/zero", "/dev/urandom"]
    fenced = [sys.executable, "-I", "-S", fence.__file__, *seen, *(here for here, _ in read), "--", "/dev/null",
              *(["/tmp"] if scratch else []), *(here for here, _ in write), "--", "/usr/bin/env"]
    return ["/usr/bin/env", "-i", *SURROUNDINGS, *fenced, *becoming(stranger()), "--bounding-set=-all",
            *inner(file_bytes), *by_nothing(command, read, write)]


def jailed(kind, command, read=(), write=(), file_bytes=FILE_BYTES, scratch=0):
    """The command in a sandbox of this kind. read, write: pairs (path here, path in there), of files or folders;
    scratch: bytes of a /tmp in memory (0: there is none)."""
    make = {"bwrap": by_bwrap, "unshare": by_unshare, "user": by_user, "none": by_nothing}[kind]
    return make(command, read, write, file_bytes, scratch)


KEYS = {"x86_64": 250, "aarch64": 219, "riscv64": 219}.get(os.uname().machine)      # keyctl(), of the system's calls
JOIN_A_KEYRING, PERMISSIONS, SESSION = 1, 5, -3


def leave_keys():
    """The kernel's keys of who grades (tickets of Kerberos, of disks) go to all children, in any sandbox: from now on
    this thread and its children have a ring without any, into which nobody puts one."""
    if KEYS and sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.syscall(KEYS, JOIN_A_KEYRING, None)
        libc.syscall(KEYS, PERMISSIONS, SESSION, 0)


def reachable(kind, name):
    """Can this file or folder be seen in a sandbox? Not when it lies under a folder that only root may enter."""
    command = jailed(kind, ["/usr/bin/test", "-r", "/there"], [(name, "/there")])
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def works(kind):
    tools = ["prlimit"] + ([kind] if kind in WHOLE else []) + (["setpriv"] if os.geteuid() == 0 else [])
    if not all(shutil.which(name) for name in tools) or kind == "user" and os.geteuid() != 0:
        return False
    try:
        done = subprocess.run(jailed(kind, ["/bin/sh", "-c", "exit 7"]), capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 7


def best():
    """The first whole kind that works here, or none."""
    return next((kind for kind in WHOLE if works(kind)), "none")
