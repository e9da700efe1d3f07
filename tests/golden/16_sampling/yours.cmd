# A rule of one's own is one more column and one more text, with its longest copies.
build/16_sampling --counts 14 --data data/lamplighter.txt --temperature 0.7 --top-k 4 --terminal --tokens 120
