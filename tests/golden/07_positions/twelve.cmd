# Twelve heads, a narrow vector, no picture.
build/07_positions --heads 12 --width 16 --tokens 20 --terminal
