# Of a decoder, in the terminal.
build/19_heads --model tests/fixtures/gpt2/story --terminal --beside-mask local:1 "the lamp"
