# The text and nothing else, from standard input; greedy in 24 tokens of context.
stdin: tests/golden/16_sampling/prompt.txt
build/16_sampling --model tests/fixtures/sampling/tiny --greedy --tokens 40 --print -
