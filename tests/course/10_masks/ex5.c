/* 10.5: layers until the first of 1,000 words knows of the last: how far the news has come after each layer, walked. */
#include "judge.h"

static int layers(int n, int window) {
    int known = 0, count = 0; /* the last word that the first one knows of */
    while (known < n - 1) known += window, count++;
    return count;
}

void check(void) {
    input("local masks of window 4 and 6, n = 1000");
    answer_numbers("layers of window 4, of window 6", (const double[]){layers(1000, 4), layers(1000, 6)}, 2, 0);
}
