# The third word sees all and is seen by all, under every rule that knows of such words; the last one is padding.
build/10_masks --terminal --global-at 2 --compare local:1,global-local:1:1,sliding:2,dilated:1:2,sinks:2:1,strided:3 --valid 4 "the cat sat on mats"
