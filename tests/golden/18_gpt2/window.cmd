# Under a window of three in every layer it is more surprised: the mask reaches the logits.
build/18_gpt2 --model tests/fixtures/gpt2/story --perplexity --stride 64 --mask sliding --window 3 --mask-scope model --file data/lamplighter.txt
