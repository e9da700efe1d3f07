#!/usr/bin/env python3
"""What stands in for utf8proc and jansson inside the page says what they say: of every code point, from the table that
travels in the page, and of JSON texts, good and bad, those of the fuzzers' corpus among them. Both are compiled for
this machine."""
import glob
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("BUILD") or "build"
BASE = [f"common/base/{name}.c" for name in ("memory", "error", "message", "character", "files", "undo", "json")]
TEXT = [f"common/text/{name}.c" for name in ("bert_characters", "gpt2_split", "scan", "utf8")]
PAGE = ["common/show/page/unicode.c", "common/show/page/jansson.c"]
TEXTS = [b"", b"[]", b"{}", b"3", b'"a"', b"[1,2,]", b"[1 2]", b'{"a":1}', b'{"a":1,"a":2}', b'{"a":{"b":1,"b":1}}',
         b"[1] x", b"[1]\n", b"[-0,0,1,-1,12,1e2,1E+2,1.5e-7,-0.0,1e20,123456789012345678]", b"[01]", b"[1.]", b"[.5]",
         b"[9223372036854775807]", b"[9223372036854775808]", b"[1e999]", b"[NaN]", b"[true,false,null]", b"[True]",
         b'["\\u0041\\n\\/\\"\\\\"]', b'["\\u0000"]',
         b'["\\ud83d\\ude00"]', b'["\\ud83d"]', b'["\\x"]', b'["\x01"]',
         b'["\xff"]', b'["\xc3\xa9"]', b'["a', b"[1,[2,[3,{}]]]", b"[" * 3000, b"[" * 2000 + b"]" * 2000,
         b"\xef\xbb\xbf[]",
         b'{"z":1,"a":[{"k":"v"}],"m":{"x":null}}', b"{1:2}", b'{"a" 1}', b'{"a":}', b"[1\x00]", b'["\x7f"]']


def run(*command, binary=False):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        print(f"FAIL {' '.join(command[:3])}: {done.stderr.decode(errors='replace')[-800:]}")
        print("0 passed, 1 failed, 0 skipped")
        sys.exit(1)
    return done.stdout if binary else done.stdout.decode(errors="replace").splitlines()


def compiled(folder):
    """(with the libraries, with what stands in for them)."""
    compiler, ours = os.environ.get("CC") or "cc", os.path.join(folder, "names")
    os.mkdir(ours)
    for name in ("jansson.h", "utf8proc.h"):    # beside their signal.h and cblas.h nothing of this machine compiles
        os.symlink(os.path.join(ROOT, "common", "show", "page", name), os.path.join(ours, name))
    flags = [*compiler.split(), "-std=c17", "-D_GNU_SOURCE", "-O1", "-Icommon", "tests/wasm/stand_ins.c"]
    libraries = run("pkg-config", "--cflags", "--libs", "openblas", "libutf8proc", "jansson")[0].split()
    real, stand_in = os.path.join(folder, "real"), os.path.join(folder, "stand_in")
    run(*flags, f"{BUILD}/libheadlight.a", *libraries, "-lpthread", "-lm", "-o", real)
    run(*flags, "-DSTAND_IN", "-I" + ours, *BASE, *TEXT, *PAGE, "-lm", "-lpthread", "-o", stand_in)
    return real, stand_in


def same(what, ours, theirs, least):
    """Prints whether two lists of lines are the same, and returns it."""
    apart = [pair for pair in zip(ours, theirs) if pair[0] != pair[1]]
    good = not apart and len(ours) == len(theirs) >= least
    print(f"{'ok  ' if good else 'FAIL'} {what}: {len(theirs)} lines" + (f", {apart[:3]}" if apart else ""))
    return good


def main():
    with tempfile.TemporaryDirectory(prefix="headlight-stand-ins-") as folder:
        real, stand_in = compiled(folder)
        table = os.path.join(folder, "table")
        with open(table, "wb") as file:
            file.write(run(real, "table", binary=True))
        good = [same("characters", run(stand_in, "characters", table), run(real, "characters"), 0x110000)]
        texts = sorted(path for kind in ("config", "tokenizer_json")
                       for path in glob.glob(os.path.join(ROOT, "tests", "fuzz", "corpus", kind, "*")))
        for number, text in enumerate(TEXTS):
            texts.append(os.path.join(folder, str(number)))
            with open(texts[-1], "wb") as file:
                file.write(text)
        good.append(same("JSON", run(stand_in, "json", *texts), run(real, "json", *texts), len(TEXTS) + 20))
    print(f"{sum(good)} passed, {len(good) - sum(good)} failed, 0 skipped")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
