# The first word stays in sight of a sliding window: 2 keys and 1 sink, beside the window alone.
build/10_masks --terminal --compare sliding:2,sinks:2:1,sinks:2:2+causal --tokens 1000 "the cat sat on a mat"
