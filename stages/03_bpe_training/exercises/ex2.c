/* Exercise 03.2 (code, 2 points, 10 minutes): merge one pair.
 *
 * ids[0..n) is a text as tokens. Replace every (left, right) by `token`, from the left, in place, and return how many
 * tokens are left. A token that has been used up by one merge cannot be used by the next, nor can the one that it put
 * there, even if `token` is left or right.
 *
 * Example: 1 1 1 2 1 1, left 1, right 1, token 9   becomes   9 1 2 9, and 4 is returned.
 *
 * Replace NOT_STARTED() by your code. Check: make check-03.2    Hint: make hint-03.2 */
#include "course.h"

int merge_pair(int *ids, int n, int left, int right, int token) {
    NOT_STARTED();
}
