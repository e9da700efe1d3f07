# Scores of hundreds, whose exp would be no number, and a norm that adds much to the variance.
build/17_bert --model tests/fixtures/models/loud --terminal --layer 0 --head 1 "the old"
