# By hand: (0, 0) occurs 3 times, (a, b) and (b, a) twice, and then pairs are left that occur once; the text ends in an a.
stdin: tests/golden/03_bpe_training/last.txt
build/03_bpe_training --terminal -
