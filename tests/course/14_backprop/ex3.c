/* 14.3: the starter's example; forbidden keys and a row of one; then any rows, against the slope of sum d_j
 * softmax(s)_j, measured in double precision. */
#include "judge.h"
#include <math.h>

extern void softmax_back(float *d, const float *y, int n);

enum { MOST = 24 };

/* y = softmax(s); a score of -INFINITY is a forbidden key. */
static void softmax(double *y, const double *s, int n) {
    double top = -INFINITY, sum = 0;
    for (int j = 0; j < n; j++) top = fmax(top, s[j]);
    for (int j = 0; j < n; j++) sum += exp(s[j] - top);
    for (int j = 0; j < n; j++) y[j] = exp(s[j] - top) / sum;
}

static double loss_of(const float *d, const double *s, int n) {
    double y[MOST], sum = 0;
    softmax(y, s, n);
    for (int j = 0; j < n; j++) sum += (double)d[j] * y[j];
    return sum;
}

static void check_case(Rng *rng, int n, int forbidden) {
    double s[MOST], exact[MOST];
    float y[MOST], d[MOST], expected[MOST];
    for (int j = 0; j < n; j++) {
        s[j] = j > 0 && j <= forbidden ? -INFINITY : (double)rng_float(rng, -3, 3);
        d[j] = rng_float(rng, -2, 2);
    }
    softmax(exact, s, n);
    for (int j = 0; j < n; j++) {
        double score = s[j];
        s[j] = score + 1e-5;
        double up = loss_of(d, s, n);
        s[j] = score - 1e-5;
        expected[j] = (float)((up - loss_of(d, s, n)) / 2e-5);
        s[j] = score;
        y[j] = (float)exact[j];
    }
    input("a row of %d weights, %d of them 0", n, n > 1 ? forbidden : 0);
    softmax_back(d, y, n);
    check_floats("the slopes along the scores", d, expected, (size_t)n, 1e-5);
}

void check(void) {
    float y[] = {0.5f, 0.5f}, d[] = {1, 0}, one[] = {1}, done[] = {7}, forbidden[] = {0, 0.25f, 0.75f},
          df[] = {9, 1, 3};
    input("y = 0.5 0.5, d = 1 0");
    softmax_back(d, y, 2);
    check_floats("the slopes along the scores", d, (const float[]){0.25f, -0.25f}, 2, 1e-6);
    input("y = 1, d = 7: a single key has all the weight, whatever its score");
    softmax_back(done, one, 1);
    check_floats("the slopes along the scores", done, (const float[]){0}, 1, 1e-6);
    input("y = 0 0.25 0.75, d = 9 1 3: the first key is forbidden");
    softmax_back(df, forbidden, 3);
    check_floats("the slopes along the scores", df, (const float[]){0, -0.375f, 0.375f}, 3, 1e-6);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 60 : 12); i++) {
        int n = 2 + (int)(rng_bits(&rng) % (MOST - 2));
        check_case(&rng, n, (int)(rng_bits(&rng) % (unsigned)n));
    }
}
