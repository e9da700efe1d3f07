# One token: whom it looks at, who looks at it.
needs: minilm
build/17_bert --token brush
