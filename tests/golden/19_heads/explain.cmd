# A measure, with its mask-aware form, under a mask.
needs: minilm
build/19_heads --mask local --window 2 --explain focus "The cat sat on the mat, and the dog slept."
