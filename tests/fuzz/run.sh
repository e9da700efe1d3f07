#!/bin/sh
# run.sh SECONDS TARGET...: libFuzzer on each target for so many seconds, beginning with what tests/fuzz/corpus/TARGET
# holds. `make fuzz SECONDS=60` calls it. New inputs that reach new code stay in build/fuzzer/corpus/, so that the next
# run goes on there; an input that breaks something is left in build/fuzzer/found/, and the exit code is 1.
set -u
cd "$(dirname "$0")/../.." || exit 3
case ${1:-} in
    '' | 0* | *[!0-9]*)
        echo "fuzz: error: SECONDS is \"${1:-}\" (expected a whole number). Try: make fuzz SECONDS=60" >&2
        exit 2 ;;
esac
seconds=$1
shift
found=build/fuzzer/found
broken=0
for target; do
    corpus=build/fuzzer/corpus/$target log=build/fuzzer/$target.log
    mkdir -p "$corpus" "$found" || exit 3
    echo "$target: $seconds seconds ..."
    if build/fuzzer/tests/fuzz_"$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=65536 \
        -artifact_prefix="$found/$target-" "$corpus" tests/fuzz/corpus/"$target" >"$log" 2>&1; then
        echo "$target: $(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$log") inputs, nothing found"
    else
        broken=$((broken + 1))
        grep -E '^(==.*ERROR|SUMMARY|.*runtime error|artifact_prefix|Test unit written)' "$log" | head -n 6 >&2
        echo "fuzz: error: $target: an input breaks it, see $log. Try: build/fuzzer/tests/fuzz_$target $found/INPUT" >&2
    fi
done
[ "$broken" -eq 0 ]
