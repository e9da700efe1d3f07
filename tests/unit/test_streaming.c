/* attention/banded and attention/streaming: the plan against the rule cell by cell, the numbers against a double loop
 * and against PyTorch's, for every kind of mask. */
#include "fixture.h"
#include "attention/attention.h"
#include "attention/banded.h"
#include "attention/mask_table.h"
#include "attention/streaming.h"

static const double TOLERANCE = 1e-5; /* the promise of streaming.h; values are at most 1 large */

/* ---- random rules ---- */

enum { SIDE = 640 }; /* the longest sequence here */

typedef struct {
    Mask mask;
    bool global_at[SIDE];
    bool *picture; /* [SIDE * SIDE] */
} Rule;

/* 0 more often than not, else 1 .. limit. */
static int knob(Rng *rng, int limit) {
    return random_int(rng, 3) ? 0 : 1 + random_int(rng, limit);
}

static void draw_rule(Rule *rule, Rng *rng, int longest) {
    Mask *m = &rule->mask;
    *m = (Mask){.causal = random_int(rng, 2)};
    for (int k = 0; k < MASK_KNOBS; k++)
        *mask_knob_at(m, &MASK_KNOB[k]) = knob(rng, random_int(rng, 2) ? longest + 3 : 9);
    if (random_int(rng, 6) == 0) *m = (Mask){0};
    if (random_int(rng, 4) == 0) {
        for (int i = 0; i < SIDE; i++) rule->global_at[i] = random_int(rng, 50) == 0;
        m->global_at = rule->global_at, m->tokens = SIDE;
    }
    if (random_int(rng, 8) == 0) {
        int share = 1 + random_int(rng, 20);
        for (int i = 0; i < SIDE * SIDE; i++) rule->picture[i] = random_int(rng, share) == 0;
        m->picture = rule->picture, m->tokens = SIDE;
    }
}

static Rule rule_new(void) {
    return (Rule){.picture = memory_new((size_t)SIDE * SIDE, sizeof(bool), "a picture")};
}

static int draw_length(Rng *rng) {
    static const int near[] = {1, 2, 11, 12, 13, 31, 32, 33, 64, 95, 127, 128, 129, 160, 287, 288, 289};
    return random_int(rng, 2) ? near[random_int(rng, 17)] : 1 + random_int(rng, 200);
}

/* ---- the plan ---- */

static void check_plan(TileStrip *strip, const Rule *rule, int first, int n, int m) {
    for (int t = 0; t < strip->tiles; t++) {
        uint32_t any = 0;
        for (int r = 0; r < strip->queries; r++)
            for (int b = 0; b < TILE_KEYS; b++) {
                int key = t * TILE_KEYS + b;
                bool expected = first + r < n && key < m && mask_allows(rule->mask, first + r, key);
                bool got = *strip_words(strip, t, r) >> b & 1;
                if (got != expected) wrong("query %d, key %d of %d x %d: got %d", first + r, key, n, m, got);
                any |= (uint32_t)got;
            }
        if (any && strip_next_tile(strip, t) != t) wrong("tile %d is not touched", t);
        if (!any && strip_next_tile(strip, t) == t) wrong("tile %d is touched for nothing", t);
    }
    assert_int_equal(strip_next_tile(strip, strip->tiles), -1);
}

static void a_plan_is_the_rule_cell_by_cell(void **state) {
    (void)state;
    Rng rng = test_rng(60);
    Rule rule = rule_new();
    for (int trial = 0; trial < 400; trial++) {
        int n = draw_length(&rng), m = random_int(&rng, 2) ? n : draw_length(&rng), queries = 1 + random_int(&rng, 50);
        draw_rule(&rule, &rng, m);
        TileStrip strip = strip_new(queries, m);
        GlobalTokens globals = global_tokens(rule.mask, m);
        for (int first = 0; first < n; first += queries) { /* one strip is planned again and again */
            strip_plan(&strip, rule.mask, globals, first, n, m);
            check_plan(&strip, &rule, first, n, m);
        }
        strip_free(&strip), memory_free(globals.at);
    }
    memory_free(rule.picture);
}

/* More tiles than a word of the plan has bits, 64 of 32 keys: those of a far word are found from everywhere. */
static void tiles_beyond_2048_keys_are_found(void **state) {
    (void)state;
    enum { N = 7000, FIRST = 6990 };
    TileStrip strip = strip_new(2, N);
    bool far[N] = {false};
    far[4500] = true;
    const Mask masks[] = {{.causal = true, .window = 3},
                          {.causal = true, .window = 3, .sinks = 5},
                          {.causal = true, .window = 3, .global_at = far, .tokens = N}};
    for (int i = 0; i < 3; i++) {
        GlobalTokens globals = global_tokens(masks[i], N);
        strip_plan(&strip, masks[i], globals, FIRST, N, N);
        check_plan(&strip, &(Rule){.mask = masks[i]}, FIRST, N, N);
        int next = -1;
        for (int t = strip.tiles - 1; t >= 0; t--) {
            for (int r = 0; r < 2; r++)
                if (*strip_words(&strip, t, r)) next = t;
            if (strip_next_tile(&strip, t) != next)
                wrong("from tile %d: %d, expected %d", t, strip_next_tile(&strip, t), next);
        }
        assert_int_equal(next, i == 0 ? (FIRST - 2) / TILE_KEYS : i == 1 ? 0 : 4500 / TILE_KEYS);
        memory_free(globals.at);
    }
    strip_free(&strip);
}

/* The table of stage 13, which counts by asking every cell: 320 x 320 in tiles of 32 x 32. */
static void a_plan_has_the_tiles_of_the_lesson(void **state) {
    (void)state;
    enum { N = 320 };
    static const struct {
        Mask mask;
        int allowed, full, edge;
    } rows[] = {{{0}, 102400, 100, 0},
                {{.causal = true}, 51360, 45, 10},
                {{.causal = true, .window = 32}, 9744, 0, 19},
                {{.window = 17, .global = 2}, 11498, 0, 44},
                {{.window = 81}, 45040, 28, 30}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int allowed = 0, full = 0, edge = 0;
        TileStrip strip = strip_new(TILE_KEYS, N);
        for (int top = 0; top < N; top += TILE_KEYS) {
            strip_plan(&strip, rows[i].mask, (GlobalTokens){0}, top, N, N);
            for (int t = strip_next_tile(&strip, 0); t >= 0; t = strip_next_tile(&strip, t + 1)) {
                int open = 0;
                for (int r = 0; r < TILE_KEYS; r++) open += __builtin_popcount(*strip_words(&strip, t, r));
                allowed += open, full += open == TILE_KEYS * TILE_KEYS, edge += open < TILE_KEYS * TILE_KEYS;
            }
        }
        strip_free(&strip);
        assert_int_equal(allowed, rows[i].allowed);
        assert_int_equal(full, rows[i].full);
        assert_int_equal(edge, rows[i].edge);
    }
}

/* ---- the numbers ---- */

typedef struct {
    int n, m, heads, d;
    Mat q, k, v, bias;
} Input;

static Input draw_input(Rng *rng, int n, int m, int heads, int d, float size, bool biased) {
    Input in = {n,
                m,
                heads,
                d,
                random_mat(rng, n, heads * d),
                random_mat(rng, m, heads * d),
                random_mat(rng, m, heads * d),
                biased ? random_mat(rng, heads, n + m - 1) : (Mat){0}};
    for (int i = 0; i < n * heads * d; i++) in.q.data[i] *= size;
    for (int i = 0; biased && i < heads * (n + m - 1); i++) in.bias.data[i] *= 3;
    return in;
}

static void input_free(Input *in) {
    mat_free(&in->q), mat_free(&in->k), mat_free(&in->v), mat_free(&in->bias);
}

/* One row of one head in double precision, in expected [d]; false when nothing is allowed. */
static bool told_row(double *expected, const Input *in, Mask mask, int h, int i) {
    double top = -INFINITY, total = 0, *score = memory_new((size_t)in->m, sizeof *score, "scores");
    for (int j = 0; j < in->m; j++) {
        score[j] = -INFINITY;
        if (!mask_allows(mask, i, j)) continue;
        double dot = 0;
        for (int c = h * in->d; c < (h + 1) * in->d; c++)
            dot += (double)mat_at(in->q, i, c) * (double)mat_at(in->k, j, c);
        score[j] = dot / sqrt(in->d) + (in->bias.data ? (double)mat_at(in->bias, h, j - i + in->n - 1) : 0);
        top = fmax(top, score[j]);
    }
    memset(expected, 0, (size_t)in->d * sizeof *expected);
    for (int j = 0; j < in->m && !isinf(top); j++) {
        double weight = exp(score[j] - top);
        total += weight;
        for (int c = 0; c < in->d; c++) expected[c] += weight * (double)mat_at(in->v, j, h * in->d + c);
    }
    for (int c = 0; c < in->d && total > 0; c++) expected[c] /= total;
    memory_free(score);
    return total > 0;
}

static double check_told(const Input *in, Mat out, Mask mask) {
    double worst = 0, expected[256];
    for (int h = 0; h < in->heads; h++)
        for (int i = 0; i < in->n; i++) {
            bool open = told_row(expected, in, mask, h, i);
            for (int c = 0; c < in->d; c++) {
                float got = mat_at(out, i, h * in->d + c);
                if (!open && got != 0) wrong("an empty row holds %g", (double)got);
                if (!(fabs((double)got - expected[c]) <= TOLERANCE))
                    wrong("%d x %d, %d heads of %d, row %d: %.9g, expected %.9g", in->n, in->m, in->heads, in->d, i,
                          (double)got, expected[c]);
                worst = fmax(worst, fabs((double)got - expected[c]));
            }
        }
    return worst;
}

static void every_mask_matches_a_double_loop(void **state) {
    (void)state;
    static const int widths[] = {1, 2, 3, 15, 16, 17, 32, 33, 48, 64, 80};
    Rng rng = test_rng(61);
    Rule rule = rule_new();
    double worst = 0;
    for (int trial = 0; trial < 3000; trial++) {
        int n = trial % 10 ? 1 + random_int(&rng, 40) : draw_length(&rng);
        int m = random_int(&rng, 2) ? n : trial % 10 ? 1 + random_int(&rng, 70) : draw_length(&rng);
        draw_rule(&rule, &rng, m);
        Input in =
            draw_input(&rng, n, m, 1 + random_int(&rng, 3), widths[random_int(&rng, 11)], 3, random_int(&rng, 2));
        Guarded out = guarded_new(n, in.heads * in.d);
        attention_streaming(
            NULL, (Attention){.q = in.q, .k = in.k, .v = in.v, .heads = in.heads, .mask = rule.mask, .bias = in.bias},
            out.view);
        worst = fmax(worst, check_told(&in, out.view, rule.mask));
        assert_guard(out, 0, in.heads * in.d);
        guarded_free(&out), input_free(&in);
    }
    memory_free(rule.picture);
    print_largest("out", worst, TOLERANCE);
}

/* Scores that rise from block to block: each one makes all sums so far count for less, down to nothing. */
static void a_rising_maximum_scales_what_was_summed(void **state) {
    (void)state;
    Rng rng = test_rng(62);
    for (int trial = 0; trial < 30; trial++) {
        int n = 300 + random_int(&rng, 340);
        Input in = draw_input(&rng, n, n, 1, 16, 1, true);
        float slope = rng_float(&rng, 0, 0.15f), sign = trial % 2 ? -1.0f : 1.0f;
        for (int c = 0; c < 2 * n - 1; c++) in.bias.data[c] = sign * slope * (float)(c - n); /* up to 96 */
        Mat out = mat_new(n, 16);
        attention_streaming(
            NULL,
            (Attention){
                .q = in.q, .k = in.k, .v = in.v, .heads = 1, .mask = (Mask){.causal = trial % 3 == 0}, .bias = in.bias},
            out);
        check_told(&in, out, (Mask){.causal = trial % 3 == 0});
        mat_free(&out), input_free(&in);
    }
}

/* q, k and v are column views, as of a fused projection; out equals the plain forward pass. */
static void views_and_workers_give_the_same_bits(void **state) {
    (void)state;
    Rng rng = test_rng(63);
    Workers *workers[3] = {workers_new(1), workers_new(2), workers_new(5)};
    const Mask masks[] = {
        {0}, {.causal = true}, {.window = 40, .global = 3}, {.causal = true, .window = 17, .valid = 9}};
    float worst = 0;
    for (int trial = 0; trial < 12; trial++) {
        int n = trial == 0 ? 2000 : 1 + random_int(&rng, SIDE - 1); /* seven strips among one, two and five workers */
        int heads = 1 + random_int(&rng, 4), width = heads * 24;
        Guarded q = guarded_random(&rng, n, width), k = guarded_random(&rng, n, width),
                v = guarded_random(&rng, n, width);
        Mat out = mat_new(n, width), again = mat_new(n, width), maps = mat_new(heads * n, n), plain = mat_new(n, width);
        attention_streaming(NULL, attention_of(q.view, k.view, v.view, heads, masks[trial % 4]), out);
        attention_forward(attention_of(q.view, k.view, v.view, heads, masks[trial % 4]), plain, maps);
        assert_mats(out, plain, 1e-5f, &worst, "plain and streaming");
        for (int w = 0; w < 3; w++) {
            mat_fill(again, NAN);
            attention_streaming(workers[w], attention_of(q.view, k.view, v.view, heads, masks[trial % 4]), again);
            assert_true(mat_same_bits(again, out));
        }
        mat_free(&out), mat_free(&again), mat_free(&maps), mat_free(&plain);
        guarded_free(&q), guarded_free(&k), guarded_free(&v);
    }
    for (int w = 0; w < 3; w++) workers_free(workers[w]);
    print_largest("plain and streaming", (double)worst, 1e-5);
}

/* No row, no key, or nothing allowed at all. */
static void nothing_gives_zeros(void **state) {
    (void)state;
    Mat q = mat_new(5, 8), none = mat_new(0, 8), out = mat_new(5, 8);
    mat_fill(q, 2), mat_fill(out, NAN);
    attention_streaming(NULL, attention_of(q, none, none, 2, (Mask){0}), out);
    assert_true(mat_max_abs(out) == 0);
    attention_streaming(NULL, attention_of(none, q, q, 2, (Mask){0}), none);
    bool picture[25] = {0};
    mat_fill(out, NAN);
    attention_streaming(NULL, attention_of(q, q, q, 2, (Mask){.picture = picture, .tokens = 5}), out);
    assert_true(mat_max_abs(out) == 0);
    mat_free(&q), mat_free(&none), mat_free(&out);
}

static void every_fixture_of_pytorch(void **state) {
    (void)state;
    Safetensors file = safetensors_open("tests/fixtures/attention/attention.safetensors");
    Table table = table_read("tests/fixtures/attention/cases.tsv");
    float worst = 0;
    for (int row = 0; row < table.rows; row++) {
        const char *name = table_cell(&table, row, "name");
        Mat q = fixture_mat(&file, "%s.q", name), k = fixture_mat(&file, "%s.k", name);
        Mat v = fixture_mat(&file, "%s.v", name), expected = fixture_mat(&file, "%s.out", name);
        char allowed[64];
        snprintf(allowed, sizeof allowed, "%s.allowed", name);
        const Tensor *cells = safetensors_find(&file, allowed);
        assert_true(cells && cells->bytes == (size_t)q.rows * (size_t)k.rows);
        int side = q.rows > k.rows ? q.rows : k.rows; /* the rule as a picture: nothing of mask.c takes part */
        bool *picture = memory_new((size_t)side * (size_t)side, sizeof *picture, "a picture");
        for (int i = 0; i < q.rows; i++)
            for (int j = 0; j < k.rows; j++) picture[i * side + j] = cells->data[i * k.rows + j] != 0;
        Mat out = mat_new(q.rows, q.cols);
        attention_streaming(
            NULL, attention_of(q, k, v, table_int(&table, row, "heads"), (Mask){.picture = picture, .tokens = side}),
            out);
        assert_mats(out, expected, 1e-5f, &worst, name);
        memory_free(picture);
        mat_free(&q), mat_free(&k), mat_free(&v), mat_free(&expected), mat_free(&out);
    }
    assert_true(table.rows >= 50);
    print_largest("out", (double)worst, 1e-5);
    table_free(&table);
    safetensors_close(&file);
}

/* A bad number must not be smoothed over: it spoils the rows that may look at it, and no other. */
static void bad_numbers_stay_visible(void **state) {
    (void)state;
    Rng rng = test_rng(64);
    for (int trial = 0; trial < 200; trial++) {
        int n = 1 + random_int(&rng, 300), at = random_int(&rng, n);
        Input in = draw_input(&rng, n, n, 1, 16, 1, false);
        mat_row(trial % 2 ? in.k : in.v, at)[random_int(&rng, 16)] = trial % 4 < 2 ? NAN : INFINITY;
        Mat out = mat_new(n, 16);
        Mask mask = {.causal = true, .window = 1 + random_int(&rng, 200)};
        attention_streaming(NULL, attention_of(in.q, in.k, in.v, 1, mask), out);
        for (int i = 0; i < n; i++) {
            bool bad = !isfinite(mat_max_abs(mat_rows(out, i, 1)));
            if (mask_allows(mask, i, at) && !bad && trial % 4 != 3) wrong("row %d of %d hides key %d", i, n, at);
            if (bad && !mask_allows(mask, i, at) && trial % 2) wrong("row %d of %d is spoilt by key %d", i, n, at);
        }
        mat_free(&out), input_free(&in);
    }
}

static void memory_grows_with_n_and_not_with_its_square(void **state) {
    (void)state;
    size_t small = attention_streaming_bytes(2, 16384, 16384, 8, 64, true);
    size_t large = attention_streaming_bytes(2, 65536, 65536, 8, 64, true);
    assert_true(large < 5 * small);
    assert_true(large < (size_t)65536 * 65536 / 50); /* a matrix of single bytes would be 50 times that */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_the_rule_cell_by_cell),
        cmocka_unit_test(tiles_beyond_2048_keys_are_found),
        cmocka_unit_test(a_plan_has_the_tiles_of_the_lesson),
        cmocka_unit_test(every_mask_matches_a_double_loop),
        cmocka_unit_test(a_rising_maximum_scales_what_was_summed),
        cmocka_unit_test(views_and_workers_give_the_same_bits),
        cmocka_unit_test(nothing_gives_zeros),
        cmocka_unit_test(every_fixture_of_pytorch),
        cmocka_unit_test(bad_numbers_stay_visible),
        cmocka_unit_test(memory_grows_with_n_and_not_with_its_square),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
