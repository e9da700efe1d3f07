/* 14.5: the starter's example; a gradient that is short enough stays bit for bit; zeros; numbers whose squares no float
 * can hold; random ones, of which the length and the direction are measured. */
#include "judge.h"
#include <math.h>

extern double clip_gradient(float *g, size_t n, double most);

enum { MOST = 50 };

static double length_of(const float *g, size_t n) {
    double length = 0;
    for (size_t i = 0; i < n; i++) length = hypot(length, (double)g[i]);
    return length;
}

static void check_case(Rng *rng, size_t n, float size, double most) {
    float g[MOST], expected[MOST];
    for (size_t i = 0; i < n; i++) g[i] = expected[i] = rng_float(rng, -size, size);
    double length = length_of(g, n), shrink = length > most ? most / length : 1;
    for (size_t i = 0; i < n; i++) expected[i] = shrink < 1 ? (float)((double)g[i] * shrink) : g[i];
    input("%zu numbers up to %g, most = %g", n, (double)size, most);
    double got = clip_gradient(g, n, most);
    check_float("the length, divided by the true one", length > 0 ? got / length : got + 1, 1, 1e-5);
    check_floats("the gradient", g, expected, n, shrink < 1 ? 1e-5 * most : 0);
}

void check(void) {
    float g[] = {1, 2, 2, 4}, zeros[] = {0, 0};
    input("g = 1 2 2 4, most = 1");
    check_float("the length", clip_gradient(g, 4, 1), 5, 1e-5);
    check_floats("the gradient", g, (const float[]){0.2f, 0.4f, 0.4f, 0.8f}, 4, 1e-5);
    input("g = 0 0, most = 1");
    check_float("the length", clip_gradient(zeros, 2, 1), 0, 0);
    check_floats("the gradient", zeros, (const float[]){0, 0}, 2, 0);
    Rng rng = check_rng();
    check_case(&rng, 20, 0.1f, 1);
    check_case(&rng, 20, 1e25f, 1);
    for (int i = 0; i < (hidden() ? 40 : 8); i++)
        check_case(&rng, 1 + rng_bits(&rng) % MOST, rng_float(&rng, 0.1f, 3), 2);
}
