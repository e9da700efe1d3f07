/* Exercise 11.2 (code, 3 points, 10 minutes): zero and renormalise.
 *
 * weights (n, n) is the softmax of all scores: each row sums to 1. Make it causal after the fact, in place: the weight
 * of every later word (column > row) becomes 0, and what is left of the row is divided by its sum, so that it is 1
 * again. A row whose past has no weight at all (0 up to the diagonal) stays all zeros: never divide 0 by 0.
 *
 * Example:  0.5 0.5      1.0 0.0
 *           0.2 0.8  ->  0.2 0.8
 *
 * A Mat may be a view, with its rows `stride` numbers apart: mat_at(m, i, j) reads, mat_row(m, i)[j] = ... writes.
 * Replace NOT_STARTED() by your code. Check: make check-11.2    Hint: make hint-11.2 */
#include "course.h"
#include "math/mat.h"

void zero_and_renormalise(Mat weights) {
    NOT_STARTED();
}
