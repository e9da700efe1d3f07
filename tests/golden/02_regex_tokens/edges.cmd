# White space of each kind, dashes at both ends of a word and of the text, marks side by side; each token's count as a bar.
build/02_regex_tokens --terminal --file tests/golden/02_regex_tokens/edges.txt
