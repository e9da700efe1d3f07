/* 07.2: known angles, then random heads: complex multiplication in double, lengths kept, position 0 the identity. */
#include "judge.h"
#include <complex.h>
#include <math.h>

extern void turn(float *head, int d, int position);

static void check_case(const float *head, int d, int position) {
    float got[64], expected[64];
    for (int i = 0; i < d / 2; i++) {
        double complex z = (double)head[i] + (double)head[i + d / 2] * I;
        z *= cexp(I * (position * exp(-log(10000) * 2 * i / d)));
        expected[i] = (float)creal(z), expected[i + d / 2] = (float)cimag(z);
    }
    for (int i = 0; i < d; i++) got[i] = head[i];
    input("d = %d, position %d, head %g %g ...", d, position, (double)head[0], (double)head[1]);
    turn(got, d, position);
    check_floats("the turned head", got, expected, (size_t)d, 1e-5);
}

void check(void) {
    check_case((const float[]){1, 0}, 2, 1);
    check_case((const float[]){0, 1}, 2, 1);
    check_case((const float[]){1, 0, 0, 0}, 4, 1);
    check_case((const float[]){0, 1, 0, 0}, 4, 1);
    check_case((const float[]){1, 2, 3, 4, 5, 6}, 6, 0);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 200 : 20); i++) {
        float head[64];
        rng_normal(&rng, head, 64, 0, 1);
        check_case(head, 2 + 2 * (int)(rng_bits(&rng) % 32), (int)(rng_bits(&rng) % 1000));
    }
}
