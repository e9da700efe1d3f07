# The book's second head under a causal mask: .5517 .4483, .3800 .3097 .3103.
build/10_masks --weights linear --seed 789 --values --mask causal
