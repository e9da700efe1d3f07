/* 14.3: the starter's example; forbidden keys, a row of one, weights of a millionth and less; then any rows, long ones
 * too, against the slope of sum d_j softmax(s)_j, measured in double precision. */
#include "judge.h"
#include <math.h>

enum { MOST = 2503, SPARSE = 17001 };

/* d, then y. */
static void compare(const float *d, const float *y, const float *expected, int n, double tolerance) {
    give_floats(d, (size_t)n), give_floats(y, (size_t)n);
    ask();
    check_floats("the slopes along the scores", got_floats((size_t)n), expected, (size_t)n, tolerance);
}

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
    compare(d, y, expected, n, 1e-5);
}

/* SPARSE keys, of which the first and the last have half of the weight each. */
static void check_sparse(void) {
    static float d[SPARSE], y[SPARSE], expected[SPARSE];
    for (int j = 0; j < SPARSE; j++) d[j] = (float)(j % 7);
    d[SPARSE - 1] = 3;
    y[0] = y[SPARSE - 1] = 0.5f;
    expected[0] = -0.75f, expected[SPARSE - 1] = 0.75f;
    input("%d weights, of which the first and the last are 0.5, with d = 0 and 3; the others are 0", SPARSE);
    compare(d, y, expected, SPARSE, 1e-6);
}

void check(void) {
    input("y = 0.5 0.5, d = 1 0");
    compare((const float[]){1, 0}, (const float[]){0.5f, 0.5f}, (const float[]){0.25f, -0.25f}, 2, 1e-6);
    input("y = 1, d = 7: a single key has all the weight, whatever its score");
    compare((const float[]){7}, (const float[]){1}, (const float[]){0}, 1, 1e-6);
    input("y = 0 0.25 0.75, d = 9 1 3: the first key is forbidden");
    compare((const float[]){9, 1, 3}, (const float[]){0, 0.25f, 0.75f}, (const float[]){0, -0.375f, 0.375f}, 3, 1e-6);
    input("y = 0.25 0 0.75, d = 1 9 3: the second key is forbidden");
    compare((const float[]){1, 9, 3}, (const float[]){0.25f, 0, 0.75f}, (const float[]){-0.375f, 0, 0.375f}, 3, 1e-6);
    input("y = 0 0, d = 5 7: both keys are forbidden");
    compare((const float[]){5, 7}, (const float[]){0, 0}, (const float[]){0, 0}, 2, 0);
    input("y = 0.000001 0.999999, d = 2000000 0: a small weight, of which the loss hears loudly");
    compare((const float[]){2e6f, 0}, (const float[]){1e-6f, 0.999999f}, (const float[]){1.999998f, -1.999998f}, 2,
            1e-4);
    input("y = 0.00000005 0.99999995, d = 200000000 0: a smaller weight, and a louder loss");
    compare((const float[]){2e8f, 0}, (const float[]){5e-8f, 0.99999995f}, (const float[]){10, -10}, 2, 1e-4);
    input("y = 1e-30 1, d = 2e30 0: the smallest weight, and the loudest loss");
    compare((const float[]){2e30f, 0}, (const float[]){1e-30f, 1}, (const float[]){2, -2}, 2, 1e-4);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 60 : 12); i++) {
        int n = 2 + (int)(rng_bits(&rng) % 22);
        check_case(&rng, n, (int)(rng_bits(&rng) % (unsigned)n));
    }
    check_case(&rng, 2, 0), check_case(&rng, 150, 0), check_case(&rng, MOST, 2200), check_sparse();
}
