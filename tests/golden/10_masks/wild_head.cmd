# Its other head is wild: the largest scores of its rows lie between -1300 and 1400, and exp takes none of them as it is.
build/10_masks --model tests/golden/10_masks/alibi --head 1 --mask local --window 4 --causal --values "the dog"
