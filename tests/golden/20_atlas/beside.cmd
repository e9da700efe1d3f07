# Three texts in one page: another sentence, and another model on the same one.
build/20_atlas --model tests/fixtures/gpt2/story --text2 "The lamp was lit" --beside tests/fixtures/gpt2/story --mask sliding --window 3 "The old man"
