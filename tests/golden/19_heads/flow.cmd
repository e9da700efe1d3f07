# The largest flow of all pairs, under a mask.
build/19_heads --model tests/fixtures/gpt2/story --flow - --mask local --window 2 "the lamp"
