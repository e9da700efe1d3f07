#!/usr/bin/env python3
"""The page's script, without spaces, is still the sources': same.mjs compares their grammar. Needs node."""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import test_page  # noqa: E402


def main():
    if not shutil.which("node") or not os.access(test_page.PROGRAM, os.X_OK):
        test_page.skip("node is not here, or 20_atlas is not built")
    sources = os.path.join(test_page.ROOT, "common", "show", "page")
    with tempfile.TemporaryDirectory() as folder:
        page = test_page.write(folder, "page.html", "--model", os.path.join(test_page.MODELS, "plain"), test_page.TEXT)
        done = subprocess.run(["node", "--expose-internals", "--no-warnings", os.path.join(HERE, "same.mjs"), page,
                               sources], capture_output=True, text=True, timeout=60, check=False)
    lines = done.stdout.splitlines()
    bad = [line for line in lines if line.startswith("not ok ")]
    print("\n".join("FAIL " + line[len("not ok "):] for line in bad) or done.stdout + done.stderr[-1500:])
    failed = len(bad) + bool(done.returncode)
    print(f"{sum(line.startswith('ok ') for line in lines)} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
