# The book's counts, first batch and split. --seed 123 is the default.
needs: the-verdict gpt2-vocabulary
build/05_windows --terminal --file data/the-verdict.txt
