/* 20.1: the reach of a local mask of window 2 among 13 tokens. */
#include "attention/mask_table.h"
#include "attention/reach.h"
#include "judge.h"

void check(void) {
    const int window = (int)variant_number("window", 2);
    input("13 tokens, local, window %d: from token 0 to token 12", window);
    int layers = -1;
    Mask mask = mask_of_kind(MASK_LOCAL, (Mask){.window = window});
    check_that(reach_layers(mask, 13, 0, 12, &layers), "the walk ends");
    answer_number("layers", layers, 0);
}
