/* math/softmax against the same formula in double precision. */
#include "fixture.h"
#include "math/softmax.h"

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
    for (size_t n = 1; n <= MOST; n++)
        for (int trial = 0; trial < 20; trial++) {
            float row[AROUND + 2 * MOST + AROUND], x[MOST], scale = rng_float(&rng, 0.05f, 2);
            float spread = trial % 4 == 0 ? 60 : 6, middle = trial % 3 == 0 ? 1000 : 0;
            size_t room = n + (trial % 2 ? 0 : random_below(&rng, MOST));
            for (size_t i = 0; i < sizeof row / sizeof *row; i++)
                row[i] = NAN; /* what is there before does not count */
            for (size_t i = 0; i < n; i++) row[AROUND + i] = x[i] = middle + rng_float(&rng, -spread, spread);
            row_softmax(row + AROUND, n, room, scale);
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
            row_softmax(x, n, n, 0.5f);
            for (size_t i = 0; i < n; i++) assert_true(x[i] == (i == at ? 1.0f : 0.0f));
            for (size_t i = 0; i < n; i++) x[i] = i == at ? NAN : 1;
            row_softmax(x, n, n, 0.5f);
            for (size_t i = 0; i < n; i++) assert_true(isnan(x[i]));
        }
}

/* Scores at the ends of what a float holds: the smaller ones become 0, and nothing overflows. */
static void scores_far_apart(void **state) {
    (void)state;
    for (size_t n = 1; n <= MOST; n++) {
        float x[MOST];
        for (size_t i = 0; i < n; i++) x[i] = i == n / 2 ? 3e38f : i % 2 ? 0 : -3e37f;
        row_softmax(x, n, n, 1);
        for (size_t i = 0; i < n; i++) assert_true(x[i] == (i == n / 2 ? 1.0f : 0.0f));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_every_length),
        cmocka_unit_test(infinities_count_nothing_and_nan_is_seen),
        cmocka_unit_test(scores_far_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
