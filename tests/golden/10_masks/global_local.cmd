# The same, one global word: .2313 0 .3296 .2356 .2035 0.
build/10_masks --weights none --values --mask global-local --window 1 --global 1
