# top-k and top-p together: P is of what top-k left, so the fourth word goes.
build/16_sampling --counts 3 --data data/lamplighter.txt --temperature 5 --top-k 4 --top-p 0.8 --tokens 20
