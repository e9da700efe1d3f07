# A window of two on finished heads: each row sums to 1 again, nothing beyond the window.
needs: minilm
build/17_bert --mask local --window 2 --layer 0 --head 4 --tsv - "She opened the old door"
