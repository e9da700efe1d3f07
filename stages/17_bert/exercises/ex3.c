/* Exercise 17.3 (code, 3 points, 10 minutes): hide columns, renormalise rows.
 *
 * Many heads rest on [CLS] and [SEP]. To see what else they look at, `--no-special --renormalise` takes those columns
 * away and scales what is left. Write that for one map, in place:
 *
 *   map (n, m)    weights; every row sums to 1
 *   hide [m]      hide[j]: column j becomes 0
 *
 * Each row then sums to 1 again. A row that had all of its weight on hidden columns has nothing left to scale: it
 * becomes zeros. (Dividing by 0 would make it NaN, and one NaN spoils everything that is computed from it.)
 *
 * Example: hide = {true, false, false}    0.5 0.3 0.2      0  0.6 0.4
 *                                         1.0 0.0 0.0      0  0.0 0.0
 *
 * A Mat may be a view, with its rows `stride` numbers apart: mat_at(m, i, j) reads, mat_row(m, i)[j] = ... writes.
 * Replace NOT_STARTED() by your code. Check: make check-17.3    Hint: make hint-17.3 */
#include "course.h"
#include "math/mat.h"

void hide_and_renormalise(Mat map, const bool *hide) {
    NOT_STARTED();
}
