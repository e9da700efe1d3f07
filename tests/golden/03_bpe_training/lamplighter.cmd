# The lesson on our own text: merges, ties, lengths.
build/03_bpe_training --file data/lamplighter.txt
