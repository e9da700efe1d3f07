/* math/fast/vecmath against double precision: fixtures (Python's math library in float64) and the C library. */
#include "fixture.h"
#include "math/fast/vecmath.h"

/* The figures that vecmath.h promises: measured on glibc 2.36 with gcc 12 and clang 14 (see the printed lines),
 * rounded up. */
static const double EXP_ERROR = 2.4e-7;  /* relative, for results that are normal floats: 4 units of 2^-24 */
static const double GELU_ERROR = 2e-7;   /* relative to 1 or to |x| where that is larger; both forms */
static const double TANH_ERROR = 1.2e-7; /* absolute */
/* In its deep tail a gelu is the product of x and a difference of numbers near 1: no relative accuracy is promised
 * there. */

enum { MOST_N = 40 };

typedef struct {
    const char *fixture; /* names FIXTURE.x and FIXTURE.y */
    Activation activation;
    double tolerance;
} Curve;

static const Curve CURVES[] = {{"gelu", ACTIVATION_GELU_ERF, GELU_ERROR},
                               {"gelu_tanh", ACTIVATION_GELU_TANH, GELU_ERROR},
                               {"tanh", ACTIVATION_TANH, TANH_ERROR},
                               {"relu", ACTIVATION_RELU, 0}};
enum { CURVE_COUNT = sizeof CURVES / sizeof *CURVES };

/* The error in the measure of the table: relative to the largest of 1 and |x|. */
static double error_of(double got, double expected, double x) {
    double error = fabs(got - expected) / fmax(1, fabs(x));
    return isnan(error) ? INFINITY : error;
}

static void activations_match_the_fixtures(void **state) {
    (void)state;
    Safetensors file = safetensors_open("tests/fixtures/layers/functions.safetensors");
    for (int c = 0; c < CURVE_COUNT; c++) {
        Mat x = fixture_mat(&file, "%s.x", CURVES[c].fixture), y = mat_new(1, x.cols);
        double *expected = fixture_doubles(&file, "%s.y", CURVES[c].fixture), largest = 0;
        mat_copy(y, x);
        vec_activate(y.data, (size_t)x.cols, CURVES[c].activation);
        for (int i = 0; i < x.cols; i++) {
            double error = error_of((double)y.data[i], expected[i], (double)x.data[i]);
            if (!(error <= CURVES[c].tolerance))
                wrong("%s(%.9g) is %.9g, expected %.9g", CURVES[c].fixture, (double)x.data[i], (double)y.data[i],
                      expected[i]);
            largest = fmax(largest, error);
        }
        print_largest(CURVES[c].fixture, largest, CURVES[c].tolerance);
        memory_free(expected);
        mat_free(&x), mat_free(&y);
    }
    safetensors_close(&file);
}

/* A fine grid over everything that a model can produce, then the whole range of floats in steps of 2%. */
static void activations_hold_over_the_whole_range(void **state) {
    (void)state;
    enum { N = 40000 };
    float *x = memory_new(N, sizeof *x, "x"), *y = memory_new(N, sizeof *y, "y");
    for (int i = 0; i < 30000; i++) x[i] = (float)(i - 15000) / 1000;
    for (int i = 30000; i < N; i += 2) {
        x[i] = (float)fmin(exp(((i - 30000) / 2 - 2500) * 0.0354), 3.4e38);
        x[i + 1] = -x[i];
    }
    assert_true(x[30000] < 1e-37f && x[N - 2] > 1e38f);
    for (int c = 0; c < CURVE_COUNT; c++) {
        double largest = 0;
        memcpy(y, x, N * sizeof *y);
        vec_activate(y, N, CURVES[c].activation);
        for (int i = 0; i < N; i++) {
            double error = error_of((double)y[i], activation_exact(CURVES[c].activation, (double)x[i]), (double)x[i]);
            if (!(error <= CURVES[c].tolerance))
                wrong("%s(%.9g) is %.9g", CURVES[c].fixture, (double)x[i], (double)y[i]);
            largest = fmax(largest, error);
        }
        print_largest(CURVES[c].fixture, largest, CURVES[c].tolerance);
    }
    memory_free(x), memory_free(y);
}

/* Every length has its own mixture of whole vectors and single steps. */
static void activations_of_every_length(void **state) {
    (void)state;
    Rng rng = test_rng(20);
    for (int c = 0; c < CURVE_COUNT; c++)
        for (int n = 0; n <= MOST_N; n++) {
            float x[MOST_N + 1], y[MOST_N + 1];
            for (int i = 0; i < MOST_N + 1; i++) y[i] = x[i] = rng_float(&rng, -5, 5);
            vec_activate(y, (size_t)n, CURVES[c].activation);
            for (int i = 0; i < n; i++)
                assert_close((double)y[i], activation_exact(CURVES[c].activation, (double)x[i]),
                             5 * CURVES[c].tolerance, CURVES[c].fixture);
            for (int i = n; i < MOST_N + 1; i++) assert_true(y[i] == x[i]);
        }
    float alone[3] = {-1, 0, 7};
    vec_activate(alone, 3, ACTIVATION_NONE);
    assert_true(alone[0] == -1 && alone[1] == 0 && alone[2] == 7);
}

/* ---- exp ---- */

static void exp_of_every_length(void **state) {
    (void)state;
    Rng rng = test_rng(21);
    for (int n = 0; n <= MOST_N; n++)
        for (int trial = 0; trial < 20; trial++) {
            float x[MOST_N + 1], y[MOST_N + 1], scale = rng_float(&rng, 0.05f, 2), top = rng_float(&rng, -3, 3);
            double sum = 0;
            for (int i = 0; i < MOST_N + 1; i++) y[i] = x[i] = top - rng_float(&rng, 0, 20);
            float got = vec_exp(y, (size_t)n, top, scale);
            for (int i = 0; i < n; i++) {
                /* the argument is rounded too: |argument| units of 2^-24 more, times a result that shrinks faster */
                double expected = exp((double)scale * ((double)x[i] - (double)top));
                assert_close((double)y[i], expected, 2 * EXP_ERROR, "exp");
                sum += (double)y[i];
            }
            assert_close((double)got, sum, sum_bound(n, sum), "the sum");
            for (int i = n; i < MOST_N + 1; i++) assert_true(y[i] == x[i]);
        }
}

static void exp_matches_the_fixture(void **state) {
    (void)state;
    Safetensors file = safetensors_open("tests/fixtures/layers/functions.safetensors");
    Mat all = fixture_mat(&file, "exp.x"), x = mat_new(1, all.cols), y = mat_new(1, all.cols);
    double *values = fixture_doubles(&file, "exp.y"), *expected = memory_new((size_t)all.cols, sizeof *expected, "y"),
           largest = 0;
    int n = 0;
    for (int i = 0; i < all.cols; i++) /* a softmax asks for arguments up to 0 */
        if (all.data[i] <= 0) x.data[n] = all.data[i], expected[n++] = values[i];
    assert_true(n > 700);
    mat_copy(y, x);
    vec_exp(y.data, (size_t)n, 0, 1);
    for (int i = 0; i < n; i++) {
        double size = fmax(expected[i], FLT_MIN); /* below the normal floats, digits are lost or the result is 0 */
        assert_close((double)y.data[i], expected[i], EXP_ERROR * size + (expected[i] < FLT_MIN) * FLT_MIN, "exp");
        if (expected[i] >= FLT_MIN) largest = fmax(largest, fabs((double)y.data[i] - expected[i]) / size);
    }
    print_largest("exp (relative)", largest, EXP_ERROR);
    memory_free(values), memory_free(expected);
    mat_free(&all), mat_free(&x), mat_free(&y);
    safetensors_close(&file);
}

/* Scores a thousand apart: the small ones become 0, never NaN or an infinity. */
static void exp_far_below_the_top_is_zero(void **state) {
    (void)state;
    for (int n = 1; n <= MOST_N; n++) {
        float x[MOST_N];
        for (int i = 0; i < n; i++) x[i] = i == n / 2 ? 1e4f : i % 3 ? -3e38f : -1e4f;
        float sum = vec_exp(x, (size_t)n, 1e4f, 1);
        for (int i = 0; i < n; i++) assert_true(x[i] == (i == n / 2 ? 1.0f : 0.0f));
        assert_true(sum == 1);
    }
}

/* ---- sums and the like ---- */

static void sums_of_every_length(void **state) {
    (void)state;
    Rng rng = test_rng(22);
    static const int lengths[] = {384, 768, 3072, 4097};
    for (int t = 0; t < MOST_N + 1 + 4; t++) {
        int n = t <= MOST_N ? t : lengths[t - MOST_N - 1];
        Mat a = random_mat(&rng, 1, n);
        double sum = 0, sizes = 0, most = -INFINITY;
        for (int i = 0; i < n; i++) {
            double x = (double)a.data[i];
            sum += x, sizes += fabs(x), most = fmax(most, x);
        }
        assert_close((double)vec_sum(a.data, (size_t)n), sum, sum_bound(n, sizes), "sum");
        if (n) assert_true((double)vec_max(a.data, (size_t)n) == most);
        mat_free(&a);
    }
}

static void the_largest_is_found_everywhere(void **state) {
    (void)state;
    for (int n = 1; n <= MOST_N; n++)
        for (int at = 0; at < n; at++) {
            float x[MOST_N];
            for (int i = 0; i < n; i++) x[i] = i == at ? -1.5f : -3 - (float)i;
            assert_true(vec_max(x, (size_t)n) == -1.5f);
        }
}

static void scale_and_add_of_every_length(void **state) {
    (void)state;
    Rng rng = test_rng(23);
    for (int n = 0; n <= MOST_N; n++) {
        float a[MOST_N + 1], b[MOST_N + 1], out[MOST_N + 1], scaled[MOST_N + 1];
        for (int i = 0; i <= MOST_N; i++)
            scaled[i] = a[i] = rng_float(&rng, -1, 1), b[i] = rng_float(&rng, -1, 1), out[i] = GUARD;
        vec_add(out, a, b, (size_t)n);
        vec_scale(scaled, (size_t)n, 0.3f);
        for (int i = 0; i < n; i++) assert_true(out[i] == a[i] + b[i] && scaled[i] == a[i] * 0.3f);
        assert_true(out[n] == GUARD && scaled[n] == a[n]);
        vec_add(a, a, b, (size_t)n); /* in place, as the residual connection does it */
        for (int i = 0; i < n; i++) assert_true(a[i] == out[i]);
    }
}

/* ---- bad numbers ---- */

static float from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void bad_numbers_are_found_at_every_position(void **state) {
    (void)state;
    static const uint32_t bad[] = {0x7f800000, 0xff800000, 0x7fc00000,
                                   0xffc00000, 0x7f800001, 0xffffffff}; /* +-inf, NaNs */
    static const uint32_t good[] = {0x7f7fffff, 0xff7fffff, 0,         0x80000000,
                                    1,          0x807fffff, 0x3f800000}; /* largest .. subnormal */
    static const size_t lengths[] = {1, 2, 7, 16, 33, 1023, 1024, 1025, 2500};
    float *x = memory_new(2500, sizeof *x, "x");
    for (size_t i = 0; i < 2500; i++) x[i] = from_bits(good[i % 7]);
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        size_t n = lengths[l];
        assert_int_equal(vec_first_nonfinite(x, n), n);
        for (size_t at = 0; at < n; at++) {
            float was = x[at], last = x[n - 1];
            x[n - 1] = from_bits(bad[1]); /* the first one counts */
            x[at] = from_bits(bad[at % 6]);
            assert_int_equal(vec_first_nonfinite(x, n), at);
            x[n - 1] = last, x[at] = was;
        }
        x[n < 2500 ? n : 0] = n < 2500 ? from_bits(bad[2]) : x[0]; /* what lies behind does not count */
        assert_int_equal(vec_first_nonfinite(x, n), n);
        x[n < 2500 ? n : 0] = 1;
    }
    assert_int_equal(vec_first_nonfinite(x, 0), 0);
    memory_free(x);
}

/* ---- layer norm of one row ---- */

/* Relative to the output: a float mean is off by up to half a unit of its own size, here 2 units of 2^-24 * |mean| with
 * what its correction leaves; a sum of n squares wanders like sqrt(n) units. */
static double normalise_bound(int n, double mean, double deviation) {
    return ldexp(1, -24) * (4 + sqrt(n) / 2 + 2 * fabs(mean) / deviation);
}

static void check_normalise(Rng *rng, int n, float mean, float eps, bool in_place, double *worst) {
    Mat x = random_mat(rng, 1, n), gain = random_mat(rng, 1, n), bias = random_mat(rng, 1, n), out = mat_new(1, n);
    for (int i = 0; i < n; i++) x.data[i] = mean + 2 * x.data[i], gain.data[i] += 1;
    double sum = 0, spread = 0;
    for (int i = 0; i < n; i++) sum += (double)x.data[i];
    for (int i = 0; i < n; i++) spread += pow((double)x.data[i] - sum / n, 2);
    double deviation = sqrt(spread / n + (double)eps);
    float *target = in_place ? x.data : out.data;
    Mat before = mat_new(1, n);
    mat_copy(before, x);
    vec_normalise(target, x.data, (size_t)n, gain.data, bias.data, eps);
    for (int i = 0; i < n; i++) {
        double expected = ((double)before.data[i] - sum / n) / deviation * (double)gain.data[i] + (double)bias.data[i];
        double size = fabs(expected) + 2, bound = size * normalise_bound(n, sum / n, deviation);
        assert_close((double)target[i], expected, bound, "normalise");
        *worst = fmax(*worst, fabs((double)target[i] - expected) / bound);
    }
    mat_free(&x), mat_free(&gain), mat_free(&bias), mat_free(&out), mat_free(&before);
}

static void normalise_survives_large_means(void **state) {
    (void)state;
    Rng rng = test_rng(24);
    static const float means[] = {0, 1, -30, 1000, -1e5f};
    static const int lengths[] = {2, 3, 5, 15, 16, 17, 31, 33, 64, 384, 768};
    for (int m = 0; m < 5; m++) {
        double worst = 0;
        for (int l = 0; l < 11; l++)
            for (int trial = 0; trial < 20; trial++)
                check_normalise(&rng, lengths[l], means[m], trial % 2 ? 1e-12f : 1e-5f, trial % 4 < 2, &worst);
        print_message("mean %g: largest error %.2f of what is allowed\n", (double)means[m], worst);
    }
}

/* A row of equal numbers has no direction: only the bias is left, and eps keeps it finite. */
static void normalise_of_a_constant_row_gives_the_bias(void **state) {
    (void)state;
    for (int n = 1; n <= MOST_N; n++) {
        float x[MOST_N], gain[MOST_N], bias[MOST_N], out[MOST_N];
        for (int i = 0; i < n; i++) x[i] = 4, gain[i] = 3, bias[i] = (float)i;
        vec_normalise(out, x, (size_t)n, gain, bias, 1e-12f);
        for (int i = 0; i < n; i++) assert_true(out[i] == (float)i);
    }
}

/* Most means of equal numbers are rounded. What is left of each may then be a whole deviation, but never more. */
static void a_rounded_mean_is_at_most_one_deviation_off(void **state) {
    (void)state;
    for (int trial = 0; trial < 2000; trial++) {
        float x[MOST_N], gain[MOST_N], bias[MOST_N], out[MOST_N];
        int n = 1 + trial % MOST_N;
        for (int i = 0; i < n; i++) x[i] = expf(0.01f * (float)trial), gain[i] = 1, bias[i] = 0;
        vec_normalise(out, x, (size_t)n, gain, bias, 1e-12f);
        for (int i = 0; i < n; i++) assert_true(fabsf(out[i]) <= 1.00001f); /* NaN is not */
    }
}

static void this_processor_is_the_one_it_was_built_for(void **state) {
    (void)state;
    vec_check_processor(); /* ends the program when it is not */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(activations_match_the_fixtures),
        cmocka_unit_test(activations_hold_over_the_whole_range),
        cmocka_unit_test(activations_of_every_length),
        cmocka_unit_test(exp_of_every_length),
        cmocka_unit_test(exp_matches_the_fixture),
        cmocka_unit_test(exp_far_below_the_top_is_zero),
        cmocka_unit_test(sums_of_every_length),
        cmocka_unit_test(the_largest_is_found_everywhere),
        cmocka_unit_test(scale_and_add_of_every_length),
        cmocka_unit_test(bad_numbers_are_found_at_every_position),
        cmocka_unit_test(normalise_survives_large_means),
        cmocka_unit_test(normalise_of_a_constant_row_gives_the_bias),
        cmocka_unit_test(a_rounded_mean_is_at_most_one_deviation_off),
        cmocka_unit_test(this_processor_is_the_one_it_was_built_for),
    };
    return cmocka_run_group_tests_name("vecmath", tests, NULL, NULL);
}
