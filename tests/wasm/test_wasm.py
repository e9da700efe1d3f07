#!/usr/bin/env python3
"""math/ and attention/ for WebAssembly: every file compiles, and attention under every kind of mask has the numbers
that it has on this machine. What a page has not (threads, signals, mmap, OpenBLAS) lies in base/ and in edges.c.

Needs clang, lld and wasi-libc (`make deps` brings them where it can), and node to run the module; else it is
skipped."""
import math
import os
import shutil
import subprocess
import sys
import tempfile
from glob import glob

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PAGE = os.path.join(ROOT, "common", "show", "page")    # its edges.c and cblas.h
FLAGS = ["--target=wasm32-wasi", "--sysroot=/usr", "-O2", "-msimd128", "-std=c17", "-D_GNU_SOURCE",
         "-D_WASI_EMULATED_MMAN", "-I" + PAGE, "-I" + os.path.join(ROOT, "common")]
REORDERING = ("vecmath.c", "vecgrad.c")         # the only files with -ffast-math, as in the Makefile
BASE = ("memory", "rng")                        # what math/ and attention/ need of base/ to compute
LINKERS = ("wasm-ld", "wasm-ld-14", "wasm-ld-15", "wasm-ld-16", "wasm-ld-17", "wasm-ld-18", "wasm-ld-19")


def missing():
    """What is not here, or None."""
    builtins = glob("/usr/lib/llvm-*/lib/clang/*/lib/wasi/libclang_rt.builtins-wasm32.a") + glob(
        "/usr/lib/llvm-*/lib/clang/*/lib/wasm32-unknown-wasi/libclang_rt.builtins.a")
    if not shutil.which("clang"):
        return "clang"
    if not any(shutil.which(name) for name in LINKERS):
        return "lld"
    if not os.path.exists("/usr/lib/wasm32-wasi/libc.a"):
        return "wasi-libc"
    return None if builtins else "clang's wasm32 runtime"


def run(*command):
    return subprocess.run(command, capture_output=True, cwd=ROOT, text=True, check=False)


def compile_all(folder):
    """(objects, complaints) of every file of math/ and attention/, of what they need of base/, and of this test."""
    files = [os.path.join(ROOT, "common", "base", name + ".c") for name in BASE]
    for room in ("math", "math/fast", "attention", "attention/fast"):
        files += sorted(glob(os.path.join(ROOT, "common", room, "*.c")))
    files += [os.path.join(PAGE, "engine_edges.c"), os.path.join(PAGE, "edges.c"), os.path.join(HERE, "engine.c")]
    objects, complaints = [], []
    for number, path in enumerate(files):
        objects.append(os.path.join(folder, f"{number}.o"))
        fast = ["-ffast-math"] if os.path.basename(path) in REORDERING else []
        made = run("clang", *FLAGS, *fast, "-c", path, "-o", objects[-1])
        if made.returncode:
            complaints.append(os.path.relpath(path, ROOT) + ": " + (made.stderr.strip().split("\n") or ["?"])[0])
    return objects, complaints


def link(folder, objects):
    """The module; only what engine.c reaches is taken from the library."""
    library, module = os.path.join(folder, "library.a"), os.path.join(folder, "engine.wasm")
    runtime = (glob("/usr/lib/llvm-*/lib/clang/*/lib/wasi/libclang_rt.builtins-wasm32.a") + glob(
        "/usr/lib/llvm-*/lib/clang/*/lib/wasm32-unknown-wasi/libclang_rt.builtins.a"))[-1]
    ar = next(name for name in ("llvm-ar", "llvm-ar-14", "llvm-ar-15", "llvm-ar-16", "llvm-ar-19", "ar")
              if shutil.which(name))
    made = run(ar, "rcs", library, *objects[:-2])
    assert made.returncode == 0, made.stderr
    linker = next(name for name in LINKERS if shutil.which(name))
    made = run(linker, "--no-entry", "--strip-all", "-L/usr/lib/wasm32-wasi", "-o", module, *objects[-2:], library,
               "-lc", "-lm", runtime)
    assert made.returncode == 0, made.stderr
    return module


def native(folder):
    """The same source, by this machine's compiler and library."""
    build = os.environ.get("BUILD") or "build"
    program = os.path.join(folder, "engine")
    libraries = run("pkg-config", "--libs", "openblas", "libutf8proc", "jansson").stdout.split()
    made = run(*(os.environ.get("CC") or "cc").split(), "-std=c17", "-D_GNU_SOURCE", "-O2", "-Icommon",
               os.path.join(HERE, "engine.c"), f"{build}/libheadlight.a", *libraries, "-lpthread", "-lm", "-o", program)
    assert made.returncode == 0, made.stderr
    return numbers(run(program))


def numbers(ran):
    assert ran.returncode == 0, ran.stderr
    return [float(line) for line in ran.stdout.split()]


def main():
    lacks = missing()
    if lacks:
        print(f"skipped: {lacks} is not here. Try: make deps\n0 passed, 0 failed, 2 skipped")
        return 0
    passed = failed = skipped = 0
    with tempfile.TemporaryDirectory(prefix="headlight-wasm-") as folder:
        objects, complaints = compile_all(folder)
        for complaint in complaints:
            print(f"FAIL does not compile for wasm32: {complaint}")
        failed, passed = bool(complaints), not complaints
        if complaints or not shutil.which("node"):
            skipped += 1
            print("skipped: the module was not run" + ("" if complaints else ": there is no node"))
        else:
            ours, theirs = native(folder), numbers(run("node", os.path.join(HERE, "run.mjs"), link(folder, objects)))
            worst = max((abs(a - b) for a, b in zip(ours, theirs)), default=math.inf)
            good = len(ours) == len(theirs) and len(ours) > 10000 and worst < 1e-5 and not any(map(math.isnan, theirs))
            passed, failed = passed + good, failed + (not good)
            print(f"{'ok  ' if good else 'FAIL'} {len(theirs)} numbers, at most {worst:.1e} from this machine's")
    print(f"{int(passed)} passed, {int(failed)} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
