#!/bin/sh
# embed.sh FOLDER FILE...: FOLDER/page_files.c has the bytes of each FILE, as show/page_files.h declares them, so that
# the program carries its page with it and reads no file when it runs. `make` calls it.
#
# A script or a style first becomes one with those that it imports: by esbuild, without what only readers need. Where
# there is none they stand behind each other as they are written, and the page is larger.
set -eu
folder=$1
shift

joined() {  # FILE: what it imports, each once, then the file itself
    awk -v folder="${1%/*}" -v first="${1##*/}" '
        function add(name,   file, line, part) {
            if (name in done) return
            done[name]
            for (file = folder "/" name; (getline line < file) > 0;) {
                if (line ~ /^@?import /) { split(line, part, "\"./"); sub(/".*/, "", part[2]); add(part[2]); continue }
                sub(/^export /, "", line)
                print line
            }
        }
        BEGIN { add(first) }'
}
one_file() {  # FILE, into FOLDER
    if command -v esbuild >/dev/null; then
        esbuild "$1" --bundle --minify --format=esm --charset=utf8 --target=esnext --log-level=warning \
            --outfile="$folder/${1##*/}"
    else
        joined "$1" >"$folder/${1##*/}"
    fi
}
bytes() {
    echo '/* Made by embed.sh. */'
    echo '#include "show/page_files.h"'
    number=0
    for file in "$@"; do
        case $file in *.js | *.css) file=$folder/${file##*/} ;; esac
        echo "static const unsigned char file_$number[] = {"
        od -An -v -tu1 "$file" | awk '{ $1 = $1; gsub(/ /, ","); print $0 "," }'
        echo "0};"
        number=$((number + 1))
    done
    echo 'const PageFile PAGE_FILES[] = {'
    number=0
    for file in "$@"; do
        echo "    {\"${file##*/}\", (const char *)file_$number, sizeof file_$number - 1},"
        number=$((number + 1))
    done
    echo '    {0}};'
}

command -v esbuild >/dev/null ||
    echo "make: note: the page's script travels as it is written, twice as long: no esbuild here. Try: make deps" >&2
for file in "$@"; do
    case $file in *.js | *.css) one_file "$file" ;; esac
done
bytes "$@" >"$folder/page_files.c.aside"
mv "$folder/page_files.c.aside" "$folder/page_files.c"
