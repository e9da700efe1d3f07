/* 10.1: allowed pairs of a local mask, counted cell by cell. */
#include "judge.h"
#include <stdlib.h>

void check(void) {
    enum { N = 1000 };
    const int window = (int)variant_number("window", 3);
    input("local, window %d, n = %d", window, N);
    long long pairs = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) pairs += abs(i - j) <= window;
    answer_number("pairs", (double)pairs, 0);
}
