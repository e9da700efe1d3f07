# Trained vectors.
needs: minilm gpt2-vocabulary
tolerance: 0.011
build/06_embeddings --file data/lamplighter.txt --model data/minilm
