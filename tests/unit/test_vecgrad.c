/* math/fast/vecgrad against double precision, in rows of every length. */
#include "fixture.h"
#include "math/fast/vecgrad.h"
#include "math/fast/vecmath.h"

enum { MOST = 70, AROUND = 4 }; /* so many numbers behind each row, which nobody may touch */

static void random_row(Rng *rng, float *x, float most) {
    for (int i = 0; i < MOST + AROUND; i++) x[i] = rng_float(rng, -most, most);
}

static void assert_rest(const float *x, const float *before, size_t n) {
    assert_memory_equal(x + n, before + n, (MOST + AROUND - n) * sizeof *x);
}

/* The derivative from both sides: the error of the quotient is far below what is allowed. */
static double slope_told(Activation activation, double x) {
    const double step = 1e-5;
    return (activation_exact(activation, x + step) - activation_exact(activation, x - step)) / (2 * step);
}

static void activations_keep_their_slope(void **state) {
    (void)state;
    Rng rng = test_rng(80);
    for (Activation a = ACTIVATION_NONE; a <= ACTIVATION_TANH; a++)
        for (size_t n = 0; n <= MOST; n++) {
            float x[MOST + AROUND], slope[MOST + AROUND], z[MOST + AROUND], before[MOST + AROUND];
            random_row(&rng, x, 6), random_row(&rng, slope, 1);
            memcpy(z, x, sizeof z), memcpy(before, slope, sizeof before);
            vec_activate_keep(x, slope, n, a);
            for (size_t i = 0; i < n; i++) {
                assert_close((double)x[i], activation_exact(a, (double)z[i]), 2e-6, "activation");
                assert_close((double)slope[i], slope_told(a, (double)z[i]), 2e-6, "slope");
            }
            assert_rest(x, z, n), assert_rest(slope, before, n);
        }
}

/* Far from zero an activation is 0 or x, and its slope 0 or 1; a power of x or an exp that overflows must not show. */
static void activations_far_from_zero(void **state) {
    (void)state;
    static const float far[] = {9,    10,    16,    17,    20,    100,   1e4f,  1e6f,
                                1e9f, 1e12f, 1e13f, 1e18f, 1e19f, 1e20f, 1e30f, 3e38f};
    for (Activation a = ACTIVATION_GELU_ERF; a <= ACTIVATION_TANH; a++)
        for (int i = 0; i < (int)(sizeof far / sizeof *far); i++)
            for (int sign = -1; sign <= 1; sign += 2)
                for (int n = 1; n <= 17; n += 16) { /* as a last lane, and in the middle of a row */
                    float x[17], slope[17], y[17];
                    for (int j = 0; j < n; j++) x[j] = y[j] = (float)sign * far[i];
                    vec_activate_keep(x, slope, (size_t)n, a);
                    vec_activate(y, (size_t)n, a);
                    double up = sign > 0, exact = a == ACTIVATION_TANH ? sign : up * (double)far[i];
                    double slack = 2e-7 * (double)far[i];
                    for (int j = 0; j < n; j++) {
                        assert_close((double)x[j], exact, slack, "activation");
                        assert_close((double)y[j], exact, slack, "activation alone");
                        assert_close((double)slope[j], a == ACTIVATION_TANH ? 0 : up, 2e-6, "slope");
                    }
                }
}

static void products(void **state) {
    (void)state;
    Rng rng = test_rng(81);
    for (size_t n = 0; n <= MOST; n++) {
        float x[MOST + AROUND], factor[MOST + AROUND], sum[MOST + AROUND], y[MOST + AROUND], total[MOST + AROUND];
        random_row(&rng, x, 2), random_row(&rng, factor, 2), random_row(&rng, sum, 2);
        memcpy(y, x, sizeof y), memcpy(total, sum, sizeof total);
        vec_multiply(y, factor, n);
        for (size_t i = 0; i < n; i++) assert_true(y[i] == x[i] * factor[i]);
        assert_rest(y, x, n);
        memcpy(y, x, sizeof y);
        vec_multiply_sum(y, total, factor, n);
        for (size_t i = 0; i < n; i++) {
            double product = (double)x[i] * (double)factor[i];
            assert_close((double)y[i], product, sum_bound(1, fabs(product)), "product");
            assert_close((double)total[i], (double)sum[i] + product, sum_bound(2, fabs((double)sum[i]) + fabs(product)),
                         "sum");
        }
        assert_rest(y, x, n), assert_rest(total, sum, n);
    }
}

/* scale * y * (d - y . d), where y is a softmax: its sum is 1, so the error of the dot stays small. */
static void softmax_backwards(void **state) {
    (void)state;
    Rng rng = test_rng(82);
    for (size_t n = 1; n <= MOST; n++) {
        float y[MOST + AROUND], d[MOST + AROUND], got[MOST + AROUND];
        double total = 0, dot = 0;
        random_row(&rng, d, 2);
        for (size_t i = 0; i < n; i++) total += (double)(y[i] = rng_float(&rng, 0, 1));
        for (size_t i = 0; i < n; i++) y[i] = (float)((double)y[i] / total), dot += (double)y[i] * (double)d[i];
        memcpy(got, d, sizeof got);
        vec_softmax_backward(got, y, n, .125f);
        for (size_t i = 0; i < n; i++)
            assert_close((double)got[i], .125 * (double)y[i] * ((double)d[i] - dot), 1e-6 * (double)y[i], "gradient");
        assert_rest(got, d, n);
    }
}

/* What layer norm gives for row x, number i, in double precision. */
static double norm_told(const double *x, size_t n, size_t i, double gain, double eps) {
    double mean = 0, spread = 0;
    for (size_t j = 0; j < n; j++) mean += x[j] / (double)n;
    for (size_t j = 0; j < n; j++) spread += (x[j] - mean) * (x[j] - mean) / (double)n;
    return (x[i] - mean) / sqrt(spread + eps) * gain;
}

/* dx against differences of sum(dy * norm(x)); dgain and dbias against their formulas. All three are added to. */
static void layer_norm_backwards(void **state) {
    (void)state;
    const double step = 1e-5, eps = 1e-5;
    Rng rng = test_rng(83);
    for (size_t n = 1; n <= MOST; n += n < 20 ? 1 : 7) {
        float x[MOST + AROUND], dy[MOST + AROUND], gain[MOST + AROUND], start[MOST + AROUND], got[3][MOST + AROUND];
        double exact[MOST];
        random_row(&rng, x, 2), random_row(&rng, dy, 1), random_row(&rng, gain, 2), random_row(&rng, start, 1);
        for (int i = 0; i < 3; i++) memcpy(got[i], start, sizeof start);
        for (size_t i = 0; i < n; i++) exact[i] = (double)x[i];
        vec_normalise_backward(got[0], got[1], got[2], dy, x, gain, n, (float)eps);
        for (size_t i = 0; i < n; i++) {
            double before = (double)start[i], up = 0, down = 0;
            for (int way = 0; way < 2; way++) {
                exact[i] = (double)x[i] + (way ? -step : step);
                for (size_t j = 0; j < n; j++)
                    *(way ? &down : &up) += (double)dy[j] * norm_told(exact, n, j, (double)gain[j], eps);
                exact[i] = (double)x[i];
            }
            assert_close((double)got[0][i], before + (up - down) / (2 * step), 2e-4, "dx");
            assert_close((double)got[1][i], before + (double)dy[i] * norm_told(exact, n, i, 1, eps), 1e-5, "dgain");
            assert_close((double)got[2][i], before + (double)dy[i], 1e-6, "dbias");
        }
        for (int i = 0; i < 3; i++) assert_rest(got[i], start, n);
    }
}

static void sums_of_squares(void **state) {
    (void)state;
    enum { N = 2000 };
    Rng rng = test_rng(84);
    float x[N];
    double sum = 0;
    for (int i = 0; i < N; i++) x[i] = rng_float(&rng, -3, 3);
    for (size_t n = 0; n <= N; sum += (double)x[n] * (double)x[n], n++) {
        assert_close(vec_sum_squares(x, n), sum, 1e-6 * sum, "sum of squares");
        if (n == N) break;
    }
}

/* Loshchilov and Hutter 2017, in PyTorch's order: decay first, then the step. */
static void adamw_steps(void **state) {
    (void)state;
    Rng rng = test_rng(85);
    const AdamStep s = {.rate = 2e-3f,
                        .beta1 = .9f,
                        .beta2 = .99f,
                        .eps = 1e-8f,
                        .decay = .1f,
                        .correct1 = .271f,
                        .correct2 = .029701f,
                        .scale = .5f};
    for (size_t n = 0; n <= MOST; n++) {
        float p[MOST + AROUND], m[MOST + AROUND], v[MOST + AROUND], g[MOST + AROUND], p0[MOST + AROUND],
            m0[MOST + AROUND], v0[MOST + AROUND];
        random_row(&rng, p0, 1), random_row(&rng, m0, 1), random_row(&rng, v0, 1), random_row(&rng, g, 1);
        for (int i = 0; i < MOST + AROUND; i++) v0[i] = fabsf(v0[i]) + .01f;
        memcpy(p, p0, sizeof p), memcpy(m, m0, sizeof m), memcpy(v, v0, sizeof v);
        vec_adamw(p, m, v, g, n, s);
        for (size_t i = 0; i < n; i++) {
            double gradient = (double)g[i] * (double)s.scale;
            double mean = (double)s.beta1 * (double)m0[i] + (1 - (double)s.beta1) * gradient;
            double spread = (double)s.beta2 * (double)v0[i] + (1 - (double)s.beta2) * gradient * gradient;
            double pace =
                (double)s.rate * (mean / (double)s.correct1) / (sqrt(spread / (double)s.correct2) + (double)s.eps);
            assert_close((double)m[i], mean, 2e-7, "m");
            assert_close((double)v[i], spread, 2e-7, "v");
            assert_close((double)p[i], (double)p0[i] * (1 - (double)s.rate * (double)s.decay) - pace, 3e-7, "p");
        }
        assert_rest(p, p0, n), assert_rest(m, m0, n), assert_rest(v, v0, n);
    }
}

/* Where gradients are far smaller than eps, eps decides how small the step is. By hand: m = .1 g, v = .01 g g. */
static void adamw_steps_by_eps(void **state) {
    (void)state;
    const AdamStep s = {
        .rate = .5f, .beta1 = .9f, .beta2 = .99f, .eps = 1e-3f, .correct1 = .1f, .correct2 = .01f, .scale = 1};
    float p[2] = {0, 0}, m[2] = {0, 0}, v[2] = {0, 0};
    const float g[2] = {1e-3f, 0};
    vec_adamw(p, m, v, g, 2, s);
    assert_close((double)p[0], -.25, 1e-6, "half a step"); /* .5 * g / (g + eps) */
    assert_close((double)p[1], 0, 0, "no gradient, no step");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(activations_keep_their_slope),
        cmocka_unit_test(activations_far_from_zero),
        cmocka_unit_test(products),
        cmocka_unit_test(softmax_backwards),
        cmocka_unit_test(layer_norm_backwards),
        cmocka_unit_test(sums_of_squares),
        cmocka_unit_test(adamw_steps),
        cmocka_unit_test(adamw_steps_by_eps),
    };
    return cmocka_run_group_tests_name("vecgrad", tests, NULL, NULL);
}
