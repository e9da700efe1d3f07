# One causal head in the terminal: what is forbidden is no 0.
tolerance: 0.01
build/18_gpt2 --model tests/fixtures/gpt2/story --terminal --layer 1 --head 2 --values "The lamp"
