# The whole default run, on a model that has learnt our own story: card, tokens, proof, links, the next token.
build/18_gpt2 --model tests/fixtures/gpt2/story "The old man lit the la"
