/* 07.1: the largest of ALiBi's twelve slopes and its head. */
#include "judge.h"
#include "attention/positions.h"

void check(void) {
    input("12 heads");
    int best = 0;
    for (int h = 1; h < 12; h++)
        if (alibi_slope(h, 12) > alibi_slope(best, 12)) best = h;
    answer_numbers("head, slope", (const double[]){best, (double)alibi_slope(best, 12)}, 2, 6e-5);
}
