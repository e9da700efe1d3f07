# Heads made by hand, as text: e^3 / (e^3 + 2) = 0.9094 of a word of three that is found.
build/12_multi_head --terminal --values
