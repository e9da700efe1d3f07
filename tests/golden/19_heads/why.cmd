# A score of a pretrained head, part by part.
needs: minilm
build/19_heads --layer 0 --head 2 --why 4,3
