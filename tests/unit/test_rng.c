/* base/rng against PyTorch: tests/fixtures/rng, and the digits that the book prints. Integers, uniform floats,
 * permutations and dropout are equal bit for bit, and so are up to 15 normal numbers. From 16 on PyTorch takes
 * logarithm and cosine from float vector code, which differs from the C library's in the last bits: there the
 * tolerance is 1e-6 absolute, on numbers up to 4. */
#include "base/rng.h"
#include "expect.h"
#include "weights/safetensors.h"
#include <math.h>

static Safetensors fixture;

static int open_fixture(void **state) {
    (void)state;
    fixture = safetensors_open("tests/fixtures/rng/rng.safetensors");
    return 0;
}

static int close_fixture(void **state) {
    (void)state;
    safetensors_close(&fixture);
    return 0;
}

static const Tensor *find(TensorType type, const char *format, ...) {
    char name[100];
    va_list values;
    va_start(values, format);
    vsnprintf(name, sizeof name, format, values);
    va_end(values);
    const Tensor *tensor = safetensors_find(&fixture, name);
    if (!tensor || tensor->type != type) wrong("fixture has no %s of that type", name);
    return tensor;
}

static int64_t integer_at(const Tensor *tensor, size_t i) {
    int64_t value;
    memcpy(&value, tensor->data + 8 * i, 8);
    return value;
}

static void expect_floats(const Tensor *tensor, const float *ours, float tolerance) {
    float *theirs = memory_new(tensor->count, sizeof *theirs, "a test");
    tensor_floats(tensor, "rng.safetensors", 0, tensor->count, theirs);
    for (size_t i = 0; i < tensor->count; i++)
        if (!(fabsf(ours[i] - theirs[i]) <= tolerance))
            wrong("%s[%zu]: %.9g, PyTorch has %.9g", tensor->name, i, (double)ours[i], (double)theirs[i]);
    memory_free(theirs);
}

static const uint64_t SEEDS[] = {123, 789};
static float tolerance(int n) {
    return n < 16 ? 0 : 1e-6f;
}

static void test_bits(void **state) {
    (void)state;
    const uint64_t seeds[] = {123, 789, 0, 4294967295u};
    for (size_t s = 0; s < 4; s++) {
        const Tensor *tensor = find(TYPE_I64, "mt19937.%llu", (unsigned long long)seeds[s]);
        Rng rng = rng_seed(seeds[s]), high = rng_seed(seeds[s] | UINT64_C(7) << 32), wide = rng_seed(seeds[s]);
        for (size_t i = 0; i < tensor->count; i++) {
            uint32_t bits = rng_bits(&rng);
            assert_int_equal(bits, integer_at(tensor, i));
            assert_int_equal(rng_bits(&high), bits); /* only the low 32 bits of a seed count */
        }
        for (size_t i = 0; i + 1 < tensor->count; i += 2)
            assert_true(rng_bits64(&wide) ==
                        ((uint64_t)integer_at(tensor, i) << 32 | (uint64_t)integer_at(tensor, i + 1)));
    }
}

static void test_uniform(void **state) {
    (void)state;
    const int sizes[] = {1, 2, 5, 15, 16, 17, 20, 35, 1000};
    float ours[1000];
    for (size_t s = 0; s < 2; s++) {
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            Rng rng = rng_seed(SEEDS[s]);
            for (int i = 0; i < sizes[k]; i++) ours[i] = rng_float(&rng, 0, 1);
            expect_floats(find(TYPE_F32, "rand.%d.%d", (int)SEEDS[s], sizes[k]), ours, 0);
        }
    }
}

static void test_normal(void **state) {
    (void)state;
    const int sizes[] = {1, 2, 5, 15, 16, 17, 20, 35, 1000};
    float ours[1000];
    for (size_t s = 0; s < 2; s++) {
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            Rng rng = rng_seed(SEEDS[s]);
            rng_normal(&rng, ours, (size_t)sizes[k], 0, 1);
            expect_floats(find(TYPE_F32, "randn.%d.%d", (int)SEEDS[s], sizes[k]), ours, tolerance(sizes[k]));
        }
        Rng rng = rng_seed(SEEDS[s]);
        rng_normal(&rng, ours, 18, 0, 1);
        expect_floats(find(TYPE_F32, "embedding.%d", (int)SEEDS[s]), ours, tolerance(18));
    }
}

/* The cached second normal of a pair survives other draws. */
static void test_sequence(void **state) {
    (void)state;
    const struct {
        const char *kind;
        int n;
    } draws[] = {{"randn", 5},  {"randn", 3}, {"rand", 4},   {"randn", 1},
                 {"randn", 17}, {"randn", 2}, {"randn", 20}, {"rand", 1}};
    float ours[20];
    for (size_t s = 0; s < 2; s++) {
        Rng rng = rng_seed(SEEDS[s]);
        for (int k = 0; k < 8; k++) {
            bool uniform = strcmp(draws[k].kind, "rand") == 0;
            if (!uniform) rng_normal(&rng, ours, (size_t)draws[k].n, 0, 1);
            for (int i = 0; uniform && i < draws[k].n; i++) ours[i] = rng_float(&rng, 0, 1);
            expect_floats(find(TYPE_F32, "sequence.%d.%d_%s%d", (int)SEEDS[s], k, draws[k].kind, draws[k].n), ours,
                          uniform ? 0 : tolerance(draws[k].n));
        }
    }
}

static void test_mean_and_deviation(void **state) {
    (void)state;
    for (size_t n = 3; n <= 40; n += 37) {
        float plain[40], scaled[40];
        Rng a = rng_seed(5), b = rng_seed(5);
        rng_normal(&a, plain, n, 0, 1);
        rng_normal(&b, scaled, n, 10, 0.5f);
        for (size_t i = 0; i < n; i++) assert_true(fabsf(scaled[i] - (plain[i] * 0.5f + 10)) <= 2e-6f);
    }
}

static void uniform_tensor(Rng *rng, const Tensor *tensor, float bound) {
    float ours[16];
    for (size_t i = 0; i < tensor->count; i++) ours[i] = rng_float(rng, -bound, bound);
    expect_floats(tensor, ours, 0);
}

static void test_linear(void **state) {
    (void)state;
    float bound = (float)(1 / sqrt(3));
    for (size_t s = 0; s < 2; s++) {
        Rng plain = rng_seed(SEEDS[s]), biased = rng_seed(SEEDS[s]);
        for (int k = 0; k < 6; k++) {
            if (k < 3) uniform_tensor(&plain, find(TYPE_F32, "linear_nobias.%d.%d.weight", (int)SEEDS[s], k), bound);
            uniform_tensor(&biased, find(TYPE_F32, "linear.%d.%d.weight", (int)SEEDS[s], k), bound);
            uniform_tensor(&biased, find(TYPE_F32, "linear.%d.%d.bias", (int)SEEDS[s], k), bound);
        }
    }
}

static void test_dropout(void **state) {
    (void)state;
    const struct {
        const char *name;
        double p;
        size_t n;
    } cases[] = {{"0.5.36", 0.5, 36}, {"0.1.1000", 0.1, 1000}};
    float keep[1000];
    for (size_t s = 0; s < 2; s++) {
        for (size_t c = 0; c < 2; c++) {
            const Tensor *kept = find(TYPE_U8, "dropout.%d.%s", (int)SEEDS[s], cases[c].name);
            Rng rng = rng_seed(SEEDS[s]);
            rng_dropout(&rng, keep, cases[c].n, cases[c].p);
            assert_int_equal(kept->count, cases[c].n);
            for (size_t i = 0; i < cases[c].n; i++) {
                assert_int_equal(keep[i] != 0, kept->data[i]);
                if (keep[i] != 0) assert_true(keep[i] == (float)(1 / (1 - cases[c].p)));
            }
        }
    }
}

static void test_permutation(void **state) {
    (void)state;
    const int sizes[] = {1, 2, 18, 1000};
    int ours[18];
    for (size_t s = 0; s < 2; s++) {
        for (size_t k = 0; k < 4; k++) {
            const Tensor *tensor = find(TYPE_I64, "randperm.%d.%d", (int)SEEDS[s], sizes[k]);
            Rng rng = rng_seed(SEEDS[s]), drawn = rng;
            int *all = memory_new((size_t)sizes[k], sizeof *all, "a test"); /* not a number more */
            rng_permutation(&rng, all, sizes[k]);
            for (int i = 0; i < sizes[k]; i++) assert_int_equal(all[i], integer_at(tensor, (size_t)i));
            for (int i = 1; i < sizes[k]; i++) rng_bits(&drawn); /* n - 1 draws: the last place has no choice */
            assert_memory_equal(&rng, &drawn, sizeof rng);
            memory_free(all);
        }
        const Tensor *epochs = find(TYPE_I64, "shuffle.%d", (int)SEEDS[s]);
        Rng rng = rng_seed(SEEDS[s]);
        for (size_t epoch = 0; epoch < 2; epoch++) {
            rng_shuffle_epoch(&rng, ours, 18);
            for (size_t i = 0; i < 18; i++) assert_int_equal(ours[i], integer_at(epochs, 18 * epoch + i));
        }
    }
    Rng rng = rng_seed(1), untouched = rng;
    rng_permutation(&rng, ours, 0);
    assert_memory_equal(&rng, &untouched, sizeof rng);
}

/* The digits that readers have beside them, typed in from the book's output. */
static void expect_digits(const float *ours, const double *book, size_t n, double half_a_digit) {
    for (size_t i = 0; i < n; i++)
        if (fabs((double)ours[i] - book[i]) > half_a_digit)
            wrong("number %zu: %.7f, the book has %g", i, (double)ours[i], book[i]);
}

static void test_digits_of_the_book(void **state) {
    (void)state;
    const double weights[] = {.296112, .516562, .251671, .688557, .073972, .866522, .136580, .102479, .184056,
                              .726447, .315254, .687107, .075635, .196638, .316412, .401740, .118568, .827395};
    const double linear[] = {.316059, .456809,  .511835,  -.168285, -.337877, -.091774, .405806, -.470421, .236805,
                             .213361, -.260051, -.510543, .252570,  -.141478, -.196181, .519107, -.085168, -.204327};
    const double embedding[] = {.3374,  -.1778, -.1690,  .9178,   1.5810, 1.3010, 1.2753,  -.2010, -.1606,
                                -.4015, .9666,  -1.1481, -1.1589, .3255,  -.6315, -2.8400, -.7849, -1.4096};
    const double normal[] = {-.111467, .120363,  -.369635, -.240418, -1.196924,
                             .209269,  -.972355, -.755045, .323903,  -.108523};
    float ours[18], bound = (float)(1 / sqrt(3));
    Rng rng = rng_seed(123);
    for (int i = 0; i < 18; i++) ours[i] = rng_float(&rng, 0, 1);
    expect_digits(ours, weights, 18, 0.6e-6);
    rng = rng_seed(789);
    for (int i = 0; i < 18; i++) ours[i] = rng_float(&rng, -bound, bound);
    expect_digits(ours, linear, 18, 0.6e-6);
    rng = rng_seed(123);
    rng_normal(&rng, ours, 18, 0, 1);
    expect_digits(ours, embedding, 18, 0.6e-4);
    rng = rng_seed(123);
    rng_normal(&rng, ours, 10, 0, 1);
    expect_digits(ours, normal, 10, 0.6e-6);

    const int permutation[] = {4, 9, 16, 3, 14, 2, 12, 5, 17, 7, 13, 11, 6, 0, 10, 15, 1, 8};
    const int epochs[2][18] = {{0, 7, 14, 5, 6, 1, 17, 2, 11, 12, 9, 16, 13, 10, 3, 8, 15, 4},
                               {9, 15, 2, 17, 14, 16, 8, 6, 1, 11, 4, 10, 0, 13, 7, 12, 3, 5}};
    int order[18];
    rng = rng_seed(123);
    rng_permutation(&rng, order, 18);
    assert_memory_equal(order, permutation, sizeof order);
    rng = rng_seed(123);
    for (int epoch = 0; epoch < 2; epoch++) {
        rng_shuffle_epoch(&rng, order, 18);
        assert_memory_equal(order, epochs[epoch], sizeof order);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bits),
        cmocka_unit_test(test_uniform),
        cmocka_unit_test(test_normal),
        cmocka_unit_test(test_sequence),
        cmocka_unit_test(test_mean_and_deviation),
        cmocka_unit_test(test_linear),
        cmocka_unit_test(test_dropout),
        cmocka_unit_test(test_permutation),
        cmocka_unit_test(test_digits_of_the_book),
    };
    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
