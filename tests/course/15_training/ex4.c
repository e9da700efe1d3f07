/* 15.4: mean and standard error of paired differences, by hand and on random pairs in long double. */
#include "judge.h"
#include <math.h>

typedef struct {
    double mean, error;
} Paired;

extern Paired paired(const float *a, const float *b, int n);

enum { MOST = 64 };

static void check_case(const float *a, const float *b, int n) {
    long double sum = 0, squares = 0;
    for (int i = 0; i < n; i++) sum += (long double)a[i] - (long double)b[i];
    for (int i = 0; i < n; i++) squares += powl((long double)a[i] - (long double)b[i] - sum / n, 2);
    input("a = %g %g ..., b = %g %g ..., n = %d", (double)a[0], (double)a[1], (double)b[0], (double)b[1], n);
    Paired got = paired(a, b, n);
    check_float("the mean", got.mean, (double)(sum / n), 1e-5);
    check_float("its error", got.error, (double)sqrtl(squares / (n - 1) / n), 1e-5);
}

void check(void) {
    check_case((const float[]){3, 5, 4}, (const float[]){2, 3, 1}, 3);
    check_case((const float[]){1, 1}, (const float[]){1, 1}, 2);
    check_case((const float[]){0, 4}, (const float[]){1, 1}, 2);
    check_case((const float[]){1.9f, 2.0f, 2.1f, 1.8f, 2.2f}, (const float[]){2.0f, 2.1f, 2.2f, 1.9f, 2.3f}, 5);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 300 : 30); i++) {
        float a[MOST], b[MOST];
        int n = 2 + (int)(rng_bits(&rng) % (MOST - 1));
        rng_normal(&rng, a, (size_t)n, 2, 1), rng_normal(&rng, b, (size_t)n, 2, 1);
        check_case(a, b, n);
    }
}
