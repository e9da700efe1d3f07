/* 15.2: early stopping on short lists by hand, on large, small and close losses, and on random walks, long
 * ones too, against a search over all prefixes. */
#include "judge.h"
#include <limits.h>
#include <math.h>

enum { MOST = 70003 };

static void check_case(const float *losses, int n, int patience, int expected) {
    input("patience %d", patience);
    input_floats("losses", losses, (size_t)n);
    give_floats(losses, (size_t)n), give_int(patience);
    ask();
    check_int("the index", got_int(), expected);
}

static int best_of(const float *losses, int n) {
    int best = 0;
    for (int i = 1; i < n; i++)
        if (losses[i] < losses[best]) best = i;
    return best;
}

/* The first length after which the best lies `patience` evaluations back, or all. */
static int expected_of(const float *losses, int n, int patience) {
    for (int seen = 1; seen <= n; seen++)
        if (seen - 1 - best_of(losses, seen) >= patience) return best_of(losses, seen);
    return best_of(losses, n);
}

/* MOST losses that rise and fall, with new best ones at 100, at 350, at 2450 and at 69950. */
static void check_long(int patience, int expected) {
    float losses[MOST];
    for (int j = 0; j < MOST; j++) losses[j] = (float)(60 + j * 7 % 31);
    losses[100] = 50, losses[350] = 40, losses[2450] = 30, losses[69950] = 20;
    check_case(losses, MOST, patience, expected);
}

void check(void) {
    check_case((const float[]){3, 2, 4, 5, 1}, 5, 2, 1);
    check_case((const float[]){3, 2, 4, 5, 1}, 5, 3, 4);
    check_case((const float[]){1}, 1, 1, 0);
    check_case((const float[]){5, 4, 3, 2}, 4, 1, 3);
    check_case((const float[]){2, 2, 2, 1}, 4, 2, 0);
    check_case((const float[]){2, 3, 1, 2, 0}, 5, 1, 0);
    check_case((const float[]){5, 6, 4, 6, 3, 6, 2}, 7, 2, 6);       /* three worse ones, never in a row */
    check_case((const float[]){1, 5, 4, 3, 0}, 5, 3, 0);             /* falls, and is not better */
    check_case((const float[]){3, 4, 4, 4, 4, 4, 1}, 7, 1000000, 6); /* more patience than losses */
    check_case((const float[]){3, 2, 4, 1, 5}, 5, INT_MAX, 3);
    check_case((const float[]){1, 0.99999f, 0.99998f, 0.99997f}, 4, 1, 3); /* hardly better is better */
    check_case((const float[]){3e30f, 2e30f, 3e30f, 1e30f}, 4, 2, 3);      /* no loss is too large */
    check_case((const float[]){3.4e38f, 3.4e38f, 3.3e38f, 3.2e38f, 1}, 5, 2, 4);
    check_case((const float[]){INFINITY, INFINITY, 3e31f, 2e31f, 1}, 5, 2, 4); /* not even an overflow */
    check_case((const float[]){INFINITY, INFINITY, 1}, 3, 1, 0);
    check_case((const float[]){1, 0.9999999f, 0.9999998f}, 3, 1, 2);          /* the next floats below 1 */
    check_case((const float[]){0.5f, 0.25f, 0.75f, 0.625f, 0.125f}, 5, 2, 1); /* all of them below 1 */
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 500 : 60); i++) {
        float losses[MOST];
        int n = 1 + (int)(rng_bits(&rng) % 40), patience = 1 + (int)(rng_bits(&rng) % 6);
        for (int j = 0; j < n; j++) losses[j] = (float)(int)rng_float(&rng, 0, 12) - 0.1f * (float)j;
        check_case(losses, n, patience, expected_of(losses, n, patience));
    }
    check_long(300, 350), check_long(2200, 2450), check_long(69000, 69950);
}
