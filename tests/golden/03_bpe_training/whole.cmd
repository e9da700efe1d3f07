# No pre-split: tokens may hold several words.
build/03_bpe_training --no-split --terminal --log 40 --vocab-size 600 --file data/lamplighter.txt
