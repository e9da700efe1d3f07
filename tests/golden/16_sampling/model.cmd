# A model of transformers with random weights, past the end of its context; every bar of the next token.
build/16_sampling --model tests/fixtures/sampling/tiny --data data/lamplighter.txt --temperature 1.2 --top-k 8 --top-p 0.9 --tokens 60 --terminal "the "
