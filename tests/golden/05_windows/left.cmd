# Three windows are a batch of two and one that is left over.
build/05_windows --tokens bytes --context 4 --stride 4 --batch 2 "a rose is a rose"
