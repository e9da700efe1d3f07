# A decoder, all measures.
build/19_heads --model tests/fixtures/gpt2/story --json - "the lamp, the lamp"
