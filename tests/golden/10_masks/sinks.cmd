# Two keys back; the same and the first word; the same and every second word.
build/10_masks --terminal --compare sliding:2,sinks:2:1,sinks:2:2+causal,strided:2 --tokens 1000 "the cat sat on a mat"
