# Seeded words: a word that occurs twice has two equal rows and columns.
build/08_dot_product --width 4 --terminal "a rose is a rose"
