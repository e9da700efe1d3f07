/* 09.3: entropy of even rows, of one-hot rows, and of softmaxes, where another formula gives ln(sum) - mean score. */
#include "judge.h"
#include <math.h>

extern float entropy(const float *weights, int n);

static void check_case(const float *weights, int n, double expected) {
    input("weights %g %g ..., n = %d", (double)weights[0], n > 1 ? (double)weights[1] : 0.0, n);
    check_float("the entropy", (double)entropy(weights, n), expected, 1e-4);
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

void check(void) {
    check_case((const float[]){0.5f, 0.5f}, 2, log(2));
    check_case((const float[]){1}, 1, 0);
    check_case((const float[]){0, 1, 0}, 3, 0);
    check_case((const float[]){0.25f, 0.25f, 0.25f, 0.25f}, 4, log(4));
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 200 : 20); i++) check_softmax(&rng, 1 + (int)(rng_bits(&rng) % 32));
}
