/* 13.2: streams of known, huge, rising, falling and random scores against two passes in long double; and one of three
 * million pairs, during which memory must not grow. */
#include "judge.h"
#include "stream.h"
#include <math.h>

enum { MOST = 5000, GROWTH = 4 << 20 /* bytes */ };

/* The runner has been given what it takes; these pairs must have that mean. */
static void compare(int n, double expected) {
    ask();
    const long long taken = got_int(), growth = got_int();
    const double mean = got_double();
    check_that(taken == n, "all %d pairs are taken (%lld were)", n, taken);
    check_float("the mean", mean, expected, 1e-9);
    check_that(growth <= GROWTH, "pairs are not kept: memory grew by %lld MB", growth >> 20);
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
    give_int(n);
    for (int j = 0; j < n; j++) give_double(scores[j]), give_double(values[j]);
    compare(n, n ? (double)(sum / total) : 0);
}

static void check_random(Rng *rng, int n, double slope) {
    static double scores[MOST], values[MOST];
    for (int j = 0; j < n; j++) {
        scores[j] = slope * j + (double)rng_float(rng, -3, 3);
        values[j] = (double)rng_float(rng, -1, 1);
    }
    check_case(scores, values, n);
}

/* Of each four pairs the weights are 1 e e^2 e^3, whichever four they are; so one four says what the places in it add.
 * The fours themselves weigh 1 r r^2 ... with r = e^step: a geometric series. Of F fours those from L on weigh
 * (r^F - r^L) / (r^F - 1) of it all, and the mean number of a four is F / (1 - r^-F) - 1 / (1 - 1/r). */
static void check_long(void) {
    const long double step = STREAM_STEP, fours = STREAM_PAIRS / 4, late = STREAM_LATE / 4;
    long double total = 0, sum = 0;
    for (int k = 0; k < 4; k++) total += expl(k), sum += expl(k) * k;
    const long double share = (expl(step * fours) - expl(step * late)) / expm1l(step * fours);
    const long double four = 1 / expm1l(-step) - fours / expm1l(-step * fours);
    input("%d pairs, scores 1000 1001 1002 1003, values 0 1 2 3, each four pairs a millionth higher than the four "
          "before; values 8 more in the last third",
          STREAM_PAIRS);
    give_int(STREAM_PAIRS);
    compare(STREAM_PAIRS, (double)(sum / total + 8 * share + step * four));
}

void check(void) {
    check_case((const double[]){0, 0}, (const double[]){1, 3}, 2);
    check_case((const double[]){1000, 1001}, (const double[]){1, 0}, 2);
    check_case((const double[]){-1000, -1001}, (const double[]){1, 0}, 2);
    check_case((const double[]){-20000, -20001}, (const double[]){1, 0}, 2);
    check_case((const double[]){-3e9, -3e9 - 1}, (const double[]){1, 0}, 2);
    check_case((const double[]){3e9, 3e9 + 1}, (const double[]){1, 0}, 2);
    check_case((const double[]){0, -40}, (const double[]){0, 1e16}, 2); /* a tiny weight of a huge value */
    check_case((const double[]){5}, (const double[]){-7}, 1);
    check_case((const double[]){0}, (const double[]){0}, 0);
    check_case((const double[]){-2000, 2000, -2000}, (const double[]){9, 4, 9}, 3);
    check_case((const double[]){9000, -9000, 9001}, (const double[]){1, 5, 0}, 3);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 500 : 50); i++) {
        int n = 1 + (int)(rng_bits(&rng) % 200);
        check_random(&rng, n, (double)rng_float(&rng, -20, 20));
    }
    check_random(&rng, MOST, 0), check_random(&rng, MOST, -0.001), check_random(&rng, MOST, 0.5);
    check_long();
}
