/* After how many layers each token knows of each other one. */
#include "runner.h"
#include "bodies/masks.h"

void run_case(void) {
    const Mask mask = mask_from_numbers(keep_ints("mask", NULL));
    const int n = (int)take_int();
    Reach reach = reach_new(mask, n);
    hand_ints(reach.first, (size_t)n * (size_t)n);
    reach_free(&reach);
}
