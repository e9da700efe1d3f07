/* 13.2: streams of known, huge, rising, falling and random scores against two passes in long double. */
#include "judge.h"
#include <math.h>

extern double streamed_mean(bool (*next_pair)(void *source, double *score, double *value), void *source);

enum { MOST = 200 };

typedef struct {
    const double *scores, *values;
    int n, at;
} Source;

static bool next_pair(void *source, double *score, double *value) {
    Source *s = source;
    if (s->at >= s->n) return false;
    *score = s->scores[s->at], *value = s->values[s->at++];
    return true;
}

static void check_case(const double *scores, const double *values, int n) {
    long double top = -INFINITY, total = 0, sum = 0;
    for (int j = 0; j < n; j++) top = fmaxl(top, (long double)scores[j]);
    for (int j = 0; j < n; j++) {
        long double weight = expl((long double)scores[j] - top);
        total += weight, sum += weight * (long double)values[j];
    }
    input("%d pairs, scores %g %g%s, values %g %g%s", n, n > 0 ? scores[0] : 0, n > 1 ? scores[1] : 0,
          n > 2 ? " ..." : "", n > 0 ? values[0] : 0, n > 1 ? values[1] : 0, n > 2 ? " ..." : "");
    Source source = {scores, values, n, 0};
    double got = streamed_mean(next_pair, &source);
    check_that("all pairs are taken", source.at == n);
    check_float("the mean", got, n ? (double)(sum / total) : 0, 1e-9);
}

void check(void) {
    check_case((const double[]){0, 0}, (const double[]){1, 3}, 2);
    check_case((const double[]){1000, 1001}, (const double[]){1, 0}, 2);
    check_case((const double[]){-1000, -1001}, (const double[]){1, 0}, 2);
    check_case((const double[]){5}, (const double[]){-7}, 1);
    check_case(NULL, NULL, 0);
    check_case((const double[]){-2000, 2000, -2000}, (const double[]){9, 4, 9}, 3);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 500 : 50); i++) {
        double scores[MOST], values[MOST];
        int n = 1 + (int)(rng_bits(&rng) % MOST);
        double slope = (double)rng_float(&rng, -20, 20);
        for (int j = 0; j < n; j++) {
            scores[j] = slope * j + (double)rng_float(&rng, -3, 3);
            values[j] = (double)rng_float(&rng, -1, 1);
        }
        check_case(scores, values, n);
    }
}
