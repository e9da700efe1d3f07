# The first taste: the default sentence.
needs: minilm
build/17_bert
