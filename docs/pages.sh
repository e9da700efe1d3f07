#!/bin/sh
# pages.sh: make the pages' pictures again, README's table of stages, and docs/syllabus.md. `make docs` calls it when
# all is built.
# A page says above each picture what makes it: <!-- made by: COMMAND -->. The commands run from the top of the
# checkout, draw only our own texts, and leave their pictures in docs/img. Exit 1 if one failed.
set -u
cd "$(dirname "$0")/.." || exit 3
failed=0
mkdir -p docs/img build/docs || exit 3

for page in README.md docs/*.md stages/*/README.md; do
    # A here-document and not a pipe: `failed` has to outlive the loop.
    while IFS= read -r command; do
        [ -n "$command" ] || continue
        echo "$page: $command"
        sh -c "$command" >/dev/null </dev/null && continue
        echo "docs: note: this one failed; going on" >&2
        failed=$((failed + 1))
    done <<END
$(sed -n 's/^<!-- made by: \(.*\) -->$/\1/p' "$page")
END
done

sh docs/stages.sh markdown >build/docs/stages.md || exit 3
awk '/^\| stage \| tells /  { while ((getline row < "build/docs/stages.md") > 0) print row; inside = 1 }
     !/^\|/                 { inside = 0 }
     !inside                { print }' README.md >build/docs/README.md || exit 3
if ! cmp -s build/docs/README.md README.md; then
    cp build/docs/README.md README.md && echo 'README.md: the table of stages'
fi
PYTHONDONTWRITEBYTECODE=1 python3 docs/book/syllabus.py >build/docs/syllabus.md || exit 3
if ! cmp -s build/docs/syllabus.md docs/syllabus.md; then
    cp build/docs/syllabus.md docs/syllabus.md && echo 'docs/syllabus.md: the table of the course'
fi
[ "$failed" -eq 0 ] || { echo "docs: error: $failed pictures were not made. Try: make doctor" >&2; exit 1; }
