/* 16.2: top-p by hand, at its edges, on 64 words, and against
 * sampling_probabilities, which is held against transformers. */
#include "judge.h"
#include "model/sampling.h"
#include <math.h>

enum { MOST = 64 };

static void check_case(const float *shares, int n, double p, const float *expected) {
    input("p = %g", p);
    input_floats("shares", shares, (size_t)n);
    give_floats(shares, (size_t)n), give_double(p);
    ask();
    check_floats("what stays", got_floats((size_t)n), expected, (size_t)n, 1e-5);
}

/* `spread` says how much the shares differ: under 0.1 they are nearly even. */
static void check_random(Rng *rng, int n, float spread) {
    float logits[MOST], shares[MOST], expected[MOST];
    double p = (double)rng_float(rng, 0.02f, 0.98f);
    rng_normal(rng, logits, (size_t)n, 0, spread);
    sampling_probabilities(shares, logits, n, (SampleRule){.temperature = 1});
    sampling_probabilities(expected, logits, n, (SampleRule){.temperature = 1, .top_p = p});
    double kept = 0, least = 1;
    for (int i = 0; i < n; i++) {
        kept += expected[i] > 0 ? (double)shares[i] : 0;
        if (expected[i] > 0) least = fmin(least, (double)shares[i]);
    }
    /* A sum that lies on p itself would be a question of rounding: such a case is left out. */
    if (fabs(kept - p) > 1e-4 && fabs(kept - least - p) > 1e-4) check_case(shares, n, p, expected);
}

/* 64 shares in proportion to 1, 2, ... 64, upwards or downwards: of 2080 parts the last k have k * (129 - k) / 2. */
static void check_ramp(bool up, double p, int kept) {
    float shares[MOST], expected[MOST];
    for (int i = 0; i < MOST; i++) {
        const int part = up ? i + 1 : MOST - i;
        shares[i] = (float)part / 2080;
        expected[i] = part > MOST - kept ? 2 * (float)part / (float)(kept * (129 - kept)) : 0;
    }
    check_case(shares, MOST, p, expected);
}

void check(void) {
    check_case((const float[]){0.5f, 0.1f, 0.25f, 0.15f}, 4, 0.7, (const float[]){2.0f / 3, 0, 1.0f / 3, 0});
    check_case((const float[]){0.125f, 0.5f, 0.375f}, 3, 0.4, (const float[]){0, 1, 0});
    check_case((const float[]){0.125f, 0.5f, 0.375f}, 3, 0.5, (const float[]){0, 1, 0});
    check_case((const float[]){0.125f, 0.5f, 0.375f}, 3, 0.4999995, (const float[]){0, 1, 0});
    check_case((const float[]){0.125f, 0.5f, 0.375f}, 3, 0.5000005, (const float[]){0, 4.0f / 7, 3.0f / 7});
    check_case((const float[]){0.125f, 0.5f, 0.375f}, 3, 0.01, (const float[]){0, 1, 0});
    check_case((const float[]){0.125f, 0.5f, 0.375f}, 3, 1, (const float[]){0.125f, 0.5f, 0.375f});
    check_case((const float[]){1}, 1, 0.3, (const float[]){1});
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 500 : 50); i++) check_random(&rng, 1 + (int)(rng_bits(&rng) % MOST), 3);
    for (int i = 0; i < 5; i++) check_random(&rng, MOST, 0.05f);
    check_ramp(true, 1, 64), check_ramp(false, 1, 64);
    check_ramp(true, 0.03, 1), check_ramp(false, 0.031, 2);
    check_ramp(true, 0.999, 63), check_ramp(false, 0.9999, 64);
}
