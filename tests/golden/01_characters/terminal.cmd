# Characters of one to four bytes, drawn as text.
build/01_characters --terminal "naïve 日本 🙂"
