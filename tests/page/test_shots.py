#!/usr/bin/env python3
"""The page's views, as pictures, against those in docs/img: shots.mjs says how far apart they may be.

  test_shots.py                    compare, with MiniLM; skipped without it
  test_shots.py --write FILE...    make these of them again, DIR/page_VIEW.png (`make docs` does)"""
import os
import shutil
import subprocess
import sys
import tempfile

import test_page

HERE = os.path.dirname(os.path.abspath(__file__))
KEPT = os.path.join("docs", "img")
TEXT = "The artist painted the portrait of a woman with a brush"


def main():
    written = sys.argv[2:] if sys.argv[1:2] == ["--write"] else []
    chromium, environment = test_page.needed()
    if not os.path.isdir(test_page.MINILM):
        test_page.skip("data/minilm is not here. Try: data/fetch.sh minilm")
    with tempfile.TemporaryDirectory() as folder:
        page = test_page.write(folder, "page.html", "--model", test_page.MINILM, TEXT)
        words = ["node", os.path.join(HERE, "shots.mjs"), chromium, page, folder, *([] if written else [KEPT])]
        done = subprocess.run(words, cwd=test_page.ROOT, env=environment, capture_output=True, text=True, timeout=240,
                              check=False)
        for path in written:
            shutil.copy(os.path.join(folder, os.path.basename(path)), os.path.join(test_page.ROOT, path))
    lines = done.stdout.splitlines()
    bad = [line for line in lines if line.startswith("not ok ")]
    print("\n".join("FAIL " + line[len("not ok "):] for line in bad) or "\n".join(lines))
    if done.returncode:
        print(f"FAIL shots.mjs did not end well: {done.stderr[-1500:]}")
    failed = len(bad) + bool(done.returncode)
    print(f"{sum(line.startswith('ok ') for line in lines)} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
