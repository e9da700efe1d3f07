# Twelve heads, a narrow vector, drawn in the terminal.
build/07_positions --heads 12 --width 16 --tokens 20 --terminal
