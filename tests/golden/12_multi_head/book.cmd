# Wrapper, module, cross-attention and whole layer on the book's words.
build/12_multi_head
