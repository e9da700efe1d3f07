# The likeliest tokens at every place; the text's own is marked.
build/18_gpt2 --model tests/fixtures/gpt2/story --next --top-k 3 "The lamp was lit"
