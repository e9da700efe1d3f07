# Two spaces before a word, a contraction at the end; and thooo: th is merged first, then oo, and one o is left over.
needs: gpt2-vocabulary minilm
build/04_gpt2_bpe --word it " thooo,  it's"
