/* Exercise 09.2 (code, 3 points, 10 minutes): scaled scores.
 *
 * q (n, d) are the queries of n words, k (m, d) the keys of m words; n and m may differ. Fill scores (n, m): score(i,
 * j) = q_i . k_j / sqrt(d). Sum in double.
 *
 * Example: q = 1 2, k = 3 4, d = 2     (1 x 3 + 2 x 4) / sqrt(2) = 7.7782
 *
 * A Mat may be a view, with its rows `stride` numbers apart: mat_at(m, i, j) reads, mat_row(m, i)[j] = ... writes.
 * Replace NOT_STARTED() by your code. Check: make check-09.2    Hint: make hint-09.2 */
#include "course.h"
#include "math/mat.h"
#include <math.h>

void scaled_scores(Mat scores, Mat q, Mat k) {
    NOT_STARTED();
}
