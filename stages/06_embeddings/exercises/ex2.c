/* Exercise 06.2 (code, 2 points, 8 minutes): one-hot rows.
 *
 * out (n, V): row i is 1 in column ids[i] and 0 everywhere else. out may hold anything before, and it may be a view.
 * An id that is negative, or V or more, has no column: its row is all zeros.
 *
 * Example: ids 2 0, V = 3  ->  0 0 1
 *                              1 0 0
 *
 * A Mat may be a view, with its rows `stride` numbers apart: mat_at(m, i, j) reads, mat_row(m, i)[j] = ... writes.
 * Replace NOT_STARTED() by your code. Check: make check-06.2    Hint: make hint-06.2 */
#include "course.h"
#include "math/mat.h"

void one_hot(Mat out, const int *ids) {
    NOT_STARTED();
}
