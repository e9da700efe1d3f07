# One head in the terminal, every weight printed.
needs: minilm
tolerance: 0.01
build/17_bert --terminal --layer 2 --head 8 --values "The cat sat on the mat"
