/* Exercise 07.2 (code, 3 points, 10 minutes): turn a row.
 *
 * RoPE as Hugging Face's Llama does it: the pairs are number i and number i + d/2 of a row, for i below d/2. Turn pair
 * i by the angle position * 10000^(-2i/d):
 *     a' = a cos - b sin        b' = a sin + b cos
 * row [d] is changed in place; d is even. Position 0 changes nothing.
 *
 * Example: d = 2, row 1 0, position 1   ->   0.5403 0.8415
 *
 * Replace NOT_STARTED() by your code. Check: make check-07.2    Hint: make hint-07.2 */
#include "course.h"
#include <math.h>

void turn(float *row, int d, int position) {
    NOT_STARTED();
}
