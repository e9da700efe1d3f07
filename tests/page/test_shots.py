#!/usr/bin/env python3
"""The page's views, as pictures, against those in docs/img: shots.mjs says how far apart they may be.

  test_shots.py                    compare, with MiniLM; skipped without it
  test_shots.py --write FILE...    make these of them again, DIR/page_VIEW.png (`make docs` does)"""
import os
import shutil
import sys
import tempfile

import test_page

KEPT = os.path.join("docs", "img")
TEXT = "The artist painted the portrait of a woman with a brush"


def main():
    written = sys.argv[2:] if sys.argv[1:2] == ["--write"] else []
    chromium, environment = test_page.needed()
    if not os.path.isdir(test_page.MINILM):
        test_page.skip("data/minilm is not here. Try: data/fetch.sh minilm")
    with tempfile.TemporaryDirectory() as folder:
        page = test_page.write(folder, "page.html", "--model", test_page.MINILM, TEXT)
        words = [page, folder, *([] if written else [KEPT])]
        lines, ended = test_page.seen("shots.mjs", chromium, environment, 240, *words)
        for path in written:
            shutil.copy(os.path.join(folder, os.path.basename(path)), os.path.join(test_page.ROOT, path))
    return test_page.judged("shots.mjs", lines, ended)


if __name__ == "__main__":
    sys.exit(main())
