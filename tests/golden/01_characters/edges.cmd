# Bytes at the edges of UTF-8: a 0, stray and missing followers, surrogates, too long forms, the largest character.
build/01_characters --file tests/golden/01_characters/edges.txt
