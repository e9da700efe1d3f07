# Ids of a sentence, with its own vocabulary.
build/02_regex_tokens --ids "a b, a c -- a"
