# Words that occur twice, a wider head, a mask of stage 10. Again PyTorch 2.13.0 gives the same digits.
build/14_backprop --mask local --window 1 --width 4 --head-width 3 "a rose is a rose"
