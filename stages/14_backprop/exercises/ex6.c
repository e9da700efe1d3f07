/* Exercise 14.6 (code, 6 points, 25 minutes): a head, backwards.
 *
 * Forwards it was scores = q k^T / sqrt(d), map = softmax of each row over the allowed keys, out = map v, with q
 * (n, d), k and v (m, d), map (n, m), out (n, d). dout (n, d) are the slopes of the loss along out. Fill dq (n, d), dk
 * and dv (m, d): the slopes along q, k and v. They hold nothing yet: fill them, do not add to what is there.
 *
 * A forbidden key has weight 0 in map, and you need no mask. Sum in double. What you make with mat_new, free.
 *
 * Example: d = 1, q = 1, k = 0 / 0, v = 1 / 3, dout = 1: map = 0.5 0.5
 *   dv = 0.5 / 0.5; the slopes along the weights are 1 3, those along the scores -0.5 0.5; dq = 0; dk = -0.5 / 0.5
 *
 * A Mat may be a view, with its rows `stride` numbers apart: mat_at(m, i, j) reads, mat_row(m, i)[j] = ... writes.
 * Replace NOT_STARTED() by your code. Check: make check-14.6    Hint: make hint-14.6 */
#include "course.h"
#include "math/mat.h"
#include <math.h>

void head_backward(Mat dq, Mat dk, Mat dv, Mat dout, Mat map, Mat q, Mat k, Mat v) {
    NOT_STARTED();
}
