# The text ends in white space, of which a piece leaves one behind only when something follows.
needs: gpt2-vocabulary minilm
build/04_gpt2_bpe --word it "it is a  "
