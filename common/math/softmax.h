/* softmax - the softmax of one row of scores, LANES at a time. In a file of its own, because -INFINITY stands for what
 * does not count here: -ffast-math, under which vecmath is compiled, would reason it away. */
#ifndef MATH_SOFTMAX_H
#define MATH_SOFTMAX_H
#include <stddef.h>

/* x[0 .. n-1] = softmax(scale * x), and 0 in the rest of x[0 .. room-1]. 1 <= n <= room, scale > 0. The largest score
 * counts 1 before all are divided by their sum, so nothing overflows. A score of -INFINITY counts 0, as long as there
 * is a finite one; a NaN makes the row NaN. What is s / scale below the largest score has a relative error below 5e-7
 * times (1 + s / 2) up to s = 87, as the argument of exp is rounded too, and is 0 from s = 88 on. */
void row_softmax(float *x, size_t n, size_t room, float scale);
#endif
