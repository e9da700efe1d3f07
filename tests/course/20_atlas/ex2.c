/* 20.2: the pairs that global-local allows, counted. */
#include "attention/mask_table.h"
#include "judge.h"

void check(void) {
    input("13 tokens, global-local, window 1, global 1");
    Mask mask = mask_of_kind(MASK_GLOBAL_LOCAL, (Mask){.window = 1, .global = 1});
    answer_number("pairs", (double)mask_count(mask, 13), 0);
}
