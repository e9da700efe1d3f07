# The book's six words: every digit is in the book.
build/08_dot_product
