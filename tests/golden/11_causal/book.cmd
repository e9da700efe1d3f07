# Masked weights, the leak test and dropout with the book's digits.
build/11_causal
