/* told - what main.c, parts.c and step.c all tell with: a linear layer and GELU, each with its way back. */
#ifndef STAGE_14_TOLD_H
#define STAGE_14_TOLD_H
#include "math/paper.h"

/* y (n, m) = x (n, k) W^T, W (m, k). Backwards, dx and dw are ADDED to. */
void project_told(Paper y, Paper x, Paper w);
void project_backward(Paper dx, Paper dw, Paper dy, Paper x, Paper w);

double gelu_told(double x); /* the tanh form */
double gelu_slope_told(double x);
#endif
