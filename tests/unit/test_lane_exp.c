/* math/fast/lane_exp against the same formulas in double precision. */
#include "fixture.h"
#include "math/fast/lane_exp.h"

enum { MOST = 70, AROUND = 4 }; /* so many numbers before and behind each row */

/* exp(scale * (x - top)) / sum, number by number. */
static void softmax_told(double *y, const float *x, size_t n, double scale) {
    double top = -INFINITY, sum = 0;
    for (size_t i = 0; i < n; i++) top = fmax(top, (double)x[i]);
    for (size_t i = 0; i < n; i++) sum += y[i] = exp(scale * ((double)x[i] - top));
    for (size_t i = 0; i < n; i++) y[i] /= sum;
}

static void check_row(const float *got, const float *x, size_t n, double scale, double *largest) {
    double told[MOST], top = -INFINITY;
    softmax_told(told, x, n, scale);
    for (size_t i = 0; i < n; i++) top = fmax(top, (double)x[i]);
    for (size_t i = 0; i < n; i++) {
        double below = scale * (top - (double)x[i]), error = fabs((double)got[i] - told[i]);
        if (below > 87) { /* exp(-87) is nearly the smallest normal float */
            assert_true(got[i] <= 2e-38f && (below < 88 || got[i] == 0));
            continue;
        }
        error /= told[i] * (1 + below / 2);
        if (!(error < 5e-7)) wrong("%.9g of %zu, %g below the top: expected %.9g", (double)got[i], n, below, told[i]);
        *largest = fmax(*largest, error);
    }
}

/* Every length, with and without room behind it; what lies before and behind stays as it is. */
static void rows_of_every_length(void **state) {
    (void)state;
    Rng rng = test_rng(71);
    double largest = 0;
    for (size_t n = 0; n <= MOST; n++)
        for (int trial = 0; trial < 20; trial++) {
            float row[AROUND + 2 * MOST + AROUND], x[MOST], scale = rng_float(&rng, 0.05f, 2);
            float spread = trial % 4 == 0 ? 60 : 6, middle = trial % 3 == 0 ? 1000 : 0;
            size_t room = n + (trial % 2 ? 0 : random_below(&rng, MOST));
            for (size_t i = 0; i < sizeof row / sizeof *row; i++)
                row[i] = NAN; /* what is there before does not count */
            for (size_t i = 0; i < n; i++) row[AROUND + i] = x[i] = middle + rng_float(&rng, -spread, spread);
            lane_softmax(row + AROUND, n, room, scale);
            check_row(row + AROUND, x, n, (double)scale, &largest);
            for (size_t i = n; i < room; i++) assert_true(row[AROUND + i] == 0);
            for (size_t i = 0; i < AROUND; i++) assert_true(isnan(row[i]) && isnan(row[AROUND + room + i]));
        }
    print_largest("weights (relative)", largest, 5e-7);
}

static void infinities_count_nothing_and_nan_is_seen(void **state) {
    (void)state;
    for (size_t n = 1; n <= MOST; n++)
        for (size_t at = 0; at < n; at++) {
            float x[MOST];
            for (size_t i = 0; i < n; i++) x[i] = i == at ? -3 : -INFINITY;
            lane_softmax(x, n, n, 0.5f);
            for (size_t i = 0; i < n; i++) assert_true(x[i] == (i == at ? 1.0f : 0.0f));
            for (size_t i = 0; i < n; i++) x[i] = i == at ? NAN : 1;
            lane_softmax(x, n, n, 0.5f);
            for (size_t i = 0; i < n; i++) assert_true(isnan(x[i]));
        }
}

/* Scores at the ends of what a float holds: the smaller ones become 0, and nothing overflows. */
static void scores_far_apart(void **state) {
    (void)state;
    for (size_t n = 1; n <= MOST; n++) {
        float x[MOST];
        for (size_t i = 0; i < n; i++) x[i] = i == n / 2 ? 3e38f : i % 2 ? 0 : -3e37f;
        lane_softmax(x, n, n, 1);
        for (size_t i = 0; i < n; i++) assert_true(x[i] == (i == n / 2 ? 1.0f : 0.0f));
    }
}

/* gelu(x) = x (1 + t) / 2 with t = tanh u, u = root (x + bend x^3), and the derivative by the product rule. */
static void check_gelu(double x, double got, double slope, double *largest, double *largest_slope) {
    const double root = sqrt(2 / acos(-1)), bend = 0.044715;
    double t = tanh(root * (x + bend * x * x * x)), told = x * (1 + t) / 2;
    double told_slope = (1 + t) / 2 + x / 2 * (1 - t * t) * root * (1 + 3 * bend * x * x);
    double error = fabs(got - told) / fmax(1, fabs(x)), slope_error = fabs(slope - told_slope);
    if (!(error < 2e-7) || !(slope_error < 2e-6))
        wrong("gelu(%.9g) is %.9g, slope %.9g: expected %.9g and %.9g", x, got, slope, told, told_slope);
    *largest = fmax(*largest, error), *largest_slope = fmax(*largest_slope, slope_error);
}

static void gelu_of_every_length(void **state) {
    (void)state;
    Rng rng = test_rng(72);
    double largest = 0, largest_slope = 0;
    for (size_t n = 0; n <= MOST; n++)
        for (int trial = 0; trial < 40; trial++) {
            float x[MOST + AROUND], slope[MOST + AROUND], z[MOST], wide = trial % 4 == 0 ? 100 : 4;
            for (size_t i = 0; i < MOST + AROUND; i++) x[i] = slope[i] = NAN;
            for (size_t i = 0; i < n; i++) {
                x[i] = z[i] = rng_float(&rng, -wide, wide);
            }
            lane_gelu_keep(x, slope, n);
            for (size_t i = 0; i < n; i++)
                check_gelu((double)z[i], (double)x[i], (double)slope[i], &largest, &largest_slope);
            for (size_t i = n; i < MOST + AROUND; i++) assert_true(isnan(x[i]) && isnan(slope[i]));
        }
    print_largest("gelu", largest, 2e-7);
    print_largest("its slope", largest_slope, 2e-6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_every_length),
        cmocka_unit_test(infinities_count_nothing_and_nan_is_seen),
        cmocka_unit_test(scores_far_apart),
        cmocka_unit_test(gelu_of_every_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
