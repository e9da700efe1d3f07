# A mask that somebody has drawn: nobody sees the last token, and the first one sees nobody.
tolerance: 1e-3
build/15_training --file data/lamplighter.txt --context 4 --mask-file tests/golden/15_training/drawn.txt --steps 0 --sample 0 --threads 2
