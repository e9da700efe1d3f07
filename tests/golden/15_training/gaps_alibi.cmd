# BERT's way to ask, and distances taken off the scores.
tolerance: 1e-3
build/15_training --file data/lamplighter.txt --objective masked --context 16 --positions alibi --steps 4 --evaluate 2 --sample 0 --threads 2
