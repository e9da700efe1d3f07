# The Verdict's lengths at the known vocabulary sizes, with GPT-2's pre-split.
needs: the-verdict
build/03_bpe_training --terminal --file data/the-verdict.txt
