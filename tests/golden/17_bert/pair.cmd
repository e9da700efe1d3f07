# Rows of the second text, columns of the first, without the special tokens.
needs: minilm
tolerance: 0.01
build/17_bert --terminal --values --layer 3 --head 1 --segments ba --no-special --pair "It was purring." "The cat slept."
