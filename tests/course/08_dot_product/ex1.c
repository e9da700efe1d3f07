/* 08.1: cosine of hand-made, long, short, opposite, zero and random vectors. */
#include "judge.h"
#include <math.h>

enum { MOST = 9001 };

static void check_case(const float *a, const float *b, int n, double expected) {
    input("n = %d", n);
    input_floats("a", a, (size_t)n), input_floats("b", b, (size_t)n);
    give_floats(a, (size_t)n), give_floats(b, (size_t)n);
    ask();
    check_float("the cosine", got_double(), expected, 1e-5);
}

/* Random vectors at a known angle: b = cos(t) a/|a| + sin(t) c, c at a right angle to a, both then stretched. */
static void check_random(Rng *rng, int n, double length_a, double length_b) {
    float a[MOST], b[MOST], c[MOST];
    rng_normal(rng, a, (size_t)n, 0, 1), rng_normal(rng, c, (size_t)n, 0, 1);
    double aa = 0, ac = 0, cc = 0, angle = (double)rng_float(rng, 0, 3.1f);
    for (int i = 0; i < n; i++) aa += (double)a[i] * (double)a[i], ac += (double)a[i] * (double)c[i];
    for (int i = 0; i < n; i++) c[i] -= (float)(ac / aa * (double)a[i]);
    for (int i = 0; i < n; i++) cc += (double)c[i] * (double)c[i];
    for (int i = 0; i < n; i++) {
        b[i] = (float)(length_b * (cos(angle) * (double)a[i] / sqrt(aa) + sin(angle) * (double)c[i] / sqrt(cc)));
        a[i] = (float)(length_a * (double)a[i] / sqrt(aa));
    }
    check_case(a, b, n, cos(angle));
}

void check(void) {
    check_case((const float[]){3, 4}, (const float[]){4, 3}, 2, 0.96);
    check_case((const float[]){1, 0}, (const float[]){0, 5}, 2, 0);
    check_case((const float[]){2, 1}, (const float[]){-200, -100}, 2, -1);
    check_case((const float[]){0, 0}, (const float[]){1, 2}, 2, 0);
    check_case((const float[]){3, -1}, (const float[]){0, 0}, 2, 0);
    check_case((const float[]){0, 0, 0}, (const float[]){0, 0, 0}, 3, 0);
    check_case((const float[]){-3}, (const float[]){8}, 1, -1);
    check_case((const float[]){0.5f}, (const float[]){0.25f}, 1, 1);
    check_case((const float[]){1, 1, 1}, (const float[]){5, 5, 5}, 3, 1);
    check_case((const float[]){0, 1}, (const float[]){1, -1}, 2, -0.70710678);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 200 : 20); i++) {
        check_random(&rng, 16, 4, 7);
        check_random(&rng, 2 + (int)(rng_bits(&rng) % 40), 1, 0.5);
    }
    check_random(&rng, MOST, 30, 1);
    /* Lengths that are far from 1 and far from the ends of what a float can square. */
    check_random(&rng, 8, 1e-6, 1e-6);
    check_random(&rng, 8, 1e-8, 1e-8);
    check_random(&rng, 8, 1e-9, 1e-9);
    check_random(&rng, 8, 1e-8, 1e8);
    check_random(&rng, 8, 1e-17, 1e12);
    check_random(&rng, 8, 1e12, 1e-17);
    check_random(&rng, 8, 1e8, 1e8);
}
