# A text of one word knows itself before any layer.
build/10_masks --mask causal "cat"
