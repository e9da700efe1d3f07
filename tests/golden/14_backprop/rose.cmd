# Words that occur twice, a wider head, a mask of stage 10.
build/14_backprop --mask local --window 1 --width 4 --head-width 3 "a rose is a rose"
