# The whole run on a model that has learnt our own story: card, tokens, proof, the way of one number, the page.
build/20_atlas --model tests/fixtures/gpt2/story "The old man lit the la"
