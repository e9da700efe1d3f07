/* 12.1: parameters of one layer, counted part by part. */
#include "judge.h"

static long long linear(long long out, long long in, int bias) {
    return out * in + (bias ? out : 0);
}

void check(void) {
    const long long C = (long long)variant_number("width", 64);
    input("one layer, width %lld, no bias on q, k and v", C);
    long long attention = 3 * linear(C, C, 0) + linear(C, C, 1);
    long long feed_forward = linear(4 * C, C, 1) + linear(C, 4 * C, 1), norms = 2 * 2 * C;
    answer_number("numbers", (double)(attention + feed_forward + norms), 0);
}
