# Greedy, past the end of the context: the text and nothing else.
build/18_gpt2 --model tests/fixtures/gpt2/story --write 80 --temperature 0 "The "
