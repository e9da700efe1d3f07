# Layer 1 of a decoder: every part with every part.
build/19_heads --model tests/fixtures/gpt2/story --layer 1 --head 3 --why 4,0 --tsv - "the lamp"
