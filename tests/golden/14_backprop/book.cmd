# The book's head: its loss, its gradients, the parts, a step.
build/14_backprop
