/* 08.3: softmax by hand, far from zero, with forbidden scores, random against long double. */
#include "judge.h"
#include <float.h>
#include <math.h>

enum { MOST = 5003 };

static void check_case(const float *scores, int n) {
    float expected[MOST];
    long double top = -INFINITY, sum = 0;
    for (int j = 0; j < n; j++) top = fmaxl(top, (long double)scores[j]);
    for (int j = 0; j < n; j++) sum += expl((long double)scores[j] - top);
    for (int j = 0; j < n; j++) expected[j] = (float)(expl((long double)scores[j] - top) / sum);
    input("n = %d", n);
    input_floats("scores", scores, (size_t)n);
    give_floats(scores, (size_t)n);
    ask();
    const float *got = got_floats((size_t)n);
    check_floats("the weights", got, expected, (size_t)n, 1e-6);
    double all = 0;
    for (int j = 0; j < n; j++) all += (double)got[j];
    check_float("the sum of the weights", all, 1, 1e-4); /* many that are each a little too large */
}

void check(void) {
    check_case((const float[]){0, 0}, 2);
    check_case((const float[]){1, 2, 3}, 3);
    check_case((const float[]){42}, 1);
    check_case((const float[]){1000, 1001}, 2);
    check_case((const float[]){-1000, -1001, -1002}, 3);
    check_case((const float[]){1, -INFINITY, 2}, 3);
    check_case((const float[]){-INFINITY, -INFINITY, -5000}, 3);
    check_case((const float[]){-INFINITY, -3e9f, -3e9f}, 3);
    check_case((const float[]){-2e38f, -INFINITY, -2e38f, -2.1e38f}, 4);
    check_case((const float[]){2e38f, -2e38f, 2e38f, -INFINITY}, 4);
    check_case((const float[]){-3.4e38f, -3.4e38f}, 2);
    check_case((const float[]){-FLT_MAX, -INFINITY, -FLT_MAX}, 3); /* as masks have it that are no -INFINITY */
    check_case((const float[]){0, 0, 0, 0, 0, 0}, 6);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 500 : 50); i++) {
        float scores[MOST];
        int n = 1 + (int)(rng_bits(&rng) % 64);
        rng_normal(&rng, scores, (size_t)n, (float)(i * 40 - 900), 10);
        check_case(scores, n);
    }
    float many[MOST];
    rng_normal(&rng, many, MOST, 0, 1);
    check_case(many, MOST);
    for (int j = 0; j < MOST; j++) many[j] = j < MOST - 1 ? -20 : 0; /* hardly anything each, but many */
    check_case(many, MOST);
}
