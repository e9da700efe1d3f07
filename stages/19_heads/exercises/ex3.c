/* Exercise 19.3 (code, 3 points, 12 minutes): find induction on a repeated sequence.
 *
 * A text says "... blue cat ...", and later "blue" again: a head that looks from the second "blue" at the "cat" behind
 * the first one knows what is coming. The course's measure `induction` divides by all n rows, though most rows cannot
 * do it: they stand at a word that is there for the first time. So count only those that can.
 *
 * Row i can when its token has stood earlier: ids[a] == ids[i] for some a < i. Its share is the sum of the weights
 * map(i, a + 1) over all such a. Return the mean of the shares of all rows that can; 0 when there is none.
 *
 * Example: ids 7 8 7 8, and the last two rows of the map are .1 .6 .2 .1 and .3 .3 .4 0
 *   row 2 (7) has a = 0: .6      row 3 (8) has a = 1: .4      so: 0.5
 *
 * map (n, n) has a row a query and sums to 1 in each row; ids is [n], n >= 1. Sum in double.
 * A Mat may be a view, with its rows `stride` numbers apart: mat_at(m, i, j) reads, mat_row(m, i)[j] = ... writes.
 * Replace NOT_STARTED() by your code. Check: make check-19.3    Hint: make hint-19.3
 * Then compare: build/19_heads --find induction "red fish blue cat red fish blue cat" */
#include "course.h"
#include "math/mat.h"

double induction_share(Mat map, const int *ids) {
    NOT_STARTED();
}
