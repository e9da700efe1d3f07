/* 16.2: top-p by hand, at its edges, and against sampling_probabilities, which is held against transformers. */
#include "judge.h"
#include "model/sampling.h"
#include <math.h>
#include <string.h>

extern void keep_top_p(float *shares, int n, double p);

enum { MOST = 64 };

static void check_case(const float *shares, int n, double p, const float *expected) {
    float got[MOST];
    memcpy(got, shares, (size_t)n * sizeof *got);
    input("shares %g %g %g%s (n = %d), p = %g", (double)shares[0], n > 1 ? (double)shares[1] : 0.0,
          n > 2 ? (double)shares[2] : 0.0, n > 3 ? " ..." : "", n, p);
    keep_top_p(got, n, p);
    check_floats("what stays", got, expected, (size_t)n, 1e-5);
}

static void check_random(Rng *rng) {
    float logits[MOST], shares[MOST], expected[MOST];
    int n = 1 + (int)(rng_bits(rng) % MOST);
    double p = (double)rng_float(rng, 0.02f, 0.98f);
    rng_normal(rng, logits, (size_t)n, 0, 3);
    sampling_probabilities(shares, logits, n, (SampleRule){.temperature = 1});
    sampling_probabilities(expected, logits, n, (SampleRule){.temperature = 1, .top_p = p});
    double before = 0; /* a sum that lies on p itself would be a question of rounding: such a case is left out */
    for (int i = 0; i < n; i++) before += expected[i] > 0 ? (double)shares[i] : 0;
    if (fabs(before - p) > 1e-4) check_case(shares, n, p, expected);
}

void check(void) {
    check_case((const float[]){0.5f, 0.1f, 0.25f, 0.15f}, 4, 0.7, (const float[]){2.0f / 3, 0, 1.0f / 3, 0});
    check_case((const float[]){0.125f, 0.5f, 0.375f}, 3, 0.4, (const float[]){0, 1, 0});
    check_case((const float[]){0.125f, 0.5f, 0.375f}, 3, 0.5, (const float[]){0, 1, 0});
    check_case((const float[]){0.125f, 0.5f, 0.375f}, 3, 0.01, (const float[]){0, 1, 0});
    check_case((const float[]){0.125f, 0.5f, 0.375f}, 3, 1, (const float[]){0.125f, 0.5f, 0.375f});
    check_case((const float[]){1}, 1, 0.3, (const float[]){1});
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 500 : 50); i++) check_random(&rng);
}
