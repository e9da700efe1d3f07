# Heads ranked by a pattern, beside the random twin.
needs: minilm
build/19_heads --find separator "The cat sat on the mat, and the dog slept."
