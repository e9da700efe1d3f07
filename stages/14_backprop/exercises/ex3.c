/* Exercise 14.3 (code, 3 points, 10 minutes): softmax, backwards, for one row.
 *
 * Forwards it was y = softmax(s). d [n] arrives with the slopes of the loss along y and must leave with those along the
 * scores s. You do not need s: y is enough. A y of 0 is a forbidden key; all of them may be.
 *
 * Example: y = 0.5 0.5, d = 1 0  ->  d = 0.25 -0.25. (Raising the first score takes from the second weight what it
 * gives to the first.)
 *
 * Replace NOT_STARTED() by your code. Check: make check-14.3    Hint: make hint-14.3 */
#include "course.h"

void softmax_back(float *d, const float *y, int n) {
    NOT_STARTED();
}
