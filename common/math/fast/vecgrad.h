/* vecgrad - vecmath's second half: the loops over floats that only learning needs. Compiled like vecmath.c, so here
 * too infinities and NaN have no meaning. Equal to: the derivatives and the step that stages/14_backprop works out, in
 * double precision. AdamW is Loshchilov and Hutter 2017, as PyTorch orders its operations. */
#ifndef MATH_FAST_VECGRAD_H
#define MATH_FAST_VECGRAD_H
#include "math/activation.h"
#include <stddef.h>

/* slope[i] = the activation's derivative at x[i], then x[i] = activation(x[i]). The exp is computed once for both. */
void vec_activate_keep(float *x, float *slope, size_t n, Activation activation);

void vec_multiply(float *x, const float *factor, size_t n);                 /* x[i] *= factor[i] */
void vec_multiply_sum(float *x, float *sum, const float *factor, size_t n); /* and then sum[i] += x[i] */

/* d arrives as the gradient of softmax's output y = softmax(scale * score) and leaves as that of the scores:
 * scale * y * (d - y . d). A forbidden cell has y = 0, so its gradient is 0 and no mask is needed. */
void vec_softmax_backward(float *d, const float *y, size_t n, float scale);

/* One row of layer norm backwards: y = (x - mean) / deviation * gain + bias. ADDS to dx, dgain and dbias. */
void vec_normalise_backward(float *dx, float *dgain, float *dbias, const float *dy, const float *x, const float *gain,
                            size_t n, float eps);

double vec_sum_squares(const float *x, size_t n); /* floats in blocks, their sums in double precision */

typedef struct {
    float rate, beta1, beta2, eps, decay;
    float correct1, correct2; /* 1 - beta^t: what the zeros at the start took away */
    float scale;              /* of every gradient: clipping */
} AdamStep;

/* One AdamW step of n parameters p with gradient g; m and v are their running means of g and of g squared. */
void vec_adamw(float *p, float *m, float *v, const float *g, size_t n, AdamStep step);
#endif
