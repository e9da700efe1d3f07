# Twenty steps on our own story: long enough to see every part at work, too short for rounding to grow.
tolerance: 1e-3
shows: loss.tsv
build/15_training --file data/lamplighter.txt --steps 20 --evaluate 10 --sample 0 --threads 2
