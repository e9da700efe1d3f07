# A post-norm model of a fixture, for other programs; a pair.
build/19_heads --model tests/fixtures/models/plain --tsv - --pair "a bird sang." "the old clock struck nine"
