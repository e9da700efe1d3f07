/* 03.2: merging from the left, judged by what each place is: the first of a pair, the second, or neither. */
#include "judge.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 70001, SHOWN = 40, BEHIND = 2 };

static void describe(const int *ids, int n, int left, int right, int token) {
    char text[12 * SHOWN + 1] = "";
    for (int i = 0, at = 0; i < n && i < SHOWN; i++) at += snprintf(text + at, sizeof text - (size_t)at, " %d", ids[i]);
    input("ids%s%s, n %d, left %d, right %d, token %d", text, n > SHOWN ? " ..." : "", n, left, right, token);
}

/* Of equal tokens in a row every other one is the first of a pair. */
static bool is_first(const int *ids, int n, int i, int left, int right) {
    if (i < 0 || i + 1 >= n || ids[i] != left || ids[i + 1] != right) return false;
    int before = 0;
    while (left == right && before < i && ids[i - 1 - before] == left) before++;
    return before % 2 == 0;
}

/* What stands behind the text would go on with it, and must neither be read nor written. Behind every other text stands
 * nothing: there the memory check sees who reads on. */
static void check_token(const int *ids, int n, int left, int right, int token) {
    static int given[MOST + BEHIND], expected[MOST];
    int count = 0;
    const size_t behind = n % 2 ? BEHIND : 0, size = (size_t)n;
    memcpy(given, ids, size * sizeof *ids);
    given[n] = right, given[n + 1] = left;
    for (int i = 0; i < n; i++)
        if (is_first(ids, n, i, left, right)) expected[count++] = token;
        else if (!is_first(ids, n, i - 1, left, right)) expected[count++] = ids[i];
    describe(ids, n, left, right, token);
    give_ints(given, size + behind), give_int(n);
    give_int(left), give_int(right), give_int(token);
    ask();
    check_int("the number of tokens", got_int(), count);
    const int *got = got_ints(size + behind);
    check_ints("the tokens", got, expected, (size_t)count);
    check_ints("what stands behind ids[n - 1]", got + n, given + n, behind);
}

static void check_one(const int *ids, int n, int left, int right) {
    check_token(ids, n, left, right, 99);
}

static void check_random(Rng *rng, int n, int tokens) {
    static int ids[MOST];
    for (int i = 0; i < n; i++) ids[i] = (int)(rng_bits(rng) % (unsigned)tokens);
    check_one(ids, n, (int)(rng_bits(rng) % (unsigned)tokens), (int)(rng_bits(rng) % (unsigned)tokens));
}

void check(void) {
    check_token((int[]){1, 1, 1, 2, 1, 1}, 6, 1, 1, 9);
    check_one((int[]){1, 2, 3, 1, 2}, 5, 1, 2);
    check_one((int[]){1, 1, 1, 1}, 4, 1, 1);
    check_one((int[]){2, 1}, 2, 1, 2);
    check_one((int[]){1}, 1, 1, 1);
    check_one((int[]){1}, 0, 1, 1);
    check_one((int[]){2, 1}, 2, 1, 1);
    /* Ids of a real vocabulary and beyond; pairs that have the same sum, the same low bytes, the same text. */
    check_token((int[]){50000, 300, 50000, 44, 44, 50000, 300, 50000}, 8, 50000, 300, 50256);
    check_token((int[]){257, 2, 1, 258, 1, 2, 2, 1, 0, 3, 3, 0}, 12, 1, 2, 259);
    check_token((int[]){1, 1002, 2, 2, 3, 65538, 1, 65538, 2, 0, 2, 65538}, 12, 2, 2, 100000);
    check_token((int[]){INT_MAX, INT_MAX - 1, 0, INT_MAX - 1, INT_MAX}, 5, INT_MAX, INT_MAX - 1, INT_MAX - 2);
    /* What is put in is left or right itself, and with its neighbour the pair again. */
    check_token((int[]){1, 2, 2, 2, 1, 2}, 6, 1, 2, 1);
    check_token((int[]){1, 1, 2, 1, 1, 1, 2}, 7, 1, 2, 2);
    check_token((int[]){5, 5, 5, 5, 5}, 5, 5, 5, 5);
    Rng rng = check_rng();
    for (int round = 0; round < 500; round++) check_random(&rng, (int)(rng_bits(&rng) % 40), 3);
    for (int round = 0; round < 5; round++) check_random(&rng, 3000 - (int)(rng_bits(&rng) % 9), 3);
    check_random(&rng, MOST, 9);
}
