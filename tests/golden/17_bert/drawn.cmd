# A drawn mask in every layer: one token looks at nothing, nobody at the last; the curve is a ReLU.
build/17_bert --model tests/fixtures/models/relu --mask-file tests/golden/17_bert/drawn.txt --mask-scope model --terminal --layer 0 --head 1 "a l"
