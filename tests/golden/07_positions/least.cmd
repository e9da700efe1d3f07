# The least of all: one pair of numbers, which turns by p, and one head, whose slope is 2^-8.
build/07_positions --heads 1 --width 2 --tokens 4
