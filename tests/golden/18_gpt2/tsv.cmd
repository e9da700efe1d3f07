# Every weight of one head under a mask of scope head.
shows: weights.tsv
build/18_gpt2 --model tests/fixtures/gpt2/untied_bf16 --mask sliding --window 2 --layer 1 --head 0 --tsv {out}/weights.tsv "The old clock"
