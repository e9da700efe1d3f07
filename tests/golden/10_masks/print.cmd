# What other people's scripts read: N lines of # and . and nothing else; padding and global together.
build/10_masks --mask global-local --window 2 --global 1 --valid 14 --tokens 17 --print
