# A model that takes distances off its scores: random weights, 14 letters, one block. numpy gives the same weights.
build/10_masks --model tests/golden/10_masks/alibi --head 0 --mask local --window 4 --causal --values "the cat sat"
