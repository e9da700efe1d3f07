# All but the first word are padding: whoever sees it gives it all weight, and the last word sees nothing.
build/10_masks --mask local --window 1 --valid 1 --values "the cat sat"
