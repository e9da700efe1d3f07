/* Exercise 09.3 (code, 2 points, 8 minutes): entropy.
 *
 * The entropy of weights p_1 ... p_n is minus the sum of p_j ln p_j, in nats. It is 0 when one word gets everything,
 * and ln n when all get the same. A weight of 0 adds nothing: 0 ln 0 counts as 0, though log(0) is minus infinity.
 *
 * Example: 0.5 0.5  ->  ln 2 = 0.6931
 *
 * Replace NOT_STARTED() by your code. Check: make check-09.3    Hint: make hint-09.3 */
#include "course.h"
#include <math.h>

float entropy(const float *weights, int n) {
    NOT_STARTED();
}
