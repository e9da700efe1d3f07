# Dot products without weights under a window of 1: published digits, .5113 .4887 and .3990 .3918 .2092.
build/10_masks --weights none --values --mask local --window 1
