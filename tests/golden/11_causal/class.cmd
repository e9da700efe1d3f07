# The book's CausalAttention class, seed 123.
build/11_causal --head-seed 123 --terminal
