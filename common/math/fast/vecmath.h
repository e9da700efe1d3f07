/* vecmath - loops over floats that a compiler may reorder and vectorise. It and vecgrad are compiled for this processor
 * with -ffast-math, the only such files, and so ones where infinities and NaN have no meaning: callers keep them out or
 * do not look at them here. exp, erf and tanh then run 8 or 16 at a time (glibc's vector functions; 4 to 10 times as
 * fast as one by one). Equal to: each loop as it stands here, number by number.
 *
 * Largest error measured against double precision (gcc 12 and clang 14, glibc 2.36; tests/unit/test_vecmath.c): exp
 * 1.8e-7 relative, both gelus 1.4e-7 relative to the larger of 1 and |x|, tanh 8.3e-8 absolute; relu is exact. */
#ifndef MATH_FAST_VECMATH_H
#define MATH_FAST_VECMATH_H
#include "math/activation.h"
#include <stddef.h>

/* x[i] = exp(scale * (x[i] - top)), returns their sum; x[i] <= top and scale > 0. */
float vec_exp(float *x, size_t n, float top, float scale);

float vec_max(const float *x, size_t n); /* n >= 1 */
float vec_sum(const float *x, size_t n);

/* - sum of p[i] ln(p[i] + tiny), for p[i] from 0 to 1; tiny > 0, so that 0 ln 0 is 0. In double: 8 rows of 1/8
 * have six digits right. */
double vec_entropy(const float *p, size_t n, double tiny);

/* The sum of (after[i] - before[i])^2, and in *length that of before[i]^2. In double. */
double vec_apart(const float *after, const float *before, size_t n, double *length);

void vec_scale(float *x, size_t n, float factor);
void vec_add(float *out, const float *a, const float *b, size_t n);

/* x[i] = activation(x[i]), in place. */
void vec_activate(float *x, size_t n, Activation activation);

/* out = (x - mean) / sqrt(variance + eps) * gain + bias over the n numbers of one row; out may be x. Three passes: the
 * mean, its correction, then the squared distances from it, so that a large mean does not eat the digits. Ba et al.
 * 2016. */
void vec_normalise(float *out, const float *x, size_t n, const float *gain, const float *bias, float eps);

/* Is any of the n numbers infinite or NaN? Asked of their bits, so -ffast-math cannot reason it away. */
size_t vec_first_nonfinite(const float *x, size_t n); /* its index, or n */

/* Ends the program (EXIT_ENVIRONMENT) with one line when these files were compiled for a processor with more
 * instructions than this one has, not an illegal instruction later on. math/mat calls it before main. */
void vec_check_processor(void);
#endif
