# One measure of all heads, drawn in the terminal; a decoder, types and twin.
build/19_heads --model tests/fixtures/gpt2/story --metric previous --terminal "the lamp, the lamp"
