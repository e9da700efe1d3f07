# Through all layers of a decoder.
build/19_heads --model tests/fixtures/gpt2/story --rollout - "the lamp"
