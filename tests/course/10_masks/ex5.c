/* 10.5: layers until the first of 1,000 words knows of the last: how far the news has come after each layer, walked. */
#include "judge.h"

static int layers(int n, int window) {
    int known = 0, count = 0; /* the last word that the first one knows of */
    while (known < n - 1) known += window, count++;
    return count;
}

void check(void) {
    const int narrow = (int)variant_number("narrow", 4), wide = (int)variant_number("wide", 6);
    input("local masks of window %d and %d, n = 1000", narrow, wide);
    const double truth[] = {layers(1000, narrow), layers(1000, wide)};
    answer_numbers("layers of the first window, of the second", truth, 2, 0);
}
