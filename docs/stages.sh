#!/bin/sh
# stages.sh list|markdown|steps|data: the table of stages (stages/stages.tsv), as it stands today in stages/.
#   list      for people: `make list`
#   markdown  the table in README.md; `make docs` writes it there, and a test compares
#   steps     what the tour runs: folder, title, command, data, a line each, a tab between. A stage may name its steps
#             in stages/FOLDER/tour.tsv (title, command, and the data where it differs); else it is the default run.
#   data      names for data/fetch.sh: what the stages that are there need, and The Verdict, their default text
set -u
cd "$(dirname "$0")/.." || exit 3
table=stages/stages.tsv
tab=$(printf '\t')
there() { [ -e "stages/$1/main.c" ] && [ -e "stages/$1/README.md" ]; }

rows() { grep -v '^#' "$table"; }
case ${1:-} in
list)
    rows | while IFS=$tab read -r folder title tells _ _ data; do
        if ! there "$folder"; then state='to come'
        elif [ "$data" = - ]; then state="make run-${folder%%_*}"
        else state="make run-${folder%%_*} (needs data: $data)"; fi
        printf '%s  %-21s %s\n%25s%s\n' "${folder%%_*}" "$title" "$state" '' "$tells"
    done ;;
markdown)
    printf '| stage | tells | the picture | |\n|---|---|---|---|\n'
    rows | while IFS=$tab read -r folder title tells _ picture _; do
        name="${folder%%_*} $title" run='to come'
        ! there "$folder" || name="[$name](stages/$folder/README.md)" run="\`make run-${folder%%_*}\`"
        printf '| %s | %s | %s | %s |\n' "$name" "$tells" "$picture" "$run"
    done ;;
steps)
    rows | while IFS=$tab read -r folder title _ _ _ data; do
        there "$folder" || continue
        { grep -v '^#' "stages/$folder/tour.tsv" 2>/dev/null || printf '%s\tbuild/%s\n' "$title" "$folder"; } |
            while IFS=$tab read -r title command needs; do
                [ -z "$title" ] || printf '%s\t%s\t%s\t%s\n' "$folder" "$title" "$command" "${needs:-$data}"
            done
    done ;;
data)
    { echo the-verdict; rows | while IFS=$tab read -r folder _ _ _ _ data; do
        # shellcheck disable=SC2086  # several names
        ! there "$folder" || [ "$data" = - ] || printf '%s\n' $data
    done; } | sort -u ;;
*)
    echo 'stages.sh: error: which form? (expected list, markdown, steps or data). Try: make list' >&2
    exit 2 ;;
esac
