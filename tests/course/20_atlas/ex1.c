/* 20.1: the reach of a local mask of window 2 among 13 tokens. */
#include "attention/mask_table.h"
#include "attention/reach.h"
#include "judge.h"

void check(void) {
    input("13 tokens, local, window 2: from token 0 to token 12");
    int layers = -1;
    Mask mask = mask_of_kind(MASK_LOCAL, (Mask){.window = 2});
    check_that(reach_layers(mask, 13, 0, 12, &layers), "the walk ends");
    answer_number("layers", layers, 0);
}
