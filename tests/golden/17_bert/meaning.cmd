# One word in two sentences, layer by layer.
needs: minilm
build/17_bert --meaning bank
