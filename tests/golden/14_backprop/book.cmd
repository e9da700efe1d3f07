# The book's head: its loss, its gradients, the parts, a step. PyTorch 2.13.0 in double precision gives the same digits.
shows: gradients.dat flow_2.dat
build/14_backprop
