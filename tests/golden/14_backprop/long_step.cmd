# Differences over a step that is far too long, and a learning rate that overshoots.
build/14_backprop --eps 1 --rate 2
