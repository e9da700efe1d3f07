# A mask under which the second word sees nothing: its weights are 0, and nothing comes back through them.
build/14_backprop --mask-file tests/golden/14_backprop/blind.txt "a rose is"
