/* Exercise 08.1 (code, 1 point, 5 minutes): cosine.
 *
 * A dot product grows when two vectors point the same way, and also when they are long. Divide the lengths out:
 * cosine(a, b) = a . b / (|a| |b|), with |a| = sqrt(a . a). It lies between -1 and 1. A vector of zeros points
 * nowhere; say 0 then.
 *
 * Example: a = 3 4, b = 4 3     a . b = 24, |a| = |b| = 5     cosine = 24 / 25 = 0.96
 *
 * Replace NOT_STARTED() by your code. Check: make check-08.1    Hint: make hint-08.1 */
#include "course.h"
#include <math.h>

float cosine(const float *a, const float *b, int n) {
    NOT_STARTED();
}
