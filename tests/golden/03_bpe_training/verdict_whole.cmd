# The same without a pre-split.
needs: the-verdict
build/03_bpe_training --terminal --no-split --log 4 --file data/the-verdict.txt
