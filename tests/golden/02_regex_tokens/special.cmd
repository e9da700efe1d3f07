# A text that has a special token of its own, as its first id.
build/02_regex_tokens "a <|endoftext|>"
