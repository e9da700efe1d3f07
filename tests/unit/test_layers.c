/* math/layers against float64 PyTorch fixtures, and against itself with other numbers of workers. */
#include "fixture.h"
#include "math/layers.h"

/* Inputs and weights are N(0, 1), so a sum of 384 terms may be 60 large, where floats are 4e-6 apart. Seen: 7.6e-6, and
 * 2.7e-5 where a processor without AVX adds them one after the other. */
static const float LINEAR_TOLERANCE = 4e-5f;
static const float NORM_TOLERANCE = 5e-6f;        /* outputs of a layer norm are a few units large; measured 1.4e-6 */
static const float OFFSET_NORM_TOLERANCE = 4e-4f; /* mean 1000, deviation 1 (0.2 in short rows); measured 1.6e-4 */

static const char *const FIXTURE = "tests/fixtures/layers/layers.safetensors";
static const int LINEARS[][2] = {{1, 1}, {5, 3}, {16, 16}, {35, 53}, {64, 35}, {384, 7}, {3, 384}, {53, 64}};
static const int COLUMNS[] = {1, 5, 16, 35, 64, 384};
static const int WORKERS[] = {1, 2, 3, 8};
#define COUNT_OF(list) (int)(sizeof(list) / sizeof *(list))

static void linear_matches_the_fixtures(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    float largest = 0;
    for (int i = 0; i < COUNT_OF(LINEARS); i++) {
        char name[32];
        snprintf(name, sizeof name, "linear.%d.%d", LINEARS[i][0], LINEARS[i][1]);
        Mat x = fixture_mat(&file, "%s.x", name), weight = fixture_mat(&file, "%s.weight", name);
        Mat bias = fixture_mat(&file, "%s.bias", name), y = fixture_mat(&file, "%s.y", name);
        Mat plain = fixture_mat(&file, "%s.y_nobias", name);
        Guarded out = guarded_new(y.rows, y.cols);
        linear_forward(NULL, out.view, x, (Linear){weight, bias.data}, ACTIVATION_NONE);
        assert_mats(out.view, y, LINEAR_TOLERANCE, &largest, name);
        linear_forward(NULL, out.view, x, (Linear){weight, NULL}, ACTIVATION_NONE);
        assert_mats(out.view, plain, LINEAR_TOLERANCE, &largest, name);
        assert_guard(out, 0, y.cols);
        mat_free(&x), mat_free(&weight), mat_free(&bias), mat_free(&y), mat_free(&plain), guarded_free(&out);
    }
    print_largest("linear", (double)largest, (double)LINEAR_TOLERANCE);
    safetensors_close(&file);
}

/* The activation follows the bias: recomputed from the fixture's exact y, one function a time. */
static void linear_applies_the_activation(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    Mat x = fixture_mat(&file, "linear.35.53.x"), weight = fixture_mat(&file, "linear.35.53.weight");
    Mat bias = fixture_mat(&file, "linear.35.53.bias"), y = fixture_mat(&file, "linear.35.53.y"),
        out = mat_new(y.rows, y.cols);
    for (Activation a = ACTIVATION_GELU_ERF; a <= ACTIVATION_TANH; a++) {
        linear_forward(NULL, out, x, (Linear){weight, bias.data}, a);
        for (int i = 0; i < y.rows; i++)
            for (int j = 0; j < y.cols; j++) {
                double expected = activation_exact(a, (double)mat_at(y, i, j));
                assert_close((double)mat_at(out, i, j), expected, (double)LINEAR_TOLERANCE, "activation");
            }
    }
    mat_free(&x), mat_free(&weight), mat_free(&bias), mat_free(&y), mat_free(&out);
    safetensors_close(&file);
}

/* Every first r rows of an input give the first r rows of the result, whichever way the product is computed. */
static void row_counts_do_not_matter(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    Mat x = fixture_mat(&file, "linear.53.64.x"), weight = fixture_mat(&file, "linear.53.64.weight");
    Mat bias = fixture_mat(&file, "linear.53.64.bias"), y = fixture_mat(&file, "linear.53.64.y"), out = mat_new(65, 64);
    float largest = 0;
    for (int rows = 0; rows <= 65; rows++) {
        mat_fill(out, GUARD);
        linear_forward(NULL, mat_rows(out, 0, rows), mat_rows(x, 0, rows), (Linear){weight, bias.data},
                       ACTIVATION_NONE);
        assert_mats(mat_rows(out, 0, rows), mat_rows(y, 0, rows), LINEAR_TOLERANCE, &largest, "rows");
        for (int i = rows; i < 65; i++) assert_true(mat_at(out, i, 0) == GUARD);
    }
    mat_free(&x), mat_free(&weight), mat_free(&bias), mat_free(&y), mat_free(&out);
    safetensors_close(&file);
}

static void layer_norm_matches_the_fixtures(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    float largest = 0, largest_offset = 0;
    for (int i = 0; i < COUNT_OF(COLUMNS); i++) {
        int c = COLUMNS[i];
        Mat x = fixture_mat(&file, "x.%d", c), gain = fixture_mat(&file, "norm.weight.%d", c);
        Mat bias = fixture_mat(&file, "norm.bias.%d", c), offset = fixture_mat(&file, "offset.%d", c);
        Mat y12 = fixture_mat(&file, "norm.1e-12.%d", c), y5 = fixture_mat(&file, "norm.1e-5.%d", c);
        Mat moved = fixture_mat(&file, "norm_offset.%d", c);
        Guarded out = guarded_new(x.rows, c);
        layer_norm_forward(NULL, out.view, x, (LayerNorm){gain.data, bias.data, 1e-12f});
        assert_mats(out.view, y12, NORM_TOLERANCE, &largest, "eps 1e-12");
        layer_norm_forward(NULL, out.view, x, (LayerNorm){gain.data, bias.data, 1e-5f});
        assert_mats(out.view, y5, NORM_TOLERANCE, &largest, "eps 1e-5");
        layer_norm_forward(NULL, out.view, offset, (LayerNorm){gain.data, bias.data, 1e-12f});
        assert_mats(out.view, moved, OFFSET_NORM_TOLERANCE, &largest_offset, "offset");
        assert_guard(out, 0, c);
        layer_norm_forward(NULL, x, x, (LayerNorm){gain.data, bias.data, 1e-12f}); /* in place */
        assert_mats(x, y12, NORM_TOLERANCE, &largest, "in place");
        mat_free(&x), mat_free(&gain), mat_free(&bias), mat_free(&offset), mat_free(&y12), mat_free(&y5),
            mat_free(&moved);
        guarded_free(&out);
    }
    print_largest("layer norm", (double)largest, (double)NORM_TOLERANCE);
    print_largest("layer norm around 1000", (double)largest_offset, (double)OFFSET_NORM_TOLERANCE);
    safetensors_close(&file);
}

/* x is split into a + b, so that the norm of their sum is the fixture's. out may be a matrix of its own, x or y. */
static void add_norm_matches_the_fixtures(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    float largest = 0;
    for (int i = 0; i < COUNT_OF(COLUMNS) * 3; i++) {
        int c = COLUMNS[i / 3], where = i % 3;
        Mat x = fixture_mat(&file, "x.%d", c), gain = fixture_mat(&file, "norm.weight.%d", c);
        Mat bias = fixture_mat(&file, "norm.bias.%d", c), expected = fixture_mat(&file, "norm.1e-5.%d", c);
        Mat a = mat_new(x.rows, c), b = mat_new(x.rows, c), out = mat_new(x.rows, c);
        for (int row = 0; row < x.rows; row++)
            for (int j = 0; j < c; j++) {
                mat_row(a, row)[j] = rintf(mat_at(x, row, j) * 4) / 4; /* few bits: a + b is exact */
                mat_row(b, row)[j] = mat_at(x, row, j) - mat_at(a, row, j);
            }
        Mat target = where == 0 ? out : where == 1 ? a : b;
        add_norm_forward(NULL, target, a, b, (LayerNorm){gain.data, bias.data, 1e-5f});
        assert_mats(target, expected, NORM_TOLERANCE, &largest, "add & norm");
        if (where != 2) assert_true(mat_max_diff(b, x) == 0); /* y holds the sum, as the header says */
        mat_free(&x), mat_free(&gain), mat_free(&bias), mat_free(&expected), mat_free(&a), mat_free(&b), mat_free(&out);
    }
    print_largest("add & norm", (double)largest, (double)NORM_TOLERANCE);
    safetensors_close(&file);
}

/* The three embeddings of a token summed and normalised, with the pieces that bert.c uses. */
static void embedding_sum_matches_the_fixture(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    Mat sum = fixture_mat(&file, "embedding.sum"), normed = fixture_mat(&file, "embedding.norm"),
        out = mat_new(sum.rows, sum.cols);
    Mat gain = fixture_mat(&file, "embedding.weight"), bias = fixture_mat(&file, "embedding.bias");
    float largest = 0;
    layer_norm_forward(NULL, out, sum, (LayerNorm){gain.data, bias.data, 1e-12f});
    assert_mats(out, normed, NORM_TOLERANCE, &largest, "embedding");
    mat_free(&sum), mat_free(&normed), mat_free(&out), mat_free(&gain), mat_free(&bias);
    safetensors_close(&file);
}

/* ---- workers ---- */

typedef struct {
    Mat x, weight, out[MOST_JOBS], normed, sum;
} Results;

/* Widths around ROWS_PIECE (96), so that pieces and matrices do not coincide. */
static Results compute(Workers *workers, uint64_t seed, int rows) {
    static const int widths[MOST_JOBS] = {97, 1, 96, 200};
    enum { DEPTH = 65 };
    Rng rng = rng_seed(seed);
    Results r = {.x = random_mat(&rng, rows, DEPTH), .weight = random_mat(&rng, 400, DEPTH)};
    Mat gain = random_mat(&rng, 1, DEPTH), bias = random_mat(&rng, 1, 400);
    LinearJob jobs[MOST_JOBS];
    for (int j = 0; j < MOST_JOBS; j++) {
        r.out[j] = mat_new(rows, widths[j]);
        jobs[j] = (LinearJob){r.out[j], {mat_rows(r.weight, 50 * j, widths[j]), j % 2 ? bias.data : NULL}};
    }
    linear_forward_all(workers, jobs, MOST_JOBS, r.x, ACTIVATION_GELU_ERF);
    r.normed = mat_new(rows, DEPTH), r.sum = random_mat(&rng, rows, DEPTH);
    add_norm_forward(workers, r.normed, r.x, r.sum, (LayerNorm){gain.data, bias.data, 1e-12f});
    layer_norm_forward(workers, r.normed, r.normed, (LayerNorm){gain.data, bias.data, 1e-12f});
    mat_free(&gain), mat_free(&bias);
    return r;
}

static void results_free(Results *r) {
    for (int j = 0; j < MOST_JOBS; j++) mat_free(&r->out[j]);
    mat_free(&r->x), mat_free(&r->weight), mat_free(&r->normed), mat_free(&r->sum);
}

static void workers_do_not_change_a_bit(void **state) {
    (void)state;
    static const int rows[] = {0, 1, 2, 11, 12, 16, 17, 49, 130};
    for (int w = 0; w < COUNT_OF(WORKERS); w++) {
        Workers *workers = workers_new(WORKERS[w]);
        for (int i = 0; i < COUNT_OF(rows); i++) {
            Results alone = compute(NULL, (uint64_t)(70 + i), rows[i]),
                    shared = compute(workers, (uint64_t)(70 + i), rows[i]);
            for (int j = 0; j < MOST_JOBS; j++) assert_true(mat_same_bits(alone.out[j], shared.out[j]));
            assert_true(mat_same_bits(alone.normed, shared.normed) && mat_same_bits(alone.sum, shared.sum));
            results_free(&alone), results_free(&shared);
        }
        workers_free(workers);
    }
}

/* Several layers in one round give what they give one by one. */
static void jobs_are_independent(void **state) {
    (void)state;
    Results together = compute(NULL, 90, 13);
    Rng rng = rng_seed(90);
    Mat x = random_mat(&rng, 13, 65), weight = random_mat(&rng, 400, 65), gain = random_mat(&rng, 1, 65),
        bias = random_mat(&rng, 1, 400);
    for (int j = 0; j < MOST_JOBS; j++) {
        Mat one = mat_new(13, together.out[j].cols);
        linear_forward(NULL, one, x, (Linear){mat_rows(weight, 50 * j, one.cols), j % 2 ? bias.data : NULL},
                       ACTIVATION_GELU_ERF);
        assert_true(mat_same_bits(one, together.out[j]));
        assert_true(mat_max_abs(one) > 0);
        mat_free(&one);
    }
    mat_free(&x), mat_free(&weight), mat_free(&gain), mat_free(&bias);
    results_free(&together);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear_matches_the_fixtures),   cmocka_unit_test(linear_applies_the_activation),
        cmocka_unit_test(row_counts_do_not_matter),      cmocka_unit_test(layer_norm_matches_the_fixtures),
        cmocka_unit_test(add_norm_matches_the_fixtures), cmocka_unit_test(embedding_sum_matches_the_fixture),
        cmocka_unit_test(workers_do_not_change_a_bit),   cmocka_unit_test(jobs_are_independent),
    };
    return cmocka_run_group_tests_name("layers", tests, NULL, NULL);
}
