/* Exercise 17.2 (code, 1 point, 5 minutes): a head is a column view.
 *
 * q (n, C) holds the queries of all heads side by side: head h owns d_head = C / heads columns, from h * d_head on.
 * Give them as a matrix (n, d_head) without copying a number: a Mat is a pointer, a shape and a stride
 * (docs/c_idioms.md, "Views").
 *
 * Example: q is 2 x 6, heads = 3     0 1 2 3 4  5      head 1:    2  3
 *                                    6 7 8 9 10 11                8  9
 *
 * Replace NOT_STARTED() by your code. Check: make check-17.2    Hint: make hint-17.2 */
#include "course.h"
#include "math/mat.h"

Mat head_view(Mat q, int heads, int head) {
    NOT_STARTED();
}
