#!/bin/sh
# doctor.sh: what this machine has and what it lacks, a line each, with the command that mends it. For `make doctor`.
# It changes nothing. Exit 0 when the course can run, 1 when something that is a must is missing.
set -u
here=$(CDPATH='' cd "$(dirname "$0")" && pwd) || exit 3
# shellcheck source=docs/needs.sh
. "$here/needs.sh"
cd "$here/.." || exit 3
manager=$(package_manager)
ill=0

good() { printf '  \342\234\223 %-22s %s\n' "$1" "$2"; }                     # a tick
bad() { printf '  \342\234\227 %-22s %s\n' "$1" "$2. Try: $3"; }            # a cross
mend() { echo "$(install_words "$manager") $1"; }

first_line() { "$@" 2>/dev/null | head -n 1; }
detail() {  # CHECK: a few words about something that is there
    case $1 in
        compiler) sh -c "${CC:-cc} --version" 2>/dev/null | head -n 1 ;;      # CC may be `ccache gcc`
        'library '*) echo "$(pkg-config --modversion "${1#* }")$([ "$1" != 'library openblas' ] || openblas)" ;;
        'command gnuplot') first_line gnuplot --version ;;
        'command curl') curl --version | head -n 1 | cut -d ' ' -f 1,2 ;;
        'command '*) first_line "${1#* }" --version ;;
        fonts) first_line fc-match 'DejaVu Sans' ;;
        pip) first_line python3 -m pip --version | cut -d ' ' -f 1,2 ;;
        fuzzer) first_line clang --version ;;
        mpi) first_line mpirun --version ;;
        *) echo there ;;
    esac
}

openblas() {  # which kernels it chose for this processor, and what kind of threads it was built with
    probe=$(mktemp -d) || return
    cat >"$probe/probe.c" <<'END'
#include <stdio.h>
char *openblas_get_corename(void);
int openblas_get_parallel(void), openblas_get_num_procs(void);
int main(void) {
    static const char *const kinds[] = {"none (serial build)", "pthreads", "OpenMP"};
    printf(", core %s, threads: %s, %d processors\n", openblas_get_corename(), kinds[openblas_get_parallel() % 3],
           openblas_get_num_procs());
}
END
    # shellcheck disable=SC2046,SC2086  # several words
    ${CC:-cc} "$probe/probe.c" -o "$probe/probe" $(pkg-config --cflags --libs openblas) 2>/dev/null && "$probe/probe" ||
        echo ", but a program that uses it does not link"
    rm -rf "$probe"
}

check_needs() {  # SET
    while IFS='|' read -r what set weight check apt dnf pacman brew; do
        [ "$set" = "$1" ] || continue
        case $manager in dnf) names=$dnf ;; pacman) names=$pacman ;; brew) names=$brew ;; *) names=$apt ;; esac
        [ -n "$names" ] || continue
        if there "$check"; then
            good "$what" "$(detail "$check")"
        else
            [ "$set:$weight" != run:must ] || ill=$((ill + 1))
            bad "$what" "not there$([ "$weight" = must ] || echo ', the course runs without it')" "$(mend "$names")"
        fi
    done <<END
$(needs)
END
}
check_terminals() {
    command -v gnuplot >/dev/null 2>&1 || return
    file=0
    for terminal in pngcairo png svg pdfcairo dumb; do
        if gnuplot -d -e "set terminal $terminal" >/dev/null 2>&1; then
            good "  terminal $terminal" yes
            case $terminal in png* | svg) file=$((file + 1)) ;; esac
        else
            bad "  terminal $terminal" 'not in this gnuplot' "$(mend gnuplot-nox)"
        fi
    done
    [ "$file" -eq 0 ] || return
    ill=$((ill + 1))
    bad '  pictures' 'none of png, svg can be drawn' "$(mend gnuplot-nox)"
}
check_data() {
    for name in $(data/fetch.sh --list 2>/dev/null | awk 'NR > 1 { print $1 }'); do
        state=$(data/fetch.sh --check "$name" 2>/dev/null | sed 's/^[^ ]* *//')
        case $state in
            right) good "$name" 'every file has the right size and sha256' ;;
            missing*) bad "$name" 'not there' "data/fetch.sh $name" ;;
            *) bad "$name" "${state:-data/fetch.sh --check gave no answer}" "data/fetch.sh $name" ;;
        esac
    done
}

echo "the course ($(uname -sm), $(getconf _NPROCESSORS_ONLN 2>/dev/null || echo '?') processors)"
if there 'command make'; then good make "$(first_line make --version)"; else bad make 'not there' "$(mend make)"; fi
check_needs run
check_terminals
if [ -n "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ]; then
    good 'Chinese, Japanese' 'a font has their characters'
else
    bad 'Chinese, Japanese' 'no font has their characters: boxes in pictures' "$(mend fonts-noto-cjk)"
fi
echo 'the tests'
check_needs test
check_needs fuzz
echo 'more machines'
check_needs mpi
echo 'data'
check_data
echo
if [ "$ill" -gt 0 ]; then
    echo "the course cannot run yet: $ill missing. Try: make deps"
    exit 1
fi
echo 'the course can run. Try: make tour'
