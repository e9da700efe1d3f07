# A pattern that somebody has drawn, each word at most at itself and at those before it.
build/10_masks --terminal --causal --mask-file tests/golden/10_masks/drawn.txt --compare file "the cat sat down"
