# The book's second head: torch.nn.Linear, seed 789.
tolerance: 2e-3
build/09_queries_keys_values --weights linear --seed 789 --from one --to journey
