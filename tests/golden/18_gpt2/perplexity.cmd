# A text of many windows, by halves of the context.
build/18_gpt2 --model tests/fixtures/gpt2/story --perplexity --file data/lamplighter.txt
