# One token: its weight is all there is, full ink; and the head's largest number, below 1, is the first of its only row.
build/20_atlas --model tests/fixtures/gpt2/story --layer 1 --head 2 "I"
