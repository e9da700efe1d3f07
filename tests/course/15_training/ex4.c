/* 15.4: mean and standard error of paired differences, by hand and on random pairs in long double: many, near 0 and far
 * from it. */
#include "judge.h"
#include <math.h>

enum { MOST = 70003, EQUAL = 40 };

static void check_within(const float *a, const float *b, int n, double mean_tolerance, double error_tolerance) {
    long double sum = 0, squares = 0;
    for (int i = 0; i < n; i++) sum += (long double)a[i] - (long double)b[i];
    for (int i = 0; i < n; i++) squares += powl((long double)a[i] - (long double)b[i] - sum / n, 2);
    input("n = %d", n);
    input_floats("a", a, (size_t)n), input_floats("b", b, (size_t)n);
    give_floats(a, (size_t)n), give_floats(b, (size_t)n);
    ask();
    check_float("the mean", got_double(), (double)(sum / n), mean_tolerance);
    check_float("its error", got_double(), (double)sqrtl(squares / (n - 1) / n), error_tolerance);
}

static void check_case(const float *a, const float *b, int n) {
    check_within(a, b, n, 1e-5, 1e-5);
}

/* a around `far`, b around 2. A sum in float is off by more when it grows larger. */
static void check_random(Rng *rng, int n, float far, float spread, double mean_tolerance, double error_tolerance) {
    static float a[MOST], b[MOST];
    rng_normal(rng, a, (size_t)n, far, spread), rng_normal(rng, b, (size_t)n, 2, spread);
    check_within(a, b, n, mean_tolerance, error_tolerance);
}

/* All differences are equal, and no float says them roundly. */
static void check_equal(float number, int n) {
    float a[EQUAL], b[EQUAL];
    for (int i = 0; i < n; i++) a[i] = number, b[i] = 2;
    check_within(a, b, n, 0.02, 0.01);
}

void check(void) {
    check_case((const float[]){3, 5, 4}, (const float[]){2, 3, 1}, 3);
    check_case((const float[]){1, 1}, (const float[]){1, 1}, 2);
    check_case((const float[]){0, 4}, (const float[]){1, 1}, 2);
    check_case((const float[]){1, 2, 3, 4}, (const float[]){1, 2, 4, 2}, 4);
    check_case((const float[]){1.9f, 2.0f, 2.1f, 1.8f, 2.2f}, (const float[]){2.0f, 2.1f, 2.2f, 1.9f, 2.3f}, 5);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 300 : 30); i++) {
        int n = 2 + (int)(rng_bits(&rng) % 63);
        check_random(&rng, n, 2, 1, 1e-5, 1e-5);
    }
    check_random(&rng, MOST, 2, 1, 1e-4, 1e-4);
    check_random(&rng, 50, 3000, 0.25f, 0.02, 2e-3);
    check_random(&rng, 5, 2, 1e-4f, 1e-6, 1e-6);
    for (int n = 2; n < EQUAL; n++)
        for (int k = 0; k < 60; k++) check_equal(100 + (float)k * 31.7f + (float)n * 0.37f, n);
}
