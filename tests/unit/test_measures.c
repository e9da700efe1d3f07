/* attention/measures: uniform maps under five masks, whose values are closed forms; maps of two and three tokens by
 * hand; one token, no token to see, and a row of zeros give numbers. */
#include "fixture.h"
#include "attention/attention.h"
#include "attention/measures.h"

static double value(const char *name, Measured h) {
    float room[1024];
    double values[64];
    assert_true(measure_room(h.map.rows) <= 1024 && measure_count() <= 64);
    h.room = room;
    assert_int_not_equal(measure_place(name), -1);
    measure_all(&h, values);
    return values[measure_place(name)];
}

static void near(double got, double expected, double tolerance) {
    if (!(fabs(got - expected) <= tolerance)) wrong("got %.9g, expected %.9g", got, expected);
}

static Mat uniform_map(int n, Mask mask) {
    Mat map = mat_new(n, n);
    attention_softmax(map, 1, mask);
    return map;
}

/* ---- uniform attention, n = 8 ---- */

static void goldens_of_uniform_attention(void **state) {
    (void)state;
    const double ln2 = log(2), ln3 = log(3), ln5 = log(5);
    const struct {
        Mask mask;
        double max, avg, focus, sparsity, median, deviation;
    } golden[] = {
        {{0}, .125, .125, 16.635532, 0, .125, 0},
        {{.causal = true}, 1, .339732, 10.604603, .4375, .125, .163834},
        {{.window = 3}, .333333, .245833, 11.407565, .46875, .2, .122899},
        {{.window = 3, .global = 1}, .25, .190625, 13.446184, .3125, .166667, .090571},
        {{.window = 1}, 1, 1, 0, .875, 0, .330719},
    };
    for (size_t g = 0; g < sizeof golden / sizeof *golden; g++) {
        Mat map = uniform_map(8, golden[g].mask);
        Measured h = {.map = map, .mask = golden[g].mask};
        near(value("confidence_max", h), golden[g].max, 1e-6);
        near(value("confidence_avg", h), golden[g].avg, 1e-6);
        near(value("focus", h), golden[g].focus, 1e-6);
        near(value("focus_normalised", h), golden[g].focus / (8 * 3 * ln2), 1e-6);
        near(value("sparsity", h), golden[g].sparsity, 1e-6);
        near(value("distribution", h), golden[g].median, 1e-6);
        near(value("uniformity", h), golden[g].deviation, 1e-6);
        near(value("focus_allowed", h), g == 4 ? 0 : 1, 1e-6); /* it looks at all that it may */
        near(value("sparsity_allowed", h), 0, 0);
        mat_free(&map);
    }
    near(2 * (ln3 + 2 * ln2 + 2 * ln5), golden[2].focus, 1e-6); /* rows of 3, 4, 5, 5, 5, 5, 4, 3 keys */
}

/* Causal: row i is 1/(i + 1); row 0 has no choice. */
static void what_a_mask_leaves_no_choice_is_left_out(void **state) {
    (void)state;
    Mask causal = {.causal = true};
    Mat map = uniform_map(3, causal);
    Measured h = {.map = map, .mask = causal};
    near(value("confidence_max_allowed", h), 0.5, 1e-6);
    near(value("confidence_avg_allowed", h), (1.0 / 2 + 1.0 / 3) / 2, 1e-6);
    near(value("distribution_allowed", h), (1.0 / 3 + 1.0 / 2) / 2, 1e-6); /* 1/3 1/3 1/3 1/2 1/2 1 */
    double square = (3 * pow(1.0 / 3 - 0.5, 2) + pow(0.5, 2)) / 6;         /* around the mean, 3 rows over 6 cells */
    near(value("uniformity_allowed", h), sqrt(square), 1e-6);
    mat_free(&map);
}

/* ---- by hand ---- */

static void shares_by_hand(void **state) {
    (void)state;
    float cells[] = {.1f, .2f, .3f, .4f, .5f, .25f, .15f, .1f, 0, 0, 1, 0, .7f, .1f, .1f, .1f};
    unsigned char marks[] = {MARK_SPECIAL, MARK_PUNCTUATION, 0, MARK_SEPARATOR | MARK_SPECIAL};
    int ids[] = {5, 7, 5, 9};
    Measured h = {.map = {cells, 4, 4, 4}, .marks = marks, .ids = ids};
    near(value("self", h), (.1 + .25 + 1 + .1) / 4, 1e-6);
    near(value("next", h), (.2 + .15 + 0) / 4, 1e-6);
    near(value("previous", h), (.5 + 0 + .1) / 4, 1e-6);
    near(value("first_token", h), (.1 + .5 + 0 + .7) / 4, 1e-6);
    near(value("sep", h), (.4 + .1 + 0 + .1) / 4, 1e-6);
    near(value("punctuation", h), (.2 + .25 + 0 + .1) / 4, 1e-6);
    near(value("sep_to_sep", h), .1, 1e-6);
    near(value("rest_to_sep", h), (.4 + .1 + 0) / 3, 1e-6);
    marks[0] |= MARK_SEPARATOR;
    near(value("sep_to_sep", h), (.1 + .4 + .7 + .1) / 2, 1e-6);
    near(value("rest_to_sep", h), (.5 + .1 + 0 + 0) / 2, 1e-6);
    near(value("same_word", h), (.3 + 0) / 4, 1e-6); /* 0 to 2 and 2 to 0 */
    near(value("induction", h), (.4 + 0) / 4, 1e-6); /* behind 2 for 0, behind 0 for 2 */
    near(value("distance", h), (.2 + .6 + 1.2 + .5 + .15 + .2 + 0 + 2.1 + .2 + .1) / 4, 1e-6);
    near(value("offset", h), (.2 + .6 + 1.2 - .5 + .15 + .2 + 0 - 2.1 - .2 - .1) / 4, 1e-6);
    near(value("confidence_avg", h), (.4 + .5 + 1 + .7) / 4, 1e-6);
    near(value("distribution", h), (.1 + .15) / 2, 1e-6); /* 3 times 0, 5 times .1; .15 .2 .25 ... */
    near(value("sparsity", h), 3.0 / 16, 1e-6);
    double rows[] = {1.279854, 1.207974, 0, 0.940448}; /* entropies, by a calculator */
    near(value("entropy", h), (rows[0] + rows[1] + rows[3]) / 4, 2e-6);
    near(value("effective_context", h), (exp(rows[0]) + exp(rows[1]) + 1 + exp(rows[3])) / 4, 1e-5);
}

static void far_is_five_words(void **state) {
    (void)state;
    Mat map = mat_new(7, 7);
    mat_row(map, 0)[5] = .5f, mat_row(map, 0)[4] = .5f, mat_row(map, 6)[0] = 1;
    near(value("long_range", (Measured){.map = map}), 1.5 / 7, 1e-6);
    mat_free(&map);
}

/* The median against sorting, for odd and even counts and numbers that repeat. */
static int by_size(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}
static void the_median_is_that_of_sorting(void **state) {
    (void)state;
    Rng rng = rng_seed(5);
    for (int round = 0; round < 300; round++) {
        int n = 1 + (int)(rng_bits(&rng) % 9);
        float cells[81], sorted[81];
        size_t count = (size_t)(n * n);
        for (size_t c = 0; c < count; c++) sorted[c] = cells[c] = (float)(rng_bits(&rng) % (round % 3 ? 1000 : 4));
        qsort(sorted, count, sizeof *sorted, by_size);
        double expected = ((double)sorted[(count - 1) / 2] + (double)sorted[count / 2]) / 2;
        near(value("distribution", (Measured){.map = {cells, n, n, n}}), expected, 0);
    }
    float alone = .37f; /* its entropy, -.37 ln .37 = .368, is as good as the same, and is no cell of the map */
    near(value("distribution", (Measured){.map = {&alone, 1, 1, 1}}), (double)alone, 0);
}

/* ---- the edges ---- */

static void every_measure_is_a_number(void **state) {
    (void)state;
    float nothing[9] = {0}, one[] = {1}, two[] = {1, 0, .5f, .5f};
    Mat maps[] = {{one, 1, 1, 1}, {two, 2, 2, 2}, {nothing, 3, 3, 3}};
    Mask masks[] = {{0}, {.causal = true}, {.valid = 1}};
    bool blind[9] = {false};
    for (size_t m = 0; m < 3; m++)
        for (size_t k = 0; k < 4; k++)
            for (int place = 0; place < measure_count(); place++) {
                Mask mask = k < 3 ? masks[k] : (Mask){.picture = blind, .tokens = maps[m].rows};
                double v = value(measure_at(place)->name, (Measured){.map = maps[m], .mask = mask});
                assert_true(isfinite(v));
            }
    assert_null(measure_at(-1)), assert_null(measure_at(measure_count()));
    assert_int_equal(measure_place("no such"), -1);
}

static void the_columns_come_first(void **state) {
    (void)state;
    static const char *const columns[] = {"confidence_max", "confidence_avg", "focus",       "focus_normalised",
                                          "sparsity",       "distribution",   "uniformity",  "self",
                                          "next",           "previous",       "first_token", "sep",
                                          "punctuation",    "entropy",        "distance",    "effective_context"};
    for (int c = 0; c < 16; c++) {
        assert_string_equal(measure_at(c)->name, columns[c]);
        assert_true(measure_at(c)->plain);
    }
    for (int m = 16; m < measure_count(); m++) assert_false(measure_at(m)->plain);
}

static void fingerprints_by_hand(void **state) {
    (void)state;
    float cells[] = {1, 0, 0, .5f, .5f, 0, .2f, .3f, .5f}, out[5];
    measure_offsets((Mat){cells, 3, 3, 3}, (Mask){0}, 2, out);
    const double full[] = {.2, .4, 2.0 / 3, 0, 0};
    for (int o = 0; o < 5; o++) near(out[o], full[o], 1e-6);
    measure_offsets((Mat){cells, 3, 3, 3}, (Mask){.window = 2}, 2, out);
    near(out[0], 0, 0); /* no pair of that distance is allowed */
    near(out[1], .4, 1e-6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goldens_of_uniform_attention),
        cmocka_unit_test(what_a_mask_leaves_no_choice_is_left_out),
        cmocka_unit_test(shares_by_hand),
        cmocka_unit_test(far_is_five_words),
        cmocka_unit_test(the_median_is_that_of_sorting),
        cmocka_unit_test(every_measure_is_a_number),
        cmocka_unit_test(the_columns_come_first),
        cmocka_unit_test(fingerprints_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
