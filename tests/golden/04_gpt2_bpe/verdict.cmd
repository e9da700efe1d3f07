# The digits that are known of The Verdict.
needs: the-verdict gpt2-vocabulary
build/04_gpt2_bpe --file data/the-verdict.txt
