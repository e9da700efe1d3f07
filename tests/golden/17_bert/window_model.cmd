# The same window in every layer: the numbers of layer 1 are not those of scope head, since layer 0 saw less.
needs: minilm
shows: weights.tsv
build/17_bert --mask local --window 2 --mask-scope model --layer 1 --head 4 --tsv {out}/weights.tsv "She opened the old door"
