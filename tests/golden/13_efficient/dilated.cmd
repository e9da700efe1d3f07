# A mask with global tokens anywhere and a dilation: the same tiles told and planned.
build/13_efficient --mask dilated --window 20 --dilation 3 --global-at 0,150 --tokens 200 --heads 2 --head-width 17
