# The file of merges, and --min-frequency: what occurs less often stays apart.
shows: merges.txt
build/03_bpe_training --min-frequency 100 --merges {out}/merges.txt data/lamplighter.txt
