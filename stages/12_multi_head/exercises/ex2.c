/* Exercise 12.2 (code, 3 points, 10 minutes): concatenate.
 *
 * A wrapper of heads ends by putting its heads' outputs next to each other: heads[h] is (n, d_h), and out is (n, d_0 +
 * d_1 + ...). Copy every number to its place. The heads may have different widths, and any of them may be a view with
 * a stride of its own.
 *
 * Example: heads 0 and 1 are    1 2     9        out is   1 2 9
 *                               3 4     8                 3 4 8
 *
 * Replace NOT_STARTED() by your code. Check: make check-12.2    Hint: make hint-12.2 */
#include "course.h"
#include "math/mat.h"

void concatenate(Mat out, const Mat *heads, int count) {
    NOT_STARTED();
}
