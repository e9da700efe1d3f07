# Another mask and other positions, word by word: told and common must agree there, too.
tolerance: 1e-3
build/15_training --file data/lamplighter.txt --tokens word --context 16 --mask sliding --window 4 --positions rope --steps 4 --evaluate 2 --sample 0 --threads 2
