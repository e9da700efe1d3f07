/* Exercise 03.3 (code, 3 points, 12 minutes): another tie rule.
 *
 * Give the place i of the pair (ids[i], ids[i+1]) that occurs most often in ids[0..n). When several pairs occur equally
 * often, take the one whose first occurrence comes first. Return -1 when there is no pair. Overlapping pairs count:
 * 7 7 7 holds (7, 7) twice. Two loops will do.
 *
 * Our rule takes the smallest pair instead. Both are fair; but two programs that do not say which they use learn
 * different vocabularies from the same text.
 *
 * Example: 3 4 1 2 3 4 1 2   has (3, 4), (4, 1) and (1, 2) twice each: return 0.
 *
 * Replace NOT_STARTED() by your code. Check: make check-03.3    Hint: make hint-03.3 */
#include "course.h"

int best_pair(const int *ids, int n) {
    NOT_STARTED();
}
