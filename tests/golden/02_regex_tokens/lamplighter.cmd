# The lesson on our own text.
build/02_regex_tokens --file data/lamplighter.txt
