# The whole default run on a tiny random model: no data needed.
build/17_bert --model tests/fixtures/models/plain "the old clock struck nine"
