# Windows of two tokens: of 15 in 100 that are hidden, a step of the proof has none, and teaches nothing.
tolerance: 1e-3
build/15_training --file data/lamplighter.txt --objective masked --context 2 --steps 0 --sample 0 --threads 2
