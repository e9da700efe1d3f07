# Sixteen tokens, no two alike: the vocabulary is as long as the text. Dashes first, a mark last.
stdin: tests/golden/02_regex_tokens/different.txt
build/02_regex_tokens -
