/* attention/attention against float64 PyTorch fixtures, a double loop, and the digits that Raschka's book prints. */
#include "fixture.h"
#include "attention/attention.h"
#include "attention/mask_table.h"

static const float MAP_TOLERANCE =
    2e-6f; /* weights are at most 1 and exp is good to 2.4e-7; scores of a few units add theirs */
static const float OUT_TOLERANCE = 5e-6f; /* the values that they weigh are up to 6 large */

static const char *const FIXTURE = "tests/fixtures/attention/attention.safetensors";

/* ---- every rule against PyTorch ---- */

typedef struct {
    const char *name;
    Mask mask;
    bool global_at[64], picture[64 * 64];
    int heads, n, m;
    Mat q, k, v, maps, out;       /* the fixture's; owned */
    const unsigned char *allowed; /* [n * m] borrowed */
} Case;

static void read_lists(const Table *table, int row, Case *c) {
    const char *at = table_cell(table, row, "global_at");
    int side = c->n > c->m ? c->n : c->m;
    if (*at != '-') {
        for (; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) c->global_at[atoi(at)] = true;
        c->mask.global_at = c->global_at, c->mask.tokens = side;
    }
    if (table_int(table, row, "picture")) {
        assert_int_equal(c->n, c->m);
        for (int i = 0; i < c->n * c->m; i++) c->picture[i] = c->allowed[i] != 0;
        c->mask.picture = c->picture, c->mask.tokens = side;
    }
}

static Case *case_new(const Safetensors *file, const Table *table, int row) {
    Case *c = memory_new(1, sizeof *c, "a case");
    c->name = table_cell(table, row, "name");
    c->heads = table_int(table, row, "heads"), c->n = table_int(table, row, "n"), c->m = table_int(table, row, "m");
    c->mask = (Mask){.causal = table_int(table, row, "causal"),
                     .window = table_int(table, row, "window"),
                     .dilation = table_int(table, row, "dilation"),
                     .global = table_int(table, row, "global"),
                     .prefix = table_int(table, row, "prefix"),
                     .chunk = table_int(table, row, "chunk"),
                     .valid = table_int(table, row, "valid")};
    c->q = fixture_mat(file, "%s.q", c->name), c->k = fixture_mat(file, "%s.k", c->name),
    c->v = fixture_mat(file, "%s.v", c->name);
    c->maps = fixture_mat(file, "%s.maps", c->name), c->out = fixture_mat(file, "%s.out", c->name);
    char name[64];
    snprintf(name, sizeof name, "%s.allowed", c->name);
    const Tensor *allowed = safetensors_find(file, name);
    assert_true(allowed && allowed->bytes == (size_t)c->n * (size_t)c->m);
    c->allowed = allowed->data;
    read_lists(table, row, c);
    return c;
}

static void case_free(Case *c) {
    mat_free(&c->q), mat_free(&c->k), mat_free(&c->v), mat_free(&c->maps), mat_free(&c->out);
    memory_free(c);
}

static void check_zeros_and_sums(const Case *c, Mat maps, Mat out) {
    for (int h = 0; h < c->heads; h++)
        for (int i = 0; i < c->n; i++) {
            const float *row = mat_row(attention_map(maps, c->n, h), i);
            double sum = 0;
            int open = 0;
            for (int j = 0; j < c->m; j++) {
                bool allowed = c->allowed[i * c->m + j];
                if (allowed != mask_allows(c->mask, i, j)) wrong("%s: the rule differs at (%d, %d)", c->name, i, j);
                if (!allowed && row[j] != 0) wrong("%s: a forbidden cell is %g", c->name, (double)row[j]);
                sum += (double)row[j], open += allowed;
            }
            assert_close(sum, open ? 1 : 0, open ? 1e-6 : 0, c->name);
            for (int j = 0; !open && j < out.cols; j++)
                assert_true(mat_at(out, i, j) == 0); /* exact zeros, not almost */
        }
}

/* q, k and v are column views of wider matrices, as in a fused projection; out and maps have borders that nobody may
 * touch. */
static void check_case(const Case *c, Workers *workers[], int worker_counts, float *map_error, float *out_error) {
    Guarded q = guarded_new(c->n, c->q.cols), k = guarded_new(c->m, c->q.cols), v = guarded_new(c->m, c->q.cols);
    Guarded out = guarded_new(c->n, c->q.cols), maps = guarded_new(c->heads * c->n, c->m);
    mat_copy(q.view, c->q), mat_copy(k.view, c->k), mat_copy(v.view, c->v);
    attention_forward(attention_of(q.view, k.view, v.view, c->heads, c->mask), out.view, maps.view);
    assert_mats(maps.view, c->maps, MAP_TOLERANCE, map_error, c->name);
    assert_mats(out.view, c->out, OUT_TOLERANCE, out_error, c->name);
    check_zeros_and_sums(c, maps.view, out.view);
    assert_guard(out, 0, c->q.cols), assert_guard(maps, 0, c->m);
    Mat again = mat_new(c->heads * c->n, c->m), out_again = mat_new(c->n, c->q.cols);
    attention_maps(attention_of(q.view, k.view, (Mat){0}, c->heads, c->mask), again);
    assert_true(mat_same_bits(again, maps.view));
    for (int w = 0; w < worker_counts; w++) {
        mat_fill(again, GUARD), mat_fill(out_again, GUARD);
        attention_forward_with(workers[w], attention_of(q.view, k.view, v.view, c->heads, c->mask), out_again, again);
        assert_true(mat_same_bits(again, maps.view) && mat_same_bits(out_again, out.view));
    }
    mat_free(&again), mat_free(&out_again);
    guarded_free(&q), guarded_free(&k), guarded_free(&v), guarded_free(&out), guarded_free(&maps);
}

static void every_rule_matches_the_fixtures(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    Table table = table_read("tests/fixtures/attention/cases.tsv");
    Workers *workers[4];
    float map_error = 0, out_error = 0;
    for (int w = 0; w < 4; w++) workers[w] = workers_new(w + 1);
    assert_true(table.rows >= 50);
    for (int row = 0; row < table.rows; row++) {
        Case *c = case_new(&file, &table, row);
        check_case(c, workers, 4, &map_error, &out_error);
        case_free(c);
    }
    print_message("%d cases\n", table.rows);
    print_largest("maps", (double)map_error, (double)MAP_TOLERANCE);
    print_largest("out", (double)out_error, (double)OUT_TOLERANCE);
    for (int w = 0; w < 4; w++) workers_free(workers[w]);
    table_free(&table);
    safetensors_close(&file);
}

/* ---- against the double loop ---- */

static void told_head(Mat out, Mat maps, Mat q, Mat k, Mat v, int heads, int h, Mask mask, double *map_error,
                      double *out_error) {
    int d = q.cols / heads, from = h * d;
    double *weight = memory_new((size_t)k.rows + 1, sizeof *weight, "weights");
    for (int i = 0; i < q.rows; i++) {
        double top = -INFINITY, sum = 0;
        for (int j = 0; j < k.rows; j++) {
            double score = 0;
            for (int c = from; c < from + d; c++) score += (double)mat_at(q, i, c) * (double)mat_at(k, j, c);
            weight[j] = mask_allows(mask, i, j) ? score / sqrt(d) : -INFINITY;
            top = fmax(top, weight[j]);
        }
        for (int j = 0; j < k.rows; j++) sum += weight[j] = isinf(top) ? 0 : exp(weight[j] - top);
        for (int j = 0; j < k.rows; j++) {
            weight[j] = sum > 0 ? weight[j] / sum : 0;
            *map_error = fmax(*map_error, fabs(weight[j] - (double)mat_at(maps, h * q.rows + i, j)));
        }
        for (int c = from; c < from + d; c++) {
            double value = 0;
            for (int j = 0; j < k.rows; j++) value += weight[j] * (double)mat_at(v, j, c);
            *out_error = fmax(*out_error, fabs(value - (double)mat_at(out, i, c)));
        }
    }
    memory_free(weight);
}

static void check_told(Rng *rng, int n, int m, int heads, int d, Mask mask, double *map_error, double *out_error) {
    Mat q = random_mat(rng, n, heads * d), k = random_mat(rng, m, heads * d), v = random_mat(rng, m, heads * d);
    Mat out = mat_new(n, heads * d), maps = mat_new(heads * n, m);
    mat_fill(out, NAN), mat_fill(maps, NAN); /* what was there before does not matter */
    for (int i = 0; i < q.rows * q.cols; i++) q.data[i] *= 3;
    attention_forward(attention_of(q, k, v, heads, mask), out, maps);
    double map_worst = 0, out_worst = 0;
    for (int h = 0; h < heads; h++) told_head(out, maps, q, k, v, heads, h, mask, &map_worst, &out_worst);
    if (mat_max_diff(maps, maps) != 0 || mat_max_diff(out, out) != 0)
        wrong("NaN in %d x %d, %d heads of %d", n, m, heads, d);
    if (map_worst > (double)MAP_TOLERANCE || out_worst > (double)OUT_TOLERANCE)
        wrong("%d x %d, %d heads of %d: maps %.3g, out %.3g off", n, m, heads, d, map_worst, out_worst);
    *map_error = fmax(*map_error, map_worst), *out_error = fmax(*out_error, out_worst);
    mat_free(&q), mat_free(&k), mat_free(&v), mat_free(&out), mat_free(&maps);
}

/* Other lengths than the fixtures have: none at all, and enough for every way of computing a product. */
static void other_shapes_match_a_double_loop(void **state) {
    (void)state;
    Rng rng = test_rng(40);
    static const int lengths[] = {0, 1, 2, 5, 12, 19, 40, 97}, widths[] = {1, 3, 16, 32, 64};
    double map_error = 0, out_error = 0;
    for (int trial = 0; trial < 500; trial++) {
        int n = lengths[random_int(&rng, 8)], m = random_int(&rng, 2) ? n : lengths[random_int(&rng, 8)];
        Mask mask = {.causal = random_int(&rng, 2)};
        for (int k = 0; k < MASK_KNOBS; k++)
            *mask_knob_at(&mask, &MASK_KNOB[k]) = random_int(&rng, 2) ? random_int(&rng, 10) : 0;
        if (trial % 3 == 0) mask = (Mask){0};
        check_told(&rng, n, m, 1 + random_int(&rng, 3), widths[random_int(&rng, 5)], mask, &map_error, &out_error);
    }
    check_told(&rng, 300, 300, 2, 64, (Mask){0}, &map_error, &out_error);
    check_told(&rng, 300, 300, 2, 64, (Mask){.causal = true, .window = 33, .global = 2}, &map_error, &out_error);
    print_largest("maps", map_error, (double)MAP_TOLERANCE);
    print_largest("out", out_error, (double)OUT_TOLERANCE);
}

/* 0.5 is twice the usual 1 / sqrt(16): the same as queries twice as long. Powers of two do not round. */
static void a_scale_of_ones_own_stands_for_the_usual_one(void **state) {
    (void)state;
    Rng rng = test_rng(44);
    Mat q = random_mat(&rng, 5, 32), k = random_mat(&rng, 5, 32), maps = mat_new(10, 5), twice = mat_new(10, 5);
    Attention a = attention_of(q, k, (Mat){0}, 2, (Mask){0});
    a.scale = 0.5f;
    attention_maps(a, maps);
    for (int i = 0; i < q.rows * q.cols; i++) q.data[i] *= 2;
    a.scale = 0;
    attention_maps(a, twice);
    assert_true(mat_same_bits(maps, twice));
    mat_free(&q), mat_free(&k), mat_free(&maps), mat_free(&twice);
}

/* ---- softmax ---- */

static void softmax_matches_the_fixtures(void **state) {
    (void)state;
    Safetensors file = safetensors_open("tests/fixtures/layers/layers.safetensors");
    static const int columns[] = {1, 5, 16, 35, 64, 384};
    float largest = 0;
    for (int i = 0; i < 6; i++)
        for (int large = 0; large < 2; large++) {
            Mat x = fixture_mat(&file, large ? "large.%d" : "x.%d", columns[i]);
            Mat y = fixture_mat(&file, large ? "softmax_large.%d" : "softmax.%d", columns[i]),
                half = mat_new(x.rows, x.cols);
            for (int j = 0; j < x.rows * x.cols; j++) half.data[j] = 4 * x.data[j];
            attention_softmax(x, 1, (Mask){0});
            attention_softmax(half, 0.25f, (Mask){0});
            assert_mats(x, y, MAP_TOLERANCE, &largest, "softmax");
            assert_true(mat_same_bits(half, x)); /* a power of two scales without rounding */
            mat_free(&x), mat_free(&y), mat_free(&half);
        }
    print_largest("softmax", (double)largest, (double)MAP_TOLERANCE);
    safetensors_close(&file);
}

/* A span rule that allows everything walks other code than the shortcut for full masks, to the same end. */
static void softmax_by_spans_equals_the_shortcut(void **state) {
    (void)state;
    Rng rng = test_rng(41);
    for (int n = 1; n <= 40; n++) {
        Mat a = random_mat(&rng, n, n), b = mat_new(n, n);
        mat_copy(b, a);
        attention_softmax(a, 2, (Mask){0});
        attention_softmax(b, 2, (Mask){.window = n});
        assert_true(mat_same_bits(a, b));
        mat_free(&a), mat_free(&b);
    }
}

/* Scores of forbidden keys may be anything: they take no part. */
static void forbidden_scores_are_not_looked_at(void **state) {
    (void)state;
    Rng rng = test_rng(42);
    static const float poison[] = {NAN, INFINITY, -INFINITY, 3e38f, -3e38f};
    const Mask masks[] = {{.causal = true}, {.window = 2}, {.window = 3, .dilation = 2},
                          {.chunk = 4},     {.valid = 3},  {.causal = true, .window = 2, .valid = 4}};
    for (int trial = 0; trial < 6 * 20; trial++) {
        Mask mask = masks[trial % 6];
        Mat clean = random_mat(&rng, 11, 11), bad = mat_new(11, 11);
        for (int i = 0; i < 11; i++)
            for (int j = 0; j < 11; j++)
                mat_row(bad, i)[j] = mask_allows(mask, i, j) ? mat_at(clean, i, j) : poison[random_int(&rng, 5)];
        attention_softmax(clean, 1, mask), attention_softmax(bad, 1, mask);
        assert_true(mat_same_bits(clean, bad));
        mat_free(&clean), mat_free(&bad);
    }
}

/* "Masked before the softmax" is "zeroed after it and divided by what is left". */
static void masking_before_equals_renormalising_after(void **state) {
    (void)state;
    Rng rng = test_rng(43);
    Mat masked = random_mat(&rng, 30, 30), full = mat_new(30, 30);
    Mask mask = {.causal = true, .window = 7};
    mat_copy(full, masked);
    attention_softmax(masked, 3, mask), attention_softmax(full, 3, (Mask){0});
    for (int i = 0; i < 30; i++) {
        double left = 0;
        for (int j = 0; j < 30; j++) left += mask_allows(mask, i, j) ? (double)mat_at(full, i, j) : 0;
        for (int j = 0; j < 30; j++)
            assert_close((double)mat_at(masked, i, j), mask_allows(mask, i, j) ? (double)mat_at(full, i, j) / left : 0,
                         (double)MAP_TOLERANCE, "renormalised");
    }
    mat_free(&masked), mat_free(&full);
}

/* q and k of two heads of width 2: head 0 scores 3 * 4 and 3 * -5, head 1 nothing; its bias of distance 1 is -20. */
static void the_largest_score_is_that_of_all_heads(void **state) {
    (void)state;
    float q[] = {3, 0, 0, 0, 0, 0, 0, 0}, k[] = {4, 0, 0, 0, -5, 0, 0, 0}, bias[] = {0, 0, 0, 0, 0, -20};
    Attention a = attention_of((Mat){q, 2, 4, 4}, (Mat){k, 2, 4, 4}, (Mat){0}, 2, (Mask){0});
    a.scale = 2;
    assert_true(attention_largest_score(&a) == 30);
    a.scale = 0;
    assert_true(fabs(attention_largest_score(&a) - 15 / sqrt(2)) < 1e-5);
    a.bias = (Mat){bias, 2, 3, 3};
    assert_true(attention_largest_score(&a) == 20);
}

/* A bad weight somewhere must not be smoothed over: the model's check of row sums relies on seeing it. */
static void bad_scores_stay_visible(void **state) {
    (void)state;
    static const float bad[] = {NAN, INFINITY};
    for (int masked = 0; masked < 2; masked++)
        for (int n = 1; n <= 40; n++)
            for (int at = 0; at < n; at++) {
                float row[40], sum = 0;
                for (int j = 0; j < n; j++) row[j] = j == at ? bad[(n + at) % 2] : 0.1f * (float)j;
                attention_softmax((Mat){row, 1, n, n}, 1, (Mask){.window = masked ? n : 0});
                for (int j = 0; j < n; j++) sum += row[j];
                if (fabsf(sum - 1) <= 1e-4f) wrong("a score of %g among %d is hidden", (double)bad[(n + at) % 2], n);
            }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_matches_the_fixtures),
        cmocka_unit_test(other_shapes_match_a_double_loop),
        cmocka_unit_test(a_scale_of_ones_own_stands_for_the_usual_one),
        cmocka_unit_test(softmax_matches_the_fixtures),
        cmocka_unit_test(softmax_by_spans_equals_the_shortcut),
        cmocka_unit_test(forbidden_scores_are_not_looked_at),
        cmocka_unit_test(masking_before_equals_renormalising_after),
        cmocka_unit_test(the_largest_score_is_that_of_all_heads),
        cmocka_unit_test(bad_scores_stay_visible),
    };
    return cmocka_run_group_tests_name("attention", tests, NULL, NULL);
}
