/* Exercise 07.3 (code, 3 points, 12 minutes): one wave from another.
 *
 * row [width] is the sinusoidal vector of some position p: sin and cos in turn, the angle of pair i is p times
 * 10000^(-2i/width). You are not told p. Make it the vector of p + k, in place; k may be negative. A network finds "k
 * words back" by one matrix, whatever the position: this is why the paper chose waves.
 *
 * Example: width 2, row 0 1 (p = 0), k = 1   ->   0.8415 0.5403
 *
 * Replace NOT_STARTED() by your code. Check: make check-07.3    Hint: make hint-07.3 */
#include "course.h"
#include <math.h>

void move_wave(float *row, int width, int k) {
    NOT_STARTED();
}
