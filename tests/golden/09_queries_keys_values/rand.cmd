# The book's first head, one cell by hand, the scaling table, the order test.
tolerance: 2e-3
build/09_queries_keys_values
