#!/bin/sh
# engine.sh: common/ as WebAssembly for the page, by clang, lld and wasi-libc. `make` calls it, and knows which files:
#   engine.sh --tools                   prints what it would use; nothing where one of them is missing
#   engine.sh FILE.c OUT.o              compiles one; OUT is empty without the tools
#   engine.sh OUT.wasm FILE.o...        links: those of show/page/ whole, of the others what these reach
# OUT.wasm.gz beside it is what travels.
set -eu
linker= archiver= runtime=
for name in wasm-ld wasm-ld-14 wasm-ld-15 wasm-ld-16 wasm-ld-17 wasm-ld-18 wasm-ld-19 wasm-ld-20; do
    [ -n "$linker" ] || linker=$(command -v "$name") || :
done
for name in llvm-ar llvm-ar-14 llvm-ar-15 llvm-ar-16 llvm-ar-17 llvm-ar-18 llvm-ar-19 llvm-ar-20; do
    [ -n "$archiver" ] || archiver=$(command -v "$name") || :
done
for file in /usr/lib/llvm-*/lib/clang/*/lib/wasi/libclang_rt.builtins-wasm32.a \
    /usr/lib/llvm-*/lib/clang/*/lib/wasm32-unknown-wasi/libclang_rt.builtins.a; do
    [ ! -e "$file" ] || runtime=$file
done
compiler=$(command -v clang) || :
tools=
if [ -n "$compiler" ] && [ -n "$linker" ] && [ -n "$archiver" ] && [ -n "$runtime" ] &&
    [ -e /usr/lib/wasm32-wasi/libc.a ]; then
    tools="$compiler $linker $archiver $runtime"
fi
if [ "$1" = --tools ]; then echo "$tools"; exit 0; fi

compile() {
    # Only vec*.c may reorder sums, as in the Makefile. errno has no thread of its own; of POSIX regular expressions,
    # which no model asks for, the C library has not all; and base/files writes with calls that a page has not.
    how=-Os
    case $1 in
    */fast/vec*.c) how="-O2 -ffast-math" ;;
    common/math/* | common/attention/* | */fast/* | */engine*.c) how=-O2 ;;
    */files.c) how="-Os -Wno-deprecated-declarations -Wno-implicit-function-declaration" ;;
    esac
    # shellcheck disable=SC2086  # several flags
    "$compiler" --target=wasm32-wasi --sysroot=/usr -msimd128 -mmutable-globals -std=c17 -D_GNU_SOURCE \
        -D_WASI_EMULATED_MMAN -DREG_STARTEND=4 -ftls-model=local-exec -ffunction-sections -fdata-sections \
        -Wall -Wextra $how -Icommon/show/page -Icommon -MMD -MP -c "$1" -o "$2"
}

link() {
    out=$1 own= others= library=$1.a
    shift
    for file in "$@"; do
        case $file in
        */show/page/*) own="$own $file" ;;
        *) others="$others $file" ;;
        esac
    done
    rm -f "$library"
    # shellcheck disable=SC2086  # several files
    "$archiver" qcs "$library" $others
    # shellcheck disable=SC2086
    "$linker" --no-entry --strip-all -z stack-size=1048576 --max-memory=4294967296 --export=__stack_pointer \
        -L/usr/lib/wasm32-wasi -o "$out" $own "$library" -lc -lm "$runtime"
    gzip -9nc "$out" >"$out.gz"
}

case $1 in
*.c) if [ -n "$tools" ]; then compile "$1" "$2"; else : >"$2"; fi ;;
*)
    if [ -n "$tools" ]; then link "$@"; exit; fi
    echo "make: note: without the page's ${1##*/}: clang, lld and wasi-libc are not all here. Try: make deps" >&2
    : >"$1"
    : >"$1.gz"
    ;;
esac
