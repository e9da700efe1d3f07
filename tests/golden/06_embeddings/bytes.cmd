# The seeded table, a batch of bytes of our own story, strangers.
build/06_embeddings --file data/lamplighter.txt --vocab none --width 16
