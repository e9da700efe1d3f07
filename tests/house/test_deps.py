#!/usr/bin/env python3
"""docs/deps.sh and docs/doctor.sh, on made-up machines: a PATH that holds only what the test puts there. Nothing is
installed."""
import os
import shutil
import subprocess
import tempfile

import house

TOOLS = ("sh dirname uname id grep ls cut tail head mkdir cat env getconf awk sed tr wc mktemp rm date sort find du df "
         "sha256sum basename touch cp cmp").split()
ALL_THERE = ["cc", "pkg-config", "gnuplot", "cmark-gfm", "curl", "python3", "pip3", "fc-list", "fc-match", "clang",
             "wasm-ld", "esbuild"]
APT = """#!/bin/sh
echo "$*" >>"$MACHINE/asked"
case " $* " in *" update "*) exit 0 ;; esac
[ -e "$MACHINE/offline" ] && { echo "E: Unable to fetch some archives" >&2; exit 100; }
for word; do case $word in
    gcc) put=cc ;; gnuplot-nox) put=gnuplot ;; python3-pip) put=pip3 ;;
    lld) put=wasm-ld ;; pkg-config | cmark-gfm | curl | python3 | clang | esbuild) put=$word ;;
    *) continue ;;
esac; echo '#!/bin/sh' >"$MACHINE/bin/$put"; PATH=/usr/bin:/bin chmod +x "$MACHINE/bin/$put"; done
"""


class Machine:
    """A copy of docs/, and nothing else but the programs in `there`. pkg-config, where it is, knows every library."""

    def __init__(self, there, user=0):
        self.folder = tempfile.TemporaryDirectory()
        self.root = self.folder.name
        os.mkdir(self.root + "/bin")
        shutil.copytree(house.ROOT + "/docs", self.root + "/docs")
        for tool in TOOLS:
            if shutil.which(tool):
                os.symlink(shutil.which(tool), f"{self.root}/bin/{tool}")
        for name in there:
            self.put(name)
        self.put("id", f"#!/bin/sh\necho {user}\n")

    def put(self, name, text="#!/bin/sh\nexit 0\n"):
        path = f"{self.root}/bin/{name}"
        if os.path.lexists(path):
            os.remove(path)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)

    def run(self, script, *arguments):
        result = subprocess.run(["/bin/sh", f"{self.root}/docs/{script}", *arguments], capture_output=True, text=True,
                                stdin=subprocess.DEVNULL, timeout=60,
                                env={"PATH": self.root + "/bin", "MACHINE": self.root, "CC": "cc"})
        return result.returncode, result.stdout, result.stderr

    def asked(self):
        path = self.root + "/asked"
        return open(path, encoding="utf-8").read() if os.path.exists(path) else ""


def all_there_is_silent():
    machine = Machine(ALL_THERE + ["apt-get"])
    machine.put("apt-get", APT)
    assert machine.run("deps.sh", "--nice", "run") == (0, "", ""), "not silent"
    assert not machine.asked(), "it called apt-get"


def root_installs_and_says_so():
    machine = Machine([])
    machine.put("apt-get", APT)
    code, out, err = machine.run("deps.sh", "--nice", "run")
    asked = machine.asked()
    assert code == 0 and not out and "installing with apt-get" in err and "gnuplot" in err, f"{code} {out} {err}"
    for name in ("install", "gcc", "libopenblas-dev", "gnuplot-nox", "curl"):
        assert name in asked, asked
    assert "libcmocka-dev" not in asked, "what only tests need was installed for the course"
    assert machine.run("deps.sh", "run") == (0, "", ""), "the second call is not silent"


def a_user_installs_with_sudo():
    machine = Machine(["gnuplot"], user=1000)
    machine.put("apt-get", APT)
    machine.put("sudo", '#!/bin/sh\n[ "$1" != -n ] || shift\ncase $1 in true | -v) exit 0 ;; esac\n'
                        'echo sudo >>"$MACHINE/asked"\n"$@"\n')
    code, _, err = machine.run("deps.sh", "run")
    asked = machine.asked()
    assert code == 0 and "sudo apt-get" in err and asked.startswith("sudo\n"), f"{code} {err} {asked}"
    assert "gnuplot-nox" not in asked, "what is there was installed again"


def what_cannot_be_installed_ends_in_one_clear_line():
    for user, words in ((1000, "no sudo"), (0, "Unable to fetch")):
        machine = Machine(["pkg-config", "cc"], user)
        machine.put("apt-get", APT)
        open(machine.root + "/offline", "w").close()
        code, _, err = machine.run("deps.sh", "run")
        last = err.strip().split("\n")[-1]
        assert code == 3 and words in err, f"{code} {err}"
        assert last.startswith("deps: error: gnuplot: not installed. Try: ") and "gnuplot-nox" in last, last


def other_systems_are_told_their_names():
    for manager, words in (("dnf", "sudo dnf install"), ("pacman", "sudo pacman -S"), ("brew", "brew install")):
        machine = Machine(["cc", "gnuplot"], user=1000)
        machine.put(manager, '#!/bin/sh\necho called >"$MACHINE/asked"\n')
        code, _, err = machine.run("deps.sh", "run")
        assert code == 3 and err.count("\n") == 1, f"{manager}: {code} {err}"
        assert f"Try: {words} " in err and "jansson" in err, f"{manager}: {err}"
        assert not machine.asked(), f"{manager} was called without being asked for"


def nice_things_may_be_missing():
    machine = Machine(["cc", "pkg-config", "gnuplot"], user=1000)
    assert machine.run("deps.sh", "run") == (0, "", ""), "a must-only call spoke of what is nice"
    code, _, err = machine.run("deps.sh", "--nice", "run")
    assert code == 0 and err.startswith("deps: note: going on without") and "curl" in err, f"{code} {err}"


def npm_brings_what_the_page_asks_for():
    machine = Machine(ALL_THERE + ["wget", "strace", "bwrap", "node", "chromium"])
    machine.put("npm", '#!/bin/sh\necho "npm $*" >>"$MACHINE/asked"\n[ ! -e "$MACHINE/offline" ] || exit 1\n'
                       'mkdir "$MACHINE/docs/../build/page/node_modules"\n')
    shutil.copytree(house.ROOT + "/tests/page", machine.root + "/tests/page")
    assert machine.run("deps.sh", "test") == (0, "", ""), "a must-only call spoke of the page"
    open(machine.root + "/offline", "w").close()
    code, out, err = machine.run("deps.sh", "--nice", "test")
    assert code == 0 and not out and "going on without them" in err, f"{code} {out} {err}"
    os.remove(machine.root + "/offline")
    code, _, err = machine.run("deps.sh", "--nice", "test")
    assert code == 0 and "installing with npm" in err and "without" not in err, f"{code} {err}"
    assert machine.asked().count("npm ci --prefix") == 2, machine.asked()
    assert machine.run("deps.sh", "--nice", "test") == (0, "", ""), "the next call is not silent"


def one_unknown_name_stops_no_other():
    machine = Machine([])
    machine.put("apt-get", APT.replace("for word; do", 'case " $* " in *" gnuplot-nox "*"curl "*) echo "E: Unable to '
                                                       'locate package curl" >&2; exit 100 ;; esac\nfor word; do', 1))
    code, _, err = machine.run("deps.sh", "--nice", "run")
    assert code == 0 and "installed" in err, f"{code} {err}"


def doctor_says_what_is_missing():
    machine = Machine([name for name in ALL_THERE if name != "gnuplot"])
    machine.put("apt-get", APT)
    code, out, _ = machine.run("doctor.sh")
    assert code == 1 and "✗ gnuplot" in out and "Try: apt-get install gnuplot-nox" in out, f"{code} {out}"
    assert "✓ jansson" in out and out.strip().endswith("the course cannot run yet: 1 missing. Try: make deps"), out
    assert not machine.asked(), "the doctor changed something"


def doctor_knows_a_gnuplot_that_draws_nothing():
    machine = Machine(ALL_THERE)
    machine.put("gnuplot", '#!/bin/sh\ncase "$*" in *dumb*|*--version*) exit 0 ;; *) exit 1 ;; esac\n')
    code, out, _ = machine.run("doctor.sh")
    assert code == 1 and "✓   terminal dumb" in out and "✗   terminal png" in out, f"{code} {out}"
    assert "none of png, svg" in out, out


def doctor_is_content():
    code, out, _ = Machine(ALL_THERE).run("doctor.sh")
    assert code == 0 and out.strip().endswith("the course can run. Try: make tour"), f"{code} {out}"


if __name__ == "__main__":
    house.main([all_there_is_silent, root_installs_and_says_so, a_user_installs_with_sudo,
                what_cannot_be_installed_ends_in_one_clear_line, other_systems_are_told_their_names,
                nice_things_may_be_missing, npm_brings_what_the_page_asks_for,
                one_unknown_name_stops_no_other, doctor_says_what_is_missing, doctor_knows_a_gnuplot_that_draws_nothing,
                doctor_is_content])
