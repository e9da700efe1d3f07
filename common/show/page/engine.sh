#!/bin/sh
# engine.sh OUT.wasm: math/ and attention/ and engine.c as WebAssembly, by clang, lld and wasi-libc.
# engine.sh --tools: prints what it would use; nothing where one of them is missing. `make` calls it.
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

out=$1 folder=$1.objects
mkdir -p "$folder"
if [ -z "$tools" ]; then
    echo "make: note: without the page's engine: clang, lld and wasi-libc are not all here. Try: make deps" >&2
    : >"$out"
    exit 0
fi
flags="--target=wasm32-wasi --sysroot=/usr -O2 -msimd128 -std=c17 -D_GNU_SOURCE -D_WASI_EMULATED_MMAN -Wall -Wextra"
flags="$flags -Icommon/show/page -Icommon"
# Only vec*.c may reorder sums, as in the Makefile. What engine.c does not reach stays out.
rm -f "$folder"/*.o "$folder"/library.a
for file in common/base/memory.c common/base/rng.c common/math/*.c common/math/fast/*.c common/attention/*.c \
    common/attention/fast/*.c common/show/page/engine*.c common/show/page/edges.c; do
    fast=
    case $file in */fast/vec*.c) fast=-ffast-math ;; esac
    # shellcheck disable=SC2086  # several flags
    "$compiler" $flags $fast -c "$file" -o "$folder/$(echo "$file" | tr / _).o"
done
"$archiver" rcs "$folder/library.a" "$folder"/common_base_*.o "$folder"/common_math_*.o "$folder"/common_attention_*.o
"$linker" --no-entry --strip-all -L/usr/lib/wasm32-wasi -o "$out" "$folder"/common_show_page_*.o \
    "$folder/library.a" -lc -lm "$runtime"
