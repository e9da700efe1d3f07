# A space before the first word, and the text ends in a contraction. thooo: th is merged first, then oo, and an o is left.
needs: gpt2-vocabulary minilm
build/04_gpt2_bpe --word it " thooo, it's"
