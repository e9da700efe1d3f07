# What is left over is dropped: of a whole batch, nothing.
build/05_windows --tokens bytes --context 4 --stride 4 --batch 3 --drop-last "a rose is a rose"
