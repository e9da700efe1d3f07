"""A program in a process of its own: limits on time, memory and output, and its process group killed at the end."""
import os
import selectors
import signal
import subprocess
import threading
import time
from glob import glob

MEGABYTE = 1 << 20
END = 400                           # bytes
MORE = 2                            # seconds of work until who ignores SIGXCPU is killed
# Do threads list their children? All processes take milliseconds to list, and twenty times a second for each that runs.
LISTED = os.path.exists(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
STOPPED = threading.Event()         # Ctrl-C: whatever runs is killed, and nothing begins


class Outcome:
    """code: the exit code, or minus the signal; out: what it printed, cut at the cap; end: the last of it; result: what
    came on its result pipe; late: the clock ran out; used_up: its processor time did; took: seconds on the clock; peak:
    the most memory that was seen, in bytes; full: it and its children together held more than they may."""

    def __init__(self):
        self.code, self.out, self.end, self.result = None, b"", b"", b""
        self.late = self.used_up = self.full = False
        self.peak = self.took = 0

    def out_of_time(self, number, cpu):
        """Was this its end: the clock, or `cpu` seconds of work? number: of the signal that ended it. No sandbox tells
        the time of a process inside: whoever is killed after as long as that takes was killed by the hard limit."""
        hard = self.took * (os.cpu_count() or 1) >= cpu + MORE
        return self.late or self.used_up or number == signal.SIGXCPU or number == signal.SIGKILL and hard


def pages(name, column):
    """A number of a statm, in bytes; 0 where /proc cannot tell."""
    try:
        with open(name, "rb") as file:
            return int(file.read().split()[column]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def memory_of(pid):
    """Bytes of address space in use."""
    return pages(f"/proc/{pid}/statm", 0)


def parents():
    """{process: its parent}, of all that /proc shows; empty where there is none."""
    found = {}
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else []:
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    found[int(name)] = int(file.read().rpartition(b")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                pass                                    # it has just ended
    return found


def children(pid):
    """Those that a process has started and not yet waited for, by its threads' lists."""
    found = set()
    for name in glob(f"/proc/{pid}/task/*/children"):
        try:
            with open(name, "rb") as file:
                found.update(int(word) for word in file.read().split())
        except OSError:
            pass                                        # it has just ended
    return found


def family(pid):
    """A process and all that descend from it."""
    found, new = {pid}, {pid}
    while new:
        if LISTED:
            new = set().union(*map(children, new)) - found
        else:
            new = {child for child, parent in parents().items() if parent in new} - found
        found |= new
    return found


def held_together(pid):
    """Bytes of memory in which a process and its descendants have really written. Where its first thread has ended, a
    process tells 0, though others hold what it had: one of those is asked then."""
    return sum(pages(f"/proc/{one}/statm", 1) or
               max((pages(name, 1) for name in glob(f"/proc/{one}/task/*/statm")), default=0) for one in family(pid))


def kill_group(pid):
    """Before the process is waited for: until then its number, and its group's, belong to nobody else."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except OSError:
        pass


def has_ended(pid):
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def limited(command, cpu, memory):
    """The command behind a shell that sets the limits: safe beside threads, and the same on every system."""
    limits = [f"ulimit -S -t {cpu}", f"ulimit -H -t {cpu + MORE}", "ulimit -c 0", "ulimit -f 400000"]
    limits += [f"ulimit -v {memory // 1024}"] if memory else []
    quiet = "; ".join(limit + " 2>/dev/null" for limit in limits)
    return ["/bin/sh", "-c", quiet + '; exec "$@"', "sh", *command]


def run(command, *, cpu=10, wall=60, memory=1024 * MEGABYTE, cap=64 * 1024, cwd=None, env=None, together=0):
    """Runs `command`; an argument that is the text RESULT-FD becomes the number of a pipe for its verdict. memory is
    for each process, together for it and all its descendants (0: not watched)."""
    outcome, began = Outcome(), time.monotonic()
    ours, theirs = os.pipe()
    command = [str(theirs) if part == "RESULT-FD" else part for part in command]
    try:
        process = subprocess.Popen(limited(command, cpu, memory), cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, pass_fds=[theirs],
                                   start_new_session=True)
    finally:
        os.close(theirs)
    with selectors.DefaultSelector() as pipes:
        pipes.register(process.stdout, selectors.EVENT_READ, "out")
        pipes.register(ours, selectors.EVENT_READ, "result")
        try:
            watch(process.pid, pipes, outcome, cap, time.monotonic() + wall, together)
            outcome.took = time.monotonic() - began
        finally:
            kill_group(process.pid)
            _, status, usage = os.wait4(process.pid, 0)
            outcome.code = process.returncode = os.waitstatus_to_exitcode(status)
        last = time.monotonic() + 0.5                   # for what still lies in the pipes
        while pipes.get_map() and time.monotonic() < last:
            for key, _ in pipes.select(timeout=0.05):
                collect(outcome, pipes, key, cap)
    process.stdout.close()
    os.close(ours)
    outcome.used_up = (outcome.code == -signal.SIGXCPU
                       or outcome.code == -signal.SIGKILL and usage.ru_utime + usage.ru_stime >= cpu)
    return outcome


def watch(pid, pipes, outcome, cap, deadline, together):
    """Collects what the process says until it ends or its time is up."""
    look = time.monotonic() + 0.05
    while not has_ended(pid):
        now = time.monotonic()
        if now > deadline or STOPPED.is_set():
            outcome.late = True
            return
        if together and now > look:
            look = now + 0.05
            if held_together(pid) > together:
                outcome.full = True
                return
        if pipes.get_map():
            for key, _ in pipes.select(timeout=0.02):
                collect(outcome, pipes, key, cap)
        else:
            time.sleep(0.002)                           # it has closed its pipes and goes on
        outcome.peak = max(outcome.peak, memory_of(pid))


def collect(outcome, pipes, key, cap):
    data = os.read(key.fd, 65536)
    if not data:
        pipes.unregister(key.fileobj)
        return
    if key.data == "out":
        outcome.end = (outcome.end + data)[-END:]
    if len(getattr(outcome, key.data)) < cap:
        setattr(outcome, key.data, (getattr(outcome, key.data) + data)[:cap])
