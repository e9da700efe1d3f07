# Scores of hundreds, whose exp would be no number: most tokens look at one.
build/20_atlas --model tests/fixtures/gpt2/loud --layer 0 --head 0 "the lamp"
