# The same, three words back: .3300 .2296 .4404.
build/10_masks --weights none --values --mask sliding --window 3
