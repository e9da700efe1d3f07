/* 07.3: rows of random positions, moved ahead and back, against the formula in double. */
#include "judge.h"
#include <math.h>

extern void move_wave(float *row, int width, int k);

static void wave(float *row, int width, int p) {
    for (int i = 0; i < width / 2; i++) {
        double angle = p * exp(-log(10000) * 2 * i / width);
        row[2 * i] = (float)sin(angle), row[2 * i + 1] = (float)cos(angle);
    }
}

static void check_case(int width, int p, int k) {
    float got[64], expected[64];
    wave(got, width, p), wave(expected, width, p + k);
    input("width %d, the row of a position %d, k = %d", width, p, k);
    move_wave(got, width, k);
    check_floats("the moved row", got, expected, (size_t)width, 1e-5);
}

void check(void) {
    check_case(2, 0, 1);
    check_case(2, 1, -1);
    check_case(4, 3, 0);
    check_case(8, 100, 7);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 200 : 20); i++)
        check_case(2 + 2 * (int)(rng_bits(&rng) % 32), (int)(rng_bits(&rng) % 900), (int)(rng_bits(&rng) % 801) - 400);
}
