/* 03.3: the most frequent pair, the first in the text among equals; judged by a table of counts. */
#include "judge.h"
#include <stdio.h>

extern int best_pair(const int *ids, int n);

enum { MOST = 60, TOKENS = 8 };

static void check_one(const int *ids, int n) {
    int counts[TOKENS][TOKENS] = {{0}}, most = 0, expected = -1;
    for (int i = 0; i + 1 < n; i++) {
        int count = ++counts[ids[i]][ids[i + 1]];
        if (count > most) most = count;
    }
    for (int i = n - 2; i >= 0; i--)
        if (counts[ids[i]][ids[i + 1]] == most) expected = i;
    char text[3 * MOST + 1] = "";
    for (int i = 0, at = 0; i < n; i++) at += snprintf(text + at, sizeof text - (size_t)at, " %d", ids[i]);
    input("ids%s", n ? text : " (none)");
    check_int("the place of the best pair", best_pair(ids, n), expected);
}

void check(void) {
    check_one((int[]){3, 4, 1, 2, 3, 4, 1, 2}, 8);
    check_one((int[]){7, 7, 7}, 3);
    check_one((int[]){5, 1, 2, 1, 2}, 5);
    check_one((int[]){1, 2, 7, 7, 7}, 5);
    check_one((int[]){1}, 1);
    check_one((int[]){1}, 0);
    Rng rng = check_rng();
    for (int round = 0; round < 500; round++) {
        int ids[MOST], n = (int)(rng_bits(&rng) % MOST), tokens = 2 + (int)(rng_bits(&rng) % (TOKENS - 2));
        for (int i = 0; i < n; i++) ids[i] = (int)(rng_bits(&rng) % (unsigned)tokens);
        check_one(ids, n);
    }
}
