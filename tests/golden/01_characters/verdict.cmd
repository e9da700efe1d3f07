# The digits that are known of The Verdict.
needs: the-verdict
build/01_characters --file data/the-verdict.txt
