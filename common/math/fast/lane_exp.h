/* lane_exp - rows of numbers through exponentials, LANES at a time, by math/fast/lane_math's power of two. One and a
 * half to twice as fast as glibc's vector functions, because nothing is called and no row ends number by number.
 * Compiled without -ffast-math, which would reason away that -INFINITY stands for what does not count. Equal to: the
 * formula at each function, in double precision. */
#ifndef MATH_FAST_LANE_EXP_H
#define MATH_FAST_LANE_EXP_H
#include <stddef.h>

/* x[0 .. n-1] = softmax(scale * x), and 0 in the rest of x[0 .. room-1]. n <= room, scale > 0. The largest score
 * counts 1 before all are divided by their sum, so nothing overflows. A score of -INFINITY counts 0, as long as there
 * is a finite one; a NaN makes the row NaN. What is s / scale below the largest score has a relative error below 5e-7
 * times (1 + s / 2) up to s = 87, as the argument of exp is rounded too, and is 0 from s = 88 on. */
void lane_softmax(float *x, size_t n, size_t room, float scale);

/* slope[i] = the derivative at x[i] of gelu in its tanh form (ACTIVATION_GELU_TANH), then x[i] = gelu(x[i]); the exp is
 * computed once for both. Error of x below 2e-7 of the larger of 1 and |x|, of the slope below 2e-6. */
void lane_gelu_keep(float *x, float *slope, size_t n);
#endif
