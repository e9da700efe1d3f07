/* Exercise 05.2 (code, 2 points, 8 minutes): how many windows are there?
 *
 * Windows start at 0, stride, 2 stride, ... as long as start + context < n: the last target needs one token more than
 * the window. Give their number by a formula, without a loop. n may be small: no window at all is 0, and size_t has no
 * negative numbers.
 *
 * Example: n = 10, context = 4, stride = 3: starts 0 and 3 (6 + 4 is not below 10), so 2.
 *
 * Replace NOT_STARTED() by your code. Check: make check-05.2    Hint: make hint-05.2 */
#include "course.h"

size_t count_windows(size_t n, size_t context, size_t stride) {
    NOT_STARTED();
}
