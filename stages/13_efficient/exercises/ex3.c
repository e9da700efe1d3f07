/* Exercise 13.3 (code, 3 points, 12 minutes): a tile of a band.
 *
 * The mask is |query - key| <= radius. A tile holds queries top .. top + size - 1 and keys left .. left + size - 1. Say
 * 0 when nothing in it is allowed, 2 when everything is, 1 when some of it is. Numbers may be as large as 10^18, and
 * tiles as wide, so look at no more than a few cells: where in a tile are the smallest and the largest distance?
 *
 * Example: radius 1, size 2     top 0, left 0 -> 2     top 0, left 2 -> 1 (query 1 sees key 2)     top 0, left 4 -> 0
 *
 * Replace NOT_STARTED() by your code. Check: make check-13.3    Hint: make hint-13.3 */
#include "course.h"

int judge_tile(long long top, long long left, long long size, long long radius) {
    NOT_STARTED();
}
