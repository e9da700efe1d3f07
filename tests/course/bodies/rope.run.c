/* Rotary positions, in place. */
#include "runner.h"

void run_case(void) {
    const int heads = (int)take_int(), first = (int)take_int();
    const float base = (float)take_double();
    const bool half_split = take_int() != 0, inverse = take_int() != 0;
    Mat x = take_mat("x");
    rope_rotate(x, heads, first, base, half_split, inverse);
    hand_mat(x);
}
