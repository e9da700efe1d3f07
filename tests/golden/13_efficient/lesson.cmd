# Every number of the lesson; times are only drawn.
build/13_efficient
