# The lesson on our own text with GPT-2's tokens.
needs: gpt2-vocabulary
build/05_windows --file data/lamplighter.txt
