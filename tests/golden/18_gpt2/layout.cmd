# Byte pairs, odd sizes, F16, old buffers: the table of another layout, and the special token.
build/18_gpt2 --model tests/fixtures/gpt2/odd_f16 --next --top-k 2 "It's 7 o'clock<|endoftext|>"
