/* 09.3: entropy of even rows, long ones too, of one-hot rows, of one large weight and very many tiny ones, and of
 * softmaxes, where another formula gives ln(sum) - mean score. */
#include "judge.h"
#include <math.h>

enum { MANY = 70001 };

static void check_within(const float *weights, int n, double expected, double tolerance) {
    input("n = %d", n);
    input_floats("weights", weights, (size_t)n);
    give_floats(weights, (size_t)n);
    ask();
    check_float("the entropy", got_double(), expected, tolerance);
}

static void check_case(const float *weights, int n, double expected) {
    check_within(weights, n, expected, 1e-4);
}

/* All get the same: ln n. The tolerance lets a sum in float pass, which drifts. */
static void check_even(int n, double tolerance) {
    static float weights[MANY];
    for (int j = 0; j < n; j++) weights[j] = 1.0f / (float)n;
    check_within(weights, n, log(n), tolerance);
}

/* With p = exp(s) / Z, minus the sum of p ln p is ln Z - the sum of p s. */
static void check_softmax(Rng *rng, int n) {
    float scores[32], weights[32];
    double z = 0, mean = 0;
    rng_normal(rng, scores, (size_t)n, 0, 2);
    for (int j = 0; j < n; j++) z += exp((double)scores[j]);
    for (int j = 0; j < n; j++) {
        weights[j] = (float)(exp((double)scores[j]) / z);
        mean += (double)weights[j] * (double)scores[j];
    }
    check_case(weights, n, log(z) - mean);
}

/* One weight gets what `tiny` weights of that size leave. */
static void check_tiny(float size, int tiny, double tolerance) {
    static float weights[MANY];
    weights[0] = (float)(1 - tiny * (double)size);
    for (int j = 1; j <= tiny; j++) weights[j] = size;
    const double large = (double)weights[0], small = (double)size;
    check_within(weights, tiny + 1, -large * log(large) - tiny * small * log(small), tolerance);
}

void check(void) {
    check_case((const float[]){0.5f, 0.5f}, 2, log(2));
    check_case((const float[]){1}, 1, 0);
    check_case((const float[]){1}, 0, 0);
    check_case((const float[]){0, 1, 0}, 3, 0);
    check_case((const float[]){0.25f, 0.25f, 0.25f, 0.25f}, 4, log(4));
    check_case((const float[]){0.5f, 0, 0, 0.25f, 0.25f}, 5, 1.5 * log(2));
    check_case((const float[]){1, 1e-30f}, 2, 0);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 200 : 20); i++) check_softmax(&rng, 1 + (int)(rng_bits(&rng) % 32));
    check_even(1000, 1e-3);
    check_even(MANY, 0.05);
    check_tiny(8e-7f, 50000, 0.01), check_tiny(1e-10f, MANY - 1, 1e-6);
}
