# A head whose queries are 0, as a pruned one has them: there is no step, and each token looks at all alike.
build/20_atlas --model tests/fixtures/models/loud --layer 0 --head 2 "the old"
