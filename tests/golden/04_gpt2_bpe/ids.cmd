# The book's sentence, with <|endoftext|> as the special token and a missing space.
needs: gpt2-vocabulary
build/04_gpt2_bpe --ids --special "Hello, do you like tea? <|endoftext|> In the sunlit terracesof someunknownPlace."
