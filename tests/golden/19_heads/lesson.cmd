# The lesson.
needs: minilm
build/19_heads
