/* math/init: the digits that torch 2.13 prints for rand, nn.Linear and nn.Embedding, to the six places they were noted
 * with. */
#include "expect.h"
#include "math/init.h"

static void expect_numbers(const float *got, const double *expected, size_t n) {
    for (size_t i = 0; i < n; i++) assert_float_equal(got[i], (float)expected[i], 1e-6f);
}

static void linear_is_torch_linear(void **state) {
    (void)state;
    static const double q[] = {.316059, .456809, .511835, -.168285, -.337877, -.091774};
    static const double k[] = {.405806, -.470421, .236805, .213361, -.260051, -.510543};
    Mat weight = mat_new(2, 3);
    Rng rng = rng_seed(789);
    init_linear(&rng, weight, NULL);
    expect_numbers(weight.data, q, 6);
    init_linear(&rng, weight, NULL); /* the next layer goes on where the first one stopped */
    expect_numbers(weight.data, k, 6);
    mat_free(&weight);
}

/* MultiHeadAttention with seed 123: q, k and v come first, then the output layer with its bias. */
static void bias_follows_the_weight(void **state) {
    (void)state;
    static const double weight_expected[] = {-.166758, .226973, .500026, .131738}, bias_expected[] = {.193359, .682541};
    Mat qkv = mat_new(2, 3), weight = mat_new(2, 2);
    float bias[2];
    Rng rng = rng_seed(123);
    for (int i = 0; i < 3; i++) init_linear(&rng, qkv, NULL);
    init_linear(&rng, weight, bias);
    expect_numbers(weight.data, weight_expected, 4);
    expect_numbers(bias, bias_expected, 2);
    mat_free(&qkv), mat_free(&weight);
}

static void uniform_is_torch_rand(void **state) {
    (void)state;
    static const double expected[] = {.296112, .516562, .251671, .688557, .073972, .866522};
    Mat whole = mat_new(3, 5), m = mat_cols(whole, 2, 2); /* a view: only its own cells are written */
    Rng rng = rng_seed(123);
    init_uniform(&rng, m);
    for (int i = 0; i < 3; i++) {
        expect_numbers(mat_row(m, i), expected + 2 * i, 2);
        assert_float_equal(mat_at(whole, i, 1), 0, 0);
        assert_float_equal(mat_at(whole, i, 4), 0, 0);
    }
    mat_free(&whole);
}

static void normal_is_torch_embedding(void **state) {
    (void)state;
    static const double first[] = {.3374, -.1778, -.1690}, last[] = {-2.8400, -.7849, -1.4096};
    Rng rng = rng_seed(123), again = rng;
    Mat tables[] = {mat_new(6, 3), init_normal_new(&again, 6, 3)};
    init_normal(&rng, tables[0]);
    for (int t = 0; t < 2; t++) {
        assert_int_equal(tables[t].rows * 10 + tables[t].cols, 63);
        for (int c = 0; c < 3; c++) {
            assert_float_equal(mat_at(tables[t], 0, c), (float)first[c], 5.1e-5f);
            assert_float_equal(mat_at(tables[t], 5, c), (float)last[c], 5.1e-5f);
        }
        mat_free(&tables[t]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear_is_torch_linear),
        cmocka_unit_test(bias_follows_the_weight),
        cmocka_unit_test(uniform_is_torch_rand),
        cmocka_unit_test(normal_is_torch_embedding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
