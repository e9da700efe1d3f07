# The whole lesson without a model: nine words, the cache, and texts written by counting our own story.
build/16_sampling --counts 6 --data data/lamplighter.txt
