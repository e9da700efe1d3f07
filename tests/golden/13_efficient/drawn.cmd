# Tiles in which one cell is open, and queries that see nothing: of 40 keys 36 are real, and a query sees two.
build/13_efficient --mask-file tests/golden/13_efficient/drawn.txt --tokens 40 --heads 2 --head-width 8
