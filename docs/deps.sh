#!/bin/sh
# deps.sh [--nice] SET...: install what SET (run, test, fuzz, bench, mpi) needs and this machine lacks, for `make deps`.
#
# Silent and quick when everything is there: it looks every time, so that there is no record that could be out of date.
# Only apt-get is called by itself (Debian, Ubuntu), with sudo when you are not root, and only after saying so;
# elsewhere it prints the command. With --nice it also installs what the course can do without, and for `test` npm puts
# what the page's tests ask for (tests/page/package-lock.json: versions and checksums) into build/page/.
# Exit 0: all that is a must is there. Exit 3: something is missing, said in one line.
set -u
here=$(CDPATH='' cd "$(dirname "$0")" && pwd) || exit 3
# shellcheck source=docs/needs.sh
. "$here/needs.sh"
log=$here/../build/deps.log

look() {  # sets $missing (their names), $packages and $must (the names of those that nothing goes without)
    missing='' packages='' must=''
    while IFS='|' read -r what set weight check apt dnf pacman brew; do
        case " $sets " in *" $set "*) ;; *) continue ;; esac
        [ "$weight" = must ] || [ "$nice" = yes ] || continue
        case $manager in dnf) names=$dnf ;; pacman) names=$pacman ;; brew) names=$brew ;; *) names=$apt ;; esac
        [ -n "$names" ] || continue
        there "$check" && continue
        [ "$weight" = nice ] || must="$must${must:+, }$what"
        missing="$missing${missing:+, }$what"
        for name in $names; do
            case " $packages " in *" $name "*) ;; *) packages="$packages${packages:+ }$name" ;; esac
        done
    done <<END
$(needs)
END
}
say() { echo "deps: $*" >&2; }

apt() {  # as root, asking nothing, waiting for another apt to finish; what it says goes to the log
    # shellcheck disable=SC2086  # $as_root is "", "sudo" or "sudo -n"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=120 "$@" >>"$log" 2>&1 </dev/null
}
install_by_apt() {
    as_root=''
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || { say "there is no sudo here, and you are not root"; return 1; }
        as_root=sudo
        if [ -t 0 ] || sudo -n true 2>/dev/null; then :; else as_root='sudo -n'; fi
    fi
    say "missing: $missing"
    say "installing with ${as_root:+$as_root }apt-get, which takes about a minute: $packages"
    mkdir -p "$here/../build" && : >"$log" || return 1
    if [ "$as_root" = sudo ]; then sudo -v || return 1; fi     # ask for the password where it can be seen
    # A fresh image has no package lists, an old one has lists that name files which are gone.
    # shellcheck disable=SC2086  # several names
    { ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 && apt install --no-install-recommends $packages; } ||
        { apt update && apt install --no-install-recommends $packages; } && return
    # One name that this release does not know stops all others.
    for name in $packages; do apt install --no-install-recommends "$name"; done
}

page_packages() {  # what node needs for the page's tests; without them they are skipped, and say so
    case "$nice $sets " in 'yes '*test*) ;; *) return ;; esac
    asked=$here/../tests/page to=$here/../build/page
    [ -e "$asked/package-lock.json" ] && command -v npm >/dev/null 2>&1 || return
    cmp -s "$asked/package-lock.json" "$to/package-lock.json" && [ -d "$to/node_modules" ] && return
    say "installing with npm, into build/page/: what the page's tests ask for"
    mkdir -p "$to" && cp "$asked/package.json" "$asked/package-lock.json" "$to" &&
        npm ci --prefix "$to" --ignore-scripts --no-audit --no-fund --fetch-retries=1 \
            >"$here/../build/npm.log" 2>&1 </dev/null && return
    rm -f "$to/package-lock.json"      # so that the next call tries again
    say "note: going on without them, the page's tests are skipped (npm's words: build/npm.log)"
}

nice=no
[ "${1:-}" != --nice ] || { nice=yes; shift; }
sets=${*:-run}
manager=unknown
look
if [ -z "$missing" ]; then page_packages; exit 0; fi
manager=$(package_manager)
look
by_hand="$(install_words "$manager") $packages"
if [ "$manager" = apt-get ]; then
    install_by_apt
    installed=$?
    reason=$(grep -E '^(E|Err|sudo):' "$log" 2>/dev/null | tail -n 1 | cut -c 1-160)
    look
    if [ -z "$missing" ]; then say "installed"; page_packages; exit 0; fi
    [ "$installed" -eq 0 ] || [ -z "$reason" ] || say "apt-get said: $reason (all of it: build/deps.log)"
fi
if [ -n "$must" ]; then
    echo "deps: error: $must: not installed. Try: $by_hand" >&2
    exit 3
fi
say "note: going on without $missing. To have it: $by_hand"
page_packages
exit 0
