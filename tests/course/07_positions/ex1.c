/* 07.1: the largest of ALiBi's twelve slopes and its head. */
#include "judge.h"
#include "attention/positions.h"

void check(void) {
    const int heads = (int)variant_number("heads", 12);
    input("%d heads", heads);
    int best = 0;
    for (int h = 1; h < heads; h++)
        if (alibi_slope(h, heads) > alibi_slope(best, heads)) best = h;
    answer_numbers("head, slope", (const double[]){best, (double)alibi_slope(best, heads)}, 2, 6e-5);
}
