/* 14.5: the starter's example; a gradient that is short enough stays bit for bit; zeros and none; numbers whose squares
 * no float can hold; random ones, many too, of which the length and the direction are measured. */
#include "judge.h"
#include <math.h>

enum { MOST = 9001 };

static double length_of(const float *g, size_t n) {
    double length = 0;
    for (size_t i = 0; i < n; i++) length = hypot(length, (double)g[i]);
    return length;
}

static void check_numbers(const float *g, size_t n, double most) {
    float expected[MOST];
    double length = length_of(g, n), shrink = length > most ? most / length : 1;
    for (size_t i = 0; i < n; i++) expected[i] = shrink < 1 ? (float)((double)g[i] * shrink) : g[i];
    give_floats(g, n), give_double(most);
    ask();
    double got = got_double();
    check_float("the length, divided by the true one", length > 0 ? got / length : got + 1, 1, 1e-5);
    check_floats("the gradient", got_floats(n), expected, n, shrink < 1 ? 1e-5 * most : 0);
}

static void check_random(Rng *rng, size_t n, float size, double most) {
    float g[MOST];
    for (size_t i = 0; i < n; i++) g[i] = rng_float(rng, -size, size);
    input("%zu numbers up to %g, most = %g", n, (double)size, most);
    check_numbers(g, n, most);
}

void check(void) {
    input("g = 1 2 2 4, most = 1");
    give_floats((const float[]){1, 2, 2, 4}, 4), give_double(1);
    ask();
    check_float("the length", got_double(), 5, 1e-5);
    check_floats("the gradient", got_floats(4), (const float[]){0.2f, 0.4f, 0.4f, 0.8f}, 4, 1e-5);
    input("g = 0 0, most = 1");
    check_numbers((const float[]){0, 0}, 2, 1);
    input("no numbers, most = 1");
    check_numbers((const float[]){0}, 0, 1);
    input("g = -3, most = 1");
    check_numbers((const float[]){-3}, 1, 1);
    input("g = -3 0 4, most = 5");
    check_numbers((const float[]){-3, 0, 4}, 3, 5);
    input("g = 0.001 -0.002, most = 0.001");
    check_numbers((const float[]){0.001f, -0.002f}, 2, 0.001);
    input("g = 0.3 0.4, most = 0.4");
    check_numbers((const float[]){0.3f, 0.4f}, 2, 0.4);
    input("g = 3 4, most = 4.998");
    check_numbers((const float[]){3, 4}, 2, 4.998);
    input("g = 3 -4, most = 0");
    check_numbers((const float[]){3, -4}, 2, 0);
    Rng rng = check_rng();
    check_random(&rng, 20, 0.1f, 1);
    check_random(&rng, 20, 1e25f, 1);
    check_random(&rng, 20, 1e-25f, 1e-26);
    check_random(&rng, MOST, 1, 7);
    for (int i = 0; i < (hidden() ? 40 : 8); i++)
        check_random(&rng, 1 + rng_bits(&rng) % 50, rng_float(&rng, 0.1f, 3), 2);
}
