#!/bin/sh
# embed.sh FILE...: a C file with the bytes of each, as show/page_files.h declares them, so that the program carries its
# page with it and reads no file when it runs. `make` calls it.
set -eu
echo '/* Made by embed.sh. */'
echo '#include "show/page_files.h"'
number=0
for file in "$@"; do
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
