#!/bin/sh
# tour.sh: run every step of tour.tsv and make the gallery, out/index.html. `make tour` calls it when all is built.
# A step whose data is missing is left out with a note; a step that fails is said, and the tour goes on. Exit 1 if one
# failed.
set -u
cd "$(dirname "$0")/.." || exit 3
tab=$(printf '\t')
steps=$(grep -c "^[^#]*$tab" docs/tour.tsv)
step=0 failed=0 left_out=0
rm -rf out/tour && mkdir -p out/tour || exit 3

show() {  # FILE: the beginning of what follows its two head lines, and where the rest is
    sed '1,2d' "$1" | head -n 12 | cut -c 1-160 | sed 's/^/    /'
    lines=$(($(wc -l <"$1") - 2))
    [ "$lines" -le 12 ] || echo "    ... $((lines - 12)) more lines in $1"
}
there() { [ "$1" = - ] || [ -d "data/$1" ] || [ -f "data/$1.txt" ]; }

while IFS=$tab read -r title command needs; do
    case $title in '' | '#'*) continue ;; esac
    step=$((step + 1))
    printf '\n[%d/%d] %s\n    $ %s\n' "$step" "$steps" "$title" "$command"
    if ! there "${needs:--}"; then
        echo "tour: note: left out, it needs data/$needs. Try: data/fetch.sh $needs" >&2
        left_out=$((left_out + 1))
        continue
    fi
    said=out/tour/$(printf '%02d' "$step").txt
    printf '# title: %s\n# command: %s\n' "$title (what it printed)" "$command" >"$said"     # what gallery.sh reads
    if ! sh -c "$command" >>"$said" </dev/null; then
        echo "tour: note: this step failed; going on" >&2
        failed=$((failed + 1))
    fi
    show "$said"
done <docs/tour.tsv

echo
sh docs/gallery.sh >out/.index.html && mv out/.index.html out/index.html || exit 3
pictures=$(find out -name '*.png' -o -name '*.svg' -o -name '*.pdf' | wc -l)
[ "$left_out" -eq 0 ] || echo "tour: note: $left_out of $steps steps left out for want of data" >&2
[ "$failed" -eq 0 ] || { echo "tour: error: $failed of $steps steps failed. Try: make doctor" >&2; exit 1; }
echo "$((pictures)) pictures: open $(pwd)/out/index.html in a browser"
