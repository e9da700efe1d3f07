# Padding and a window: the last words have no key at all, and their rows are zeros.
build/10_masks --mask local --window 1 --valid 3 --values "the cat sat on the mat"
