/* 03.3: the most frequent pair, the first in the text among equals; judged by a table of counts. */
#include "judge.h"
#include <stdio.h>

enum { MOST = 33201, SHOWN = 60, TOKENS = 50, BEHIND = 3 /* ids behind those that count */ };

/* ids[0..n) and BEHIND more are tokens below TOKENS; names[t], if there are names, is the id that is given for t. What
 * stands behind the n must not be read. Every other time nothing does: then the memory check sees who reads on. */
static void check_named(const int *ids, int n, const int *names) {
    int counts[TOKENS][TOKENS] = {{0}}, most = 0, expected = -1, given[MOST + BEHIND];
    for (int i = 0; i + 1 < n; i++) {
        int count = ++counts[ids[i]][ids[i + 1]];
        if (count > most) most = count;
    }
    for (int i = n - 2; i >= 0; i--)
        if (counts[ids[i]][ids[i + 1]] == most) expected = i;
    for (int i = 0; i < n + BEHIND; i++) given[i] = names ? names[ids[i]] : ids[i];
    char text[12 * SHOWN + 1] = "";
    for (int i = 0, at = 0; i < n && i < SHOWN; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, " %d", given[i]);
    input("ids%s%s, n %d", n ? text : " (none)", n > SHOWN ? " ..." : "", n);
    give_ints(given, (size_t)(n % 2 ? n + BEHIND : n)), give_int(n);
    ask();
    check_int("the place of the best pair", got_int(), expected);
}

/* Behind the ids stands `behind`, which is no longer theirs. */
static void check_one(const int *ids, int n, int behind) {
    int all[SHOWN + BEHIND];
    for (int i = 0; i < n + BEHIND; i++) all[i] = i < n ? ids[i] : behind;
    check_named(all, n, NULL);
}

static void check_random(Rng *rng, int n, int tokens, const int *names) {
    int ids[MOST + BEHIND];
    for (int i = 0; i < n + BEHIND; i++) ids[i] = (int)(rng_bits(rng) % (unsigned)tokens);
    check_named(ids, n, names);
}

/* (1, 2) comes `ones` times, then (7, 7) until n ids are full. */
static void check_often(int ones, int n) {
    int ids[MOST + BEHIND];
    for (int i = 0; i < n + BEHIND; i++) ids[i] = i < 2 * ones ? 1 + i % 2 : 7;
    check_named(ids, n, NULL);
}

/* The pairs (0, K) and (1, 0) are one to who packs a pair as left * K + right, and then come more often than (9, 8). */
static void check_packed(void) {
    static const int numbers[] = {31,   33,      37,    100,   131,    257,     1009,
                                  1024, 1 << 16, 50257, 65599, 100000, 1 << 20, 1 << 24};
    static const int ids[] = {9, 8, 9, 8, 0, 10, 3, 0, 10, 4, 1, 0, 5, 5, 5};
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        check_named(ids, 12, (const int[]){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, numbers[k]});
}

void check(void) {
    check_one((int[]){3, 4, 1, 2, 3, 4, 1, 2}, 8, 3);
    check_one((int[]){7, 7, 7}, 3, 7);
    check_one((int[]){5, 1, 2, 1, 2}, 5, 1);
    check_one((int[]){1, 2, 7, 7, 7}, 5, 7);
    check_one((int[]){1}, 1, 1);
    check_one((int[]){1}, 0, 1);
    check_one((int[]){2, 1}, 2, 2);
    check_one((int[]){9, 8, 7, 6, 5}, 5, 4);
    check_one((int[]){9, 7, 7, 7, 3, 9, 7}, 7, 7); /* (9, 7) twice, (7, 7) twice: the first is at 0 */
    check_one((int[]){1, 2, 2, 1, 3, 3, 4, 3, 3}, 9, 1);
    check_packed();
    check_often(100, 502);                /* 301 times, which is 45 to one who counts in a byte */
    check_often(4000, 12101);             /* (7, 7) wins by the last hundred */
    if (hidden()) check_often(100, MOST); /* 33,000 times, less than 0 to one who counts in a short; takes a second */
    Rng rng = check_rng();
    for (int round = 0; round < 500; round++)
        check_random(&rng, (int)(rng_bits(&rng) % 60), 2 + (int)(rng_bits(&rng) % 6), NULL);
    /* Ids of a real vocabulary and beyond: pairs of them have the same sum, the same low bytes, the same text. */
    static const int names[] = {1, 2, 257, 258, 0, 3, 11, 111, 1001, 1002, 65537, 65538, 50256, 100001, 2147483647};
    for (int round = 0; round < 200; round++) check_random(&rng, (int)(rng_bits(&rng) % 60), 15, names);
    for (int tokens = TOKENS; tokens > 1; tokens /= 3) check_random(&rng, 2000, tokens, NULL);
}
