/* 10.1: allowed pairs of a local mask, counted cell by cell. */
#include "judge.h"
#include <stdlib.h>

void check(void) {
    enum { N = 1000, W = 3 };
    input("local, window %d, n = %d", W, N);
    long long pairs = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) pairs += abs(i - j) <= W;
    answer_number("pairs", (double)pairs, 0);
}
