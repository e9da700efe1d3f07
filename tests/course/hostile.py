"""Submissions that want points which they have not earned, or harm: what a grader meets once in a while, all at once.
Each is a file for exercise 01.1 of mini.py (twice a number), and none of them doubles anything.

They stand in hostile.txt, each under a line `== KIND: NAME`: tricks on the compiler, tricks in the process that runs
the function, and plain harm. In a text, a line HEAD is the one below, ROOT is the checkout, FRIEND a neighbour's
folder, HOLDER the lecturer's home, TABLE the table of grades, ROOMS where the grader's own folders are, PORT where
somebody listens."""
import os
import re


HEAD = """#include "course.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <arpa/inet.h>
#include <dlfcn.h>
#include <pthread.h>
#include <unistd.h>
#define SURVIVOR() prctl(PR_SET_NAME, "hlsurvivor")
static void spoil(const char *name) {
    int file = open(name, O_WRONLY | O_TRUNC | O_CREAT, 0666);
    if (file >= 0) (void)!write(file, "spoiled", 7), close(file);
    unlink(name), rename("/course/runner", name), symlink("/etc/passwd", name);
}
static void everywhere(const char *text) {
    for (int file = 0; file < 64; file++) (void)!write(file, text, strlen(text));
}
static void say_in(const char *pattern, int number, const char *text) {
    char name[256];
    snprintf(name, sizeof name, pattern, number);
    int file = open(name, O_WRONLY);
    if (file >= 0) (void)!write(file, text, strlen(text)), close(file);
}
"""
ROWS = [f"#define {b} {','.join([a] * 10)}\n" for a, b in zip("ABCDEFGH", "BCDEFGHI")]
EVERY = {                           # what has to be made; then what stands in the file
    "a macro bomb": f"#define A {','.join('x' * 10)}\n" + "".join(ROWS) + "int twice(int x) { return (I); }\n",
    "deep brackets": "int twice(int x) { return " + "(" * 100000 + "x" + ")" * 100000 + "; }\n",
    "NUL bytes": "int twice(int x) { return x; }\n\0\0\0\x1b]0;owned\x07\n#error \x1b[2J\x1b[31mpassed\n",
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "hostile.txt"), encoding="utf-8") as listed:
    for part in re.split(r"^== ", listed.read(), flags=re.M)[1:]:
        title, text = part.split("\n", 1)
        EVERY[title.split(": ")[1]] = re.sub(r"^HEAD\n", lambda _: HEAD, text)
FEW = ("include the solution", "incbin the solution", "itself without end", "exit before", "forged lines",
       "read the nonce", "the solution at run time", "delete what is there", "kill everybody", "a child that lives on",
       "memory by children", "memory behind a first thread that has left", "limits of the system's own", "the network")
FEW_AS_A_USER = ("calls that are refused", "include by the compiler's own folder", "the solution from where it stands",
                 "a neighbour's program in its place", "the library of all from their room",
                 "children that breed and leave", "a child of whoever started it",
                 "memory by children whose parent has left", "folders in folders", "the network")
AS_A_USER = (*FEW_AS_A_USER, "a neighbour's program spoiled", "a child that stops whoever ends it",
             "a bomb that sets itself apart", "stop the parent", "threads", *FEW)
VERDICTS = {                        # where more than no points is asked: the verdict, and words of the reason
    "memory by children": ("too much memory", ""),
    "memory behind a first thread that has left": ("too much memory", ""),
    "limits of the system's own": ("wrong", "got       0;"),
    "include by the compiler's own folder": ("does not compile", ""),
}
VERDICTS_ON_A_USER = VERDICTS | {
    "calls that are refused": ("wrong", "got       0;"),
    "memory by children whose parent has left": ("too much memory", ""),
    "closed, and goes on": ("crashed", "by signal 15"),
}
LANDLOCKED = ("limits of the system's own",)                    # may be opened, yet not written, by another user
