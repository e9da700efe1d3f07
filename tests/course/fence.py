#!/usr/bin/env python3
"""A fence around a command, for a sandbox without namespaces. The kernel refuses the system calls below: so there is no
network, no namespace in which to be root, no key, no memory that outlives a process or that nobody counts. Where it has
Landlock (from Linux 5.13 on), of the disk is read and written what is named, and nothing made elsewhere. This process
stays in front, so that who starts children beside itself, or leaves them behind, has them in the family whose memory is
counted.

    fence.py READ ... -- WRITE ... -- COMMAND ...
"""
import ctypes
import os
import signal
import stat
import struct
import sys

LIBC = ctypes.CDLL(None)
NO_NEW_PRIVILEGES, CHILD_SUBREAPER, FILTER_CALLS = 38, 36, 22   # of prctl()

# ---- System calls: a program for the kernel (BPF) ----------------------------------------------------------------

# Of a processor: its name in the kernel, clone(), and what is refused: socket, socketpair, io_uring_setup (all make
# sockets); unshare, clone3; shmget, msgget, semget, mq_open, memfd_create, memfd_secret; add_key, request_key, keyctl.
OTHERS = (220, (198, 199, 425, 97, 435, 194, 186, 190, 180, 279, 447, 217, 218, 219))
CALLS = {"x86_64": (0xC000003E, 56, (41, 53, 425, 272, 435, 29, 68, 64, 240, 319, 447, 248, 249, 250)),
         "aarch64": (0xC00000B7, *OTHERS), "riscv64": (0xC00000F3, *OTHERS)}
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, PROCESSOR, FIRST_WORD = 0, 4, 16                        # where they stand
ALLOWED, NOT_THERE = 0x7FFF0000, 0x00050026                     # ENOSYS: libraries then try something else
NEW_NAMESPACES, ANOTHER_ABI = 0x7E020000, 0x40000000            # of clone()'s flags; x86's other numbers begin there


def program(processor, clone, numbers):
    """Lines of: what to do, how many lines to leave out if so, if not, and with what."""
    tests = [(AT_LEAST, ANOTHER_ABI), *((EQUAL, number) for number in numbers)]
    to_the_end = len(tests) + 3
    return [(LOAD, 0, 0, PROCESSOR), (EQUAL, 1, 0, processor), (RETURN, 0, 0, NOT_THERE), (LOAD, 0, 0, NUMBER),
            *((test, to_the_end - i, 0, value) for i, (test, value) in enumerate(tests)),
            (EQUAL, 0, 2, clone), (LOAD, 0, 0, FIRST_WORD), (ANY_BIT, 1, 0, NEW_NAMESPACES),
            (RETURN, 0, 0, ALLOWED), (RETURN, 0, 0, NOT_THERE)]


def refuse_calls():
    lines = program(*CALLS[os.uname().machine])
    held = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
    whole = ctypes.create_string_buffer(struct.pack("HP", len(lines), ctypes.addressof(held)))
    if LIBC.prctl(FILTER_CALLS, 2, whole, 0, 0) != 0:
        sys.exit("the kernel does not let us refuse system calls")


# ---- The disk: Landlock --------------------------------------------------------------------------------------------

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446         # system calls, by the same number on all processors
TELL_VERSION, BENEATH_A_PATH = 1, 1
READING = 1 << 0 | 1 << 2 | 1 << 3                              # execute, read files, read folders
OF_FILES = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15         # what is said of a file: those, write, truncate, ioctl


def version():
    """Of the kernel's Landlock; 0: there is none."""
    return max(0, LIBC.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), TELL_VERSION))


def close_disk(read, write):
    most = version()
    if not most:
        return
    known = (1 << (12 + min(most, 3) if most < 5 else 16)) - 1      # each version knows some more ways to touch a file
    rules = LIBC.syscall(CREATE_RULESET, struct.pack("Q", known), ctypes.c_size_t(8), 0)
    for name in (*read, *write):
        if os.path.exists(name):
            there = os.open(name, os.O_PATH)
            allowed = known if name in write else READING
            allowed &= known if stat.S_ISDIR(os.stat(name).st_mode) else OF_FILES & known
            LIBC.syscall(ADD_RULE, rules, BENEATH_A_PATH, struct.pack("=Qi", allowed, there), 0)
            os.close(there)
    if LIBC.syscall(RESTRICT_SELF, rules, 0) != 0:
        sys.exit("the kernel has Landlock and does not use it")
    os.close(rules)


def main(words):
    read, rest = words[:words.index("--")], words[words.index("--") + 1:]
    write, command = rest[:rest.index("--")], rest[rest.index("--") + 1:]
    os.chdir("/")
    LIBC.prctl(CHILD_SUBREAPER, 1, 0, 0, 0)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)           # Python lets it pass, and a command would, too
        LIBC.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        close_disk(read, write)
        refuse_calls()
        os.execv(command[0], command)               # a whole path: Python's own files are behind the fence by now
    os.closerange(3, 1024)                          # the pipes are the child's alone: their end is waited for
    ended = status = 0
    while ended != child:
        ended, status = os.wait()
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)     # a signal is told as shells do


if __name__ == "__main__":
    main(sys.argv[1:])
