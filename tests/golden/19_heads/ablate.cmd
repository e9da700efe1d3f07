# Of a decoder, in the terminal.
build/19_heads --model tests/fixtures/gpt2/story --terminal --ablate 0.1,1 "the lamp"
