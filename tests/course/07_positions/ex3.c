/* 07.3: rows of random positions, moved ahead and back, against the formula in double. */
#include "judge.h"
#include <math.h>
#include <stdlib.h>

enum { MOST = 2050 };

static void wave(float *row, int width, int p) {
    for (int i = 0; i < width / 2; i++) {
        double angle = p * exp(-log(10000) * 2 * i / width);
        row[2 * i] = (float)sin(angle), row[2 * i + 1] = (float)cos(angle);
    }
}

/* The exercise does not ask for double: an angle in float is off by some 1e-7 of itself, and so grows with k. */
static double tolerance_at(int k) {
    return 1e-5 + 4e-6 * abs(k);
}

static void check_case(int width, int p, int k) {
    float row[MOST], expected[MOST];
    wave(row, width, p), wave(expected, width, p + k);
    input("width %d, the row of a position %d, k = %d", width, p, k);
    give_floats(row, (size_t)width), give_int(k);
    ask();
    check_floats("the moved row", got_floats((size_t)width), expected, (size_t)width, tolerance_at(k));
}

void check(void) {
    check_case(2, 0, 1);
    check_case(2, 1, -1);
    check_case(4, 3, 0);
    check_case(8, 100, 7);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 200 : 20); i++) {
        const int width = 2 + 2 * (int)(rng_bits(&rng) % 32), p = (int)(rng_bits(&rng) % 900);
        check_case(width, p, (int)(rng_bits(&rng) % 801) - 400);
        check_case(width, p, (int)(rng_bits(&rng) % 41) - 20);
    }
    check_case(128, 50, -7);
    check_case(512, 900, 3);
    check_case(512, 0, 5000);
    check_case(512, 6000, -5000);
    check_case(MOST, 900, 3);
    check_case(6, 30000, 2);
    check_case(2, 0, 20000);
    check_case(2, 0, 65537);
    check_case(2, 65537, -40000);
}
