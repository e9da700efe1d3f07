/* 03.2: merging from the left, judged by taking the result apart again. */
#include "judge.h"
#include <stdio.h>
#include <string.h>

extern int merge_pair(int *ids, int n, int left, int right, int token);

enum { MOST = 40, TOKEN = 99 };

static void describe(const int *ids, int n, int left, int right) {
    char text[4 * MOST + 1] = "";
    for (int i = 0, at = 0; i < n; i++) at += snprintf(text + at, sizeof text - (size_t)at, " %d", ids[i]);
    input("ids%s, left %d, right %d, token %d", text, left, right, TOKEN);
}

static void check_one(const int *ids, int n, int left, int right) {
    int got[MOST], expected[MOST], count = 0;
    memcpy(got, ids, (size_t)n * sizeof *ids);
    for (int i = 0; i < n;) {
        bool pair = i < n - 1 && ids[i] == left && ids[i + 1] == right;
        expected[count++] = pair ? TOKEN : ids[i];
        i += pair ? 2 : 1;
    }
    describe(ids, n, left, right);
    check_int("the number of tokens", merge_pair(got, n, left, right, TOKEN), count);
    check_ints("the tokens", got, expected, (size_t)count);
}

void check(void) {
    check_one((int[]){1, 1, 1, 2, 1, 1}, 6, 1, 1);
    check_one((int[]){1, 2, 3, 1, 2}, 5, 1, 2);
    check_one((int[]){1, 1, 1, 1}, 4, 1, 1);
    check_one((int[]){2, 1}, 2, 1, 2);
    check_one((int[]){1}, 1, 1, 1);
    check_one((int[]){1}, 0, 1, 1);
    Rng rng = check_rng();
    for (int round = 0; round < 500; round++) {
        int ids[MOST], n = (int)(rng_bits(&rng) % MOST);
        for (int i = 0; i < n; i++) ids[i] = (int)(rng_bits(&rng) % 3);
        check_one(ids, n, (int)(rng_bits(&rng) % 3), (int)(rng_bits(&rng) % 3));
    }
}
