# The lesson on our own text: counts, bits, ids.
build/01_characters --file data/lamplighter.txt
