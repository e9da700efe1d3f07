# A merge tree of bytes that are no ASCII, in the terminal.
needs: gpt2-vocabulary minilm
build/04_gpt2_bpe --terminal --word " Peñamar" "The same sentence, café or not."
