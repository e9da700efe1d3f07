# Without a screen: maps, what was lost, and the layers until news arrives, as text.
build/10_masks --terminal --compare local:1,dilated:1:2,sliding:2+causal --tokens 1000 "the cat sat on a mat"
