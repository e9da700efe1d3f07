# Three windows are one batch of three; behind a fourth there is no token left to guess.
build/05_windows --tokens bytes --context 4 --stride 4 --batch 3 "a rose is a rose"
