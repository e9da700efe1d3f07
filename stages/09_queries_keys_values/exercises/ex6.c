/* Exercise 09.6 (code, 5 points, 20 minutes): one whole head.
 *
 * x (n, C) holds n words. wq, wk and wv (d, C) make the queries q = x wq^T, the keys k = x wk^T and the values
 * v = x wv^T, each (n, d). Fill
 *
 *   map (n, n): in each row i the softmax over j of q_i . k_j / sqrt(d)
 *   out (n, d): out_i = the sum over j of map(i, j) v_j
 *
 * Scores may be as large as 10,000: subtract a row's largest before exp. Sum in double; only q, k and v may come
 * from mat_mul_nt (math/mat.h), which sums in float. What you make with mat_new, free with mat_free.
 *
 * Example: x = 1 0 / 0 1, wq and wk all 0, wv = 2 4 / 6 8
 *   all scores are 0, so map = 0.5 0.5 / 0.5 0.5; the values are 2 6 / 4 8, and out = 3 7 / 3 7
 *
 * A Mat may be a view, with its rows `stride` numbers apart: mat_at(m, i, j) reads, mat_row(m, i)[j] = ... writes.
 * Replace NOT_STARTED() by your code. Check: make check-09.6    Hint: make hint-09.6 */
#include "course.h"
#include "math/mat.h"
#include <math.h>

void one_head(Mat out, Mat map, Mat x, Mat wq, Mat wk, Mat wv) {
    NOT_STARTED();
}
