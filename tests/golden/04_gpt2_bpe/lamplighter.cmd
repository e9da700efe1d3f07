# The lesson on our own text: ids, edges, special tokens, WordPiece beside it, the merge tree.
needs: gpt2-vocabulary minilm
build/04_gpt2_bpe --file data/lamplighter.txt
