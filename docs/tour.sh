#!/bin/sh
# tour.sh: run every step that stages.sh names, make the gallery, and the book, whose cover out/index.html is then.
# `make tour` calls it when all is built.
# A step whose data is missing is left out with a note; a step that fails is said, and the tour goes on. Exit 1 if one
# failed.
set -u
cd "$(dirname "$0")/.." || exit 3
tab=$(printf '\t')
todo=$(sh docs/stages.sh steps) || exit 3
steps=$(printf '%s' "$todo" | grep -c '')
step=0 failed=0 left_out=0
rm -rf out/tour && mkdir -p out/tour || exit 3

show() {  # FILE: the beginning of what follows its two head lines, and where the rest is
    sed '1,2d' "$1" | head -n 12 | cut -c 1-160 | sed 's/^/    /'
    lines=$(($(wc -l <"$1") - 2))
    [ "$lines" -le 12 ] || echo "    ... $((lines - 12)) more lines in $1"
}
missing() {  # NAME...: those of them that are not in data/
    for name; do
        [ "$name" = - ] || [ -d "data/$name" ] || [ -f "data/$name.txt" ] || printf ' %s' "$name"
    done
}

while IFS=$tab read -r folder title command needs; do
    [ -n "$folder" ] || continue
    step=$((step + 1))
    printf '\n[%d/%d] %s: %s\n    $ %s\n' "$step" "$steps" "$folder" "$title" "$command"
    # shellcheck disable=SC2086  # several names
    lacks=$(missing $needs)
    if [ -n "$lacks" ]; then
        echo "tour: note: left out, it needs data that is not there. Try: data/fetch.sh$lacks" >&2
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
done <<END
$todo
END

echo
sh docs/gallery.sh >out/.index.html && mv out/.index.html out/index.html || exit 3
pictures=$(find out -name book -prune -o \( -name '*.png' -o -name '*.svg' -o -name '*.pdf' \) -print | wc -l)
if [ -e docs/book/book.py ] && ! PYTHONDONTWRITEBYTECODE=1 python3 docs/book/book.py; then
    echo 'tour: note: the gallery is there, the book is not' >&2
fi
[ "$left_out" -eq 0 ] || echo "tour: note: $left_out of $steps steps left out for want of data" >&2
[ "$failed" -eq 0 ] || { echo "tour: error: $failed of $steps steps failed. Try: make doctor" >&2; exit 1; }
echo "$((pictures)) pictures: open $(pwd)/out/index.html in a browser"
