# Accents, quotes, a literal [MASK], characters that the vocabulary lacks.
needs: minilm
build/17_bert --ids "Café naïve \"it's\" [MASK] 猫 🙂 unaffable"
