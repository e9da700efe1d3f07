# The same with GPT-2 ids.
needs: gpt2-vocabulary
build/06_embeddings --file data/lamplighter.txt
