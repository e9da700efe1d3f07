# White space of each kind, dashes at the ends, marks side by side.
build/02_regex_tokens --file tests/golden/02_regex_tokens/edges.txt
