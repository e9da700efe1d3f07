# The digits that are known of The Verdict.
needs: the-verdict
build/02_regex_tokens --file data/the-verdict.txt
