/* 20.2: the pairs that global-local allows, counted. */
#include "attention/mask_table.h"
#include "judge.h"

void check(void) {
    const int window = (int)variant_number("window", 1), global = (int)variant_number("global", 1);
    input("13 tokens, global-local, window %d, global %d", window, global);
    Mask mask = mask_of_kind(MASK_GLOBAL_LOCAL, (Mask){.window = window, .global = global});
    answer_number("pairs", (double)mask_count(mask, 13), 0);
}
