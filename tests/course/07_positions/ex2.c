/* 07.2: known angles, then random heads: complex multiplication in double, lengths kept, position 0 the identity. */
#include "judge.h"
#include <complex.h>
#include <math.h>

enum { MOST = 2050 };

/* The exercise does not ask for double: an angle in float is off by some 1e-7 of itself, and so grows with position. */
static double tolerance_at(int position) {
    return 1e-5 + 4e-6 * position;
}

static void check_case(const float *row, int d, int position) {
    float expected[MOST];
    for (int i = 0; i < d / 2; i++) {
        double complex z = (double)row[i] + (double)row[i + d / 2] * I;
        z *= cexp(I * (position * exp(-log(10000) * 2 * i / d)));
        expected[i] = (float)creal(z), expected[i + d / 2] = (float)cimag(z);
    }
    input("d = %d, position %d", d, position);
    input_floats("row", row, (size_t)d);
    give_floats(row, (size_t)d), give_int(position);
    ask();
    check_floats("the turned row", got_floats((size_t)d), expected, (size_t)d, tolerance_at(position));
}

static void check_random(Rng *rng, int d, int position) {
    float row[MOST];
    rng_normal(rng, row, (size_t)d, 0, 1);
    check_case(row, d, position);
}

void check(void) {
    check_case((const float[]){1, 0}, 2, 1);
    check_case((const float[]){0, 1}, 2, 1);
    check_case((const float[]){1, 0, 0, 0}, 4, 1);
    check_case((const float[]){0, 1, 0, 0}, 4, 1);
    check_case((const float[]){1, 2, 3, 4, 5, 6}, 6, 0);
    check_case((const float[]){1, 2, 3, 4, 5, 6}, 6, 2);
    check_case((const float[]){0, 0, 0, 0}, 4, 3);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 200 : 20); i++) {
        const int d = 2 + 2 * (int)(rng_bits(&rng) % 32);
        check_random(&rng, d, (int)(rng_bits(&rng) % 1000));
        check_random(&rng, d, 1 + (int)(rng_bits(&rng) % 20));
    }
    check_random(&rng, 128, 17);
    check_random(&rng, MOST, 3);
    check_random(&rng, 256, 5000);
    check_random(&rng, 2, 65537);
    check_random(&rng, 4, 40000);
}
