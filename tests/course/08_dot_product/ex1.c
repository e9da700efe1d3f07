/* 08.1: cosine of hand-made, long, opposite, zero and random vectors. */
#include "judge.h"
#include <math.h>

extern float cosine(const float *a, const float *b, int n);

static void check_case(const float *a, const float *b, int n, double expected) {
    input("a = %g %g ..., b = %g %g ..., n = %d", (double)a[0], n > 1 ? (double)a[1] : 0.0, (double)b[0],
          n > 1 ? (double)b[1] : 0.0, n);
    check_float("the cosine", (double)cosine(a, b, n), expected, 1e-5);
}

/* Random vectors at a known angle: b = cos(t) a/|a| + sin(t) c, c at a right angle to a, both then stretched. */
static void check_random(Rng *rng) {
    enum { N = 16 };
    float a[N], b[N], c[N];
    rng_normal(rng, a, N, 0, 1), rng_normal(rng, c, N, 0, 1);
    double aa = 0, ac = 0, cc = 0, angle = (double)rng_float(rng, 0, 3.1f);
    for (int i = 0; i < N; i++) aa += (double)a[i] * (double)a[i], ac += (double)a[i] * (double)c[i];
    for (int i = 0; i < N; i++) c[i] -= (float)(ac / aa * (double)a[i]);
    for (int i = 0; i < N; i++) cc += (double)c[i] * (double)c[i];
    for (int i = 0; i < N; i++)
        b[i] = (float)(7 * (cos(angle) * (double)a[i] / sqrt(aa) + sin(angle) * (double)c[i] / sqrt(cc)));
    check_case(a, b, N, cos(angle));
}

void check(void) {
    check_case((const float[]){3, 4}, (const float[]){4, 3}, 2, 0.96);
    check_case((const float[]){1, 0}, (const float[]){0, 5}, 2, 0);
    check_case((const float[]){2, 1}, (const float[]){-200, -100}, 2, -1);
    check_case((const float[]){0, 0}, (const float[]){1, 2}, 2, 0);
    check_case((const float[]){-3}, (const float[]){8}, 1, -1);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 200 : 20); i++) check_random(&rng);
}
