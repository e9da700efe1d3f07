/* 15.2: early stopping on short lists by hand, and on random walks against a search over all prefixes. */
#include "judge.h"

extern int stop_early(const float *losses, int n, int patience);

enum { MOST = 40 };

static void check_case(const float *losses, int n, int patience, int expected) {
    input("losses %g %g %g%s (n = %d), patience %d", (double)losses[0], n > 1 ? (double)losses[1] : 0.0,
          n > 2 ? (double)losses[2] : 0.0, n > 3 ? " ..." : "", n, patience);
    check_int("the index", stop_early(losses, n, patience), expected);
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

void check(void) {
    check_case((const float[]){3, 2, 4, 5, 1}, 5, 2, 1);
    check_case((const float[]){3, 2, 4, 5, 1}, 5, 3, 4);
    check_case((const float[]){1}, 1, 1, 0);
    check_case((const float[]){5, 4, 3, 2}, 4, 1, 3);
    check_case((const float[]){2, 2, 2, 1}, 4, 2, 0);
    check_case((const float[]){2, 3, 1, 2, 0}, 5, 1, 0);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 500 : 60); i++) {
        float losses[MOST];
        int n = 1 + (int)(rng_bits(&rng) % MOST), patience = 1 + (int)(rng_bits(&rng) % 6);
        for (int j = 0; j < n; j++) losses[j] = (float)(int)rng_float(&rng, 0, 12) - 0.1f * (float)j;
        check_case(losses, n, patience, expected_of(losses, n, patience));
    }
}
