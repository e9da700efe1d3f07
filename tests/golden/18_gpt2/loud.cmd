# Scores of hundreds, whose exp would be no number: each token looks at one.
build/18_gpt2 --model tests/fixtures/gpt2/loud --terminal "the lamp"
