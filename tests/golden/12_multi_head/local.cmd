# A mask of stage 10, more heads, another sentence to look at, which has no word for the last one: its weights are 0.
build/12_multi_head --heads 4 --head-width 4 --out-width 8 --width 8 --mask local --window 1 --pair "it was tired" "the animal slept well today"
