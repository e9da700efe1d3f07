# minbpe's small example: the tie after the first merge falls to (a, b).
stdin: tests/golden/03_bpe_training/toy.txt
build/03_bpe_training --vocab-size 259 --terminal -
