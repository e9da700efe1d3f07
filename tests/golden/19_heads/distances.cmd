# Distances of all pairs of heads.
build/19_heads --model tests/fixtures/models/plain --distances - "the lamp"
