/* Exercise 16.5 (code, 2 points, 8 minutes): the longest run that two texts share.
 *
 * What did the model copy? For texts as short as these a table will do. Let run(i, j) be how long the run is that ends
 * with a[i] in one text and with b[j] in the other: 0 when the two differ, else one more than run(i - 1, j - 1). Only
 * one row of the table is ever needed: walk j from right to left, and the old row is still there to the left.
 *
 * Give the length of the longest run; *end is the place in b just behind it, the smallest such place if there are
 * several (0 when nothing is shared). n and m may be 0; m <= 1000.
 *
 * Example: a = 7 1 2 3 9, b = 1 2 3 1 2    ->    3, *end = 3
 *
 * Replace NOT_STARTED() by your code. Check: make check-16.5    Hint: make hint-16.5 */
#include "course.h"

int longest_shared_run(const int *a, int n, const int *b, int m, int *end) {
    NOT_STARTED();
}
