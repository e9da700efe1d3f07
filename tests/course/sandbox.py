"""A program in a process of its own: limits on time, memory and output, and its process group killed at the end."""
import os
import selectors
import signal
import subprocess
import time

MEGABYTE = 1 << 20


class Outcome:
    """code: the exit code, or minus the signal; out: what it printed, cut at the cap; result: what came on its result
    pipe; late: the clock ran out; used_up: its processor time did; peak: the most memory that was seen, in bytes."""

    def __init__(self):
        self.code, self.out, self.result = None, b"", b""
        self.late = self.used_up = False
        self.peak = 0


def memory_of(pid):
    """Bytes of address space in use; 0 where /proc cannot tell."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


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
    limits = [f"ulimit -S -t {cpu}", f"ulimit -H -t {cpu + 2}", "ulimit -c 0", "ulimit -f 400000"]
    limits += [f"ulimit -v {memory // 1024}"] if memory else []
    quiet = "; ".join(limit + " 2>/dev/null" for limit in limits)
    return ["/bin/sh", "-c", quiet + '; exec "$@"', "sh", *command]


def run(command, *, cpu=10, wall=60, memory=1024 * MEGABYTE, cap=64 * 1024, cwd=None, env=None):
    """Runs `command`; an argument that is the text RESULT-FD becomes the number of a pipe for its verdict."""
    outcome = Outcome()
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
            watch(process.pid, pipes, outcome, cap, time.monotonic() + wall)
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


def watch(pid, pipes, outcome, cap, deadline):
    """Collects what the process says until it ends or its time is up."""
    while not has_ended(pid):
        if time.monotonic() > deadline:
            outcome.late = True
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
    elif len(getattr(outcome, key.data)) < cap:
        setattr(outcome, key.data, (getattr(outcome, key.data) + data)[:cap])
