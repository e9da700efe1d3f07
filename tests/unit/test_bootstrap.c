/* math/bootstrap: means by hand, intervals against what statistics says of them, and the same bits for any workers.
 * (The numbers of one run are held to numpy in tests/hostile/test_corpus.py.) */
#include "fixture.h"
#include "math/bootstrap.h"

static Bootstrap filled(const double *values, int series, int n, uint64_t seed, Workers *workers) {
    Bootstrap b = bootstrap_new(series, n, seed);
    for (int i = 0; i < n; i++) bootstrap_add(&b, workers, values + i * series);
    return b;
}

static void a_few_by_hand(void **state) {
    (void)state;
    const double values[] = {1, 5, NAN, 2, 5, NAN, 6, 5, 7};
    Bootstrap b = filled(values, 3, 3, 1, NULL);
    Interval i = bootstrap_interval(&b, 0), same = bootstrap_interval(&b, 1), one = bootstrap_interval(&b, 2);
    assert_true(i.mean == 3 && i.sentences == 3 && i.low == 1 && i.high == 6); /* 1 of 27 means is 1, and one is 6 */
    assert_true(same.mean == 5 && same.low == 5 && same.high == 5);
    assert_true(one.mean == 7 && one.low == 7 && one.high == 7 && one.sentences == 1);
    bootstrap_free(&b);
    const double nothing[] = {NAN};
    b = filled(nothing, 1, 1, 1, NULL);
    assert_int_equal(bootstrap_interval(&b, 0).sentences, 0);
    bootstrap_free(&b);
}

/* Every replicate draws each of n sentences once in the mean, with variance 1 - 1/n, and n in all; the last one gets
 * what is left. */
static void draws_are_multinomial(void **state) {
    (void)state;
    enum { N = 40 };
    double values[N * N] = {0};
    for (int i = 0; i < N; i++) values[i * N + i] = 1; /* series i counts the draws of sentence i */
    Bootstrap b = filled(values, N, N, 7, NULL);
    for (int s = 0; s < N; s++) {
        double sum = 0, squares = 0;
        for (int r = 0; r < BOOTSTRAP_REPLICATES; r++) {
            double drawn = b.sum[s * BOOTSTRAP_REPLICATES + r];
            sum += drawn, squares += drawn * drawn;
        }
        double mean = sum / BOOTSTRAP_REPLICATES, variance = squares / BOOTSTRAP_REPLICATES - mean * mean;
        assert_close(mean, 1, 0.16, "mean draws"); /* five deviations of it */
        assert_close(variance, 1 - 1.0 / N, 0.35, "their variance");
    }
    for (int r = 0; r < BOOTSTRAP_REPLICATES; r++) {
        double all = 0;
        for (int s = 0; s < N; s++) all += b.sum[s * BOOTSTRAP_REPLICATES + r];
        assert_true(all == N && b.draws[r] == 0);
    }
    bootstrap_free(&b);
}

/* The interval of a mean of many is mean +- 1.96 deviations / sqrt(n). */
static void the_interval_of_a_mean(void **state) {
    (void)state;
    enum { N = 2000 };
    static double values[N];
    Rng rng = test_rng(20);
    double sum = 0, squares = 0;
    for (int i = 0; i < N; i++) {
        values[i] = rng_double(&rng);
        sum += values[i], squares += values[i] * values[i];
    }
    double mean = sum / N, half = 1.96 * sqrt((squares / N - mean * mean) / N);
    Bootstrap b = filled(values, 1, N, 3, NULL);
    Interval i = bootstrap_interval(&b, 0);
    assert_close(i.mean, mean, 1e-12, "the mean");
    assert_close((i.high - i.low) / 2, half, 0.1 * half, "half of the interval");
    bootstrap_free(&b);
}

static void workers_and_seeds(void **state) {
    (void)state;
    enum { N = 50, SERIES = 150 };
    static double values[N * SERIES];
    Rng rng = test_rng(21);
    for (int i = 0; i < N * SERIES; i++) values[i] = i % 11 ? rng_double(&rng) : (double)NAN;
    Workers *two = workers_new(2);
    Bootstrap a = filled(values, SERIES, N, 5, NULL), b = filled(values, SERIES, N, 5, two);
    Bootstrap other = filled(values, SERIES, N, 6, two);
    for (int s = 0; s < SERIES; s++) {
        Interval x = bootstrap_interval(&a, s), y = bootstrap_interval(&b, s), z = bootstrap_interval(&other, s);
        assert_true(x.mean == y.mean && x.low == y.low && x.high == y.high && x.sentences == y.sentences);
        assert_true(x.mean == z.mean && (x.low != z.low || x.high != z.high));
    }
    bootstrap_free(&a), bootstrap_free(&b), bootstrap_free(&other);
    workers_free(two);
}

static void quantiles(void **state) {
    (void)state;
    const double x[] = {1, 2, 4, 8, 16};
    assert_true(quantile_of_sorted(x, 5, 0) == 1 && quantile_of_sorted(x, 5, 1) == 16 &&
                quantile_of_sorted(x, 5, 0.5) == 4);
    assert_close(quantile_of_sorted(x, 5, 0.9), 12.8, 1e-12, "0.9");
    assert_close(quantile_of_sorted(x, 1, 0.3), 1, 0, "of one");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_few_by_hand), cmocka_unit_test(draws_are_multinomial),
                                       cmocka_unit_test(the_interval_of_a_mean), cmocka_unit_test(workers_and_seeds),
                                       cmocka_unit_test(quantiles)};
    return cmocka_run_group_tests_name("math/bootstrap", tests, NULL, NULL);
}
