/* attention/mask against brute force and the closed forms of the field. */
#include "fixture.h"
#include "attention/mask_options.h"
#include "weights/mask_json.h"

#include <limits.h>

/* ---- spans against the rule ---- */

enum { MOST_SIDE = 48, TRIALS = 30000 };

typedef struct {
    Mask mask;
    bool global_at[MOST_SIDE], picture[MOST_SIDE * MOST_SIDE];
    int queries, keys;
} Drawn;

/* Off, small, about the size of the text, or as large as an int gets. */
static int random_knob(Rng *rng, int side) {
    switch (random_int(rng, 6)) {
    case 0: return random_int(rng, side + 4);
    case 1: return 1 + random_int(rng, 3);
    case 2: return random_int(rng, 12) ? 0 : INT_MAX - random_int(rng, 3);
    default: return 0;
    }
}

static void draw_mask(Rng *rng, Drawn *d) {
    d->queries = 1 + random_int(rng, MOST_SIDE);
    d->keys = random_int(rng, 3) ? d->queries : 1 + random_int(rng, MOST_SIDE); /* cross-attention: n != m */
    int side = d->queries > d->keys ? d->queries : d->keys;
    d->mask = (Mask){.causal = random_int(rng, 2)};
    for (int k = 0; k < MASK_KNOBS; k++) *mask_knob_at(&d->mask, &MASK_KNOB[k]) = random_knob(rng, side);
    if (random_int(rng, 4) == 0) {
        for (int i = 0; i < side; i++) d->global_at[i] = random_int(rng, 5) == 0;
        d->mask.global_at = d->global_at;
        d->mask.tokens = random_int(rng, 3) ? side : random_int(rng, side); /* the rest is not named */
    }
    if (random_int(rng, 6) == 0) {
        for (int i = 0; i < side * side; i++) d->picture[i] = random_int(rng, 3) > 0;
        d->mask.picture = d->picture, d->mask.tokens = side;
    }
}

static void fail_with(const Drawn *d, int query, const char *what) {
    String mask = {0};
    mask_json_add(&mask, d->mask);
    wrong("%s: query %d of %d, %d keys, %s", what, query, d->queries, d->keys, mask.text);
}

/* Walks one row and checks every cell, the order, and that no key comes twice. Returns the keys. */
static int check_row(const Drawn *d, int query) {
    int done = 0, count = 0;
    for (Span s = {0}; mask_next_span(d->mask, d->keys, query, &s);) {
        if (s.step < 1 || s.first < done || s.end <= s.first || s.end > d->keys)
            fail_with(d, query, "a span out of order");
        for (int key = done; key < s.end; key++) {
            bool inside = key >= s.first && (key - s.first) % s.step == 0;
            if (inside != mask_allows(d->mask, query, key)) fail_with(d, query, "a span differs from the rule");
            count += inside;
        }
        int last = s.first + (span_keys(s) - 1) * s.step;
        if (s.end != last + 1 || (last == s.first && s.step != 1)) fail_with(d, query, "a span with a loose end");
        done = s.end;
    }
    for (int key = done; key < d->keys; key++)
        if (mask_allows(d->mask, query, key)) fail_with(d, query, "an allowed key is in no span");
    return count;
}

static void spans_equal_the_rule(void **state) {
    (void)state;
    Rng rng = test_rng(30);
    static Drawn d;
    for (int trial = 0; trial < TRIALS; trial++) {
        draw_mask(&rng, &d);
        long long count = 0, all = (long long)d.queries * d.keys;
        for (int query = 0; query < d.queries; query++) count += check_row(&d, query);
        if (d.queries == d.keys && mask_count(d.mask, d.keys) != count) fail_with(&d, -1, "mask_count differs");
        if (mask_is_full(d.mask) && count != all) fail_with(&d, -1, "a 'full' mask forbids something");
    }
}

/* The shortcut for the zeroed rule must not miss a knob that forbids. */
static void only_the_empty_rule_is_full(void **state) {
    (void)state;
    static const bool nothing[4] = {false};
    assert_true(mask_is_full((Mask){0}) && mask_is_full((Mask){.dilation = 1}));
    assert_true(mask_is_full((Mask){.global = 2, .prefix = 3, .global_at = nothing, .tokens = 4})); /* they only open */
    const Mask masks[] = {{.causal = true}, {.window = 1}, {.dilation = 2},
                          {.chunk = 2},     {.valid = 2},  {.picture = nothing, .tokens = 2}};
    for (int i = 0; i < 6; i++) assert_false(mask_is_full(masks[i]));
}

/* The definition itself, knob by knob, in the words of mask.h. */
static void each_knob_means_what_it_says(void **state) {
    (void)state;
    static const bool marked[20] = {[3] = true, [9] = true};
    static bool drawn[400];
    for (int i = 0; i < 400; i++) drawn[i] = i % 7 < 3;
    for (int i = 0; i < 20; i++)
        for (int j = 0; j < 20; j++) {
            int apart = abs(i - j);
            assert_true(mask_allows((Mask){0}, i, j));
            assert_int_equal(mask_allows((Mask){.causal = true}, i, j), j <= i);
            assert_int_equal(mask_allows((Mask){.window = 4}, i, j), apart < 4);
            assert_int_equal(mask_allows((Mask){.dilation = 3}, i, j), apart % 3 == 0);
            assert_int_equal(mask_allows((Mask){.window = 3, .dilation = 3}, i, j), apart % 3 == 0 && apart <= 6);
            assert_int_equal(mask_allows((Mask){.window = 2, .global = 2}, i, j), apart < 2 || i < 2 || j < 2);
            assert_int_equal(mask_allows((Mask){.causal = true, .window = 2, .global = 2}, i, j),
                             j <= i && (apart < 2 || j < 2));
            assert_int_equal(mask_allows((Mask){.window = 2, .global_at = marked, .tokens = 20}, i, j),
                             apart < 2 || i == 3 || i == 9 || j == 3 || j == 9);
            assert_int_equal(mask_allows((Mask){.window = 2, .sinks = 3}, i, j), apart < 2 || j < 3);
            assert_int_equal(mask_allows((Mask){.window = 2, .stride = 4}, i, j), apart < 2 || apart % 4 == 0);
            assert_int_equal(mask_allows((Mask){.causal = true, .prefix = 5}, i, j), j <= i || (i < 5 && j < 5));
            assert_int_equal(mask_allows((Mask){.prefix = 5}, i, j), true);
            assert_int_equal(mask_allows((Mask){.chunk = 6}, i, j), i / 6 == j / 6);
            assert_int_equal(mask_allows((Mask){.valid = 11}, i, j), j < 11);
            assert_int_equal(mask_allows((Mask){.picture = drawn, .tokens = 20}, i, j), drawn[i * 20 + j]);
            assert_int_equal(mask_allows((Mask){.picture = drawn, .tokens = 20, .window = 3}, i, j),
                             drawn[i * 20 + j] && apart < 3);
        }
}

/* ---- counts that the field knows ---- */

static void counts_follow_the_closed_forms(void **state) {
    (void)state;
    for (long long n = 1; n <= 60; n++) {
        assert_int_equal(mask_count((Mask){0}, (int)n), n * n);
        assert_int_equal(mask_count((Mask){.causal = true}, (int)n), n * (n + 1) / 2);
        for (long long w = 1; w <= n; w++)
            assert_int_equal(mask_count((Mask){.causal = true, .window = (int)w}, (int)n), n * w - w * (w - 1) / 2);
        for (long long w = 0; w < n; w++)
            assert_int_equal(mask_count((Mask){.window = (int)w + 1}, (int)n), n * (2 * w + 1) - w * (w + 1));
        for (long long valid = 1; valid <= n; valid++)
            assert_int_equal(mask_count((Mask){.valid = (int)valid}, (int)n), n * valid);
    }
    assert_int_equal(mask_count((Mask){.causal = true, .window = 3}, 8), 21);
    assert_int_equal(mask_count((Mask){.causal = true, .window = 4}, 8), 26);
    assert_int_equal(mask_count((Mask){.causal = true, .window = 1}, 8), 8);
}

/* Local with radius n/4 and that with n/5 global tokens, both at least 1: a published visualiser's defaults, counted
 * there. */
static void counts_of_a_published_visualiser(void **state) {
    (void)state;
    static const int counts[][4] = {{1, 1, 1, 1},        {2, 3, 4, 4},       {3, 6, 7, 9},     {4, 10, 10, 14},
                                    {6, 21, 16, 24},     {9, 45, 39, 51},    {10, 55, 44, 70}, {12, 78, 72, 102},
                                    {16, 136, 124, 184}, {25, 325, 283, 443}};
    static const int kinds[] = {MASK_CAUSAL, MASK_LOCAL, MASK_GLOBAL_LOCAL};
    for (int i = 0; i < 10; i++)
        for (int rule = 0; rule < 3; rule++) {
            MaskOptions options = mask_options_new(kinds[rule]);
            NamedMask mask = mask_from_options(&options, counts[i][0]);
            assert_int_equal(mask_count(mask.rule, counts[i][0]), counts[i][rule + 1]);
            named_mask_free(&mask);
        }
}

/* How many tokens a token hears of through `layers` layers, itself included. */
static int reach(Mask mask, int n, int token, int layers) {
    bool seen[64] = {false};
    seen[token] = true;
    for (int l = 0; l < layers; l++) {
        bool next[64] = {false};
        for (int i = 0; i < n; i++)
            for (Span s = {0}; seen[i] && mask_next_span(mask, n, i, &s);)
                for (int key = s.first; key < s.end; key += s.step) next[key] = true;
        memcpy(seen, next, sizeof seen);
    }
    int count = 0;
    for (int i = 0; i < n; i++) count += seen[i];
    return count;
}

static void news_travels_through_layers(void **state) {
    (void)state;
    const struct {
        Mask mask;
        int token, after[4]; /* layers 1..4, n = 16 */
    } rows[] = {{{.causal = true, .window = 3}, 15, {3, 5, 7, 9}},
                {{.causal = true, .window = 4}, 15, {4, 7, 10, 13}},
                {{.window = 3}, 8, {5, 9, 13, 16}},
                {{.window = 2, .global = 1}, 8, {4, 16, 16, 16}},
                {{.causal = true, .window = 2, .global = 1}, 8, {3, 4, 5, 6}}};
    for (int i = 0; i < 5; i++)
        for (int layers = 1; layers <= 4; layers++)
            assert_int_equal(reach(rows[i].mask, 16, rows[i].token, layers), rows[i].after[layers - 1]);
    for (int w = 1; w <= 6; w++)
        for (int layers = 1; layers <= 6; layers++) {
            int expected = 1 + layers * (w - 1);
            assert_int_equal(reach((Mask){.causal = true, .window = w}, 40, 39, layers), expected < 40 ? expected : 40);
        }
}

/* ---- work and sizes ---- */

/* A row of a long text costs what it allows: two spans and an end at most. A walk over all n keys of each of the
 * million rows would not end within an hour. */
static void walking_costs_what_is_allowed(void **state) {
    (void)state;
    enum { N = 1000000 };
    const Mask masks[] = {{.causal = true, .window = 5},
                          {.causal = true, .window = 4, .sinks = 3},
                          {.window = 3, .global = 2},
                          {.window = 4, .dilation = 1000},
                          {.chunk = 7, .causal = true},
                          {.valid = 3},
                          {.causal = true, .prefix = 4, .window = 2}};
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        long long calls = 0, keys = 0;
        for (int query = 0; query < N; query++) {
            calls++; /* the one that says no more */
            for (Span s = {0}; mask_next_span(masks[i], N, query, &s); calls++) keys += span_keys(s);
        }
        assert_true(calls <= 3LL * N && calls > N);
        assert_true(keys <= (masks[i].global ? 9LL : 7LL) * N); /* two rows are full under a global mask */
        assert_true(keys == mask_count(masks[i], N));
    }
}

/* A comb before a band: two ranges, and the first ends where the other begins. Under a dilated band their keys lie
 * between each other. */
static void a_comb_and_a_band_are_two_ranges(void **state) {
    (void)state;
    const Mask strided = {.causal = true, .window = 5, .stride = 5};
    Span s = {0};
    assert_true(mask_next_span(strided, 1000, 33, &s) && s.first == 3 && s.end == 29 && s.step == 5);
    assert_true(mask_next_span(strided, 1000, 33, &s) && s.first == 29 && s.end == 34 && s.step == 1);
    assert_false(mask_next_span(strided, 1000, 33, &s));
    for (int query = 0; query < 1000; query++) {
        int spans = 0, keys = 0;
        for (s = (Span){0}; mask_next_span(strided, 1000, query, &s); spans++) keys += span_keys(s);
        assert_int_equal(spans, query < 5 ? 1 : 2);
        assert_int_equal(keys, query < 5 ? query + 1 : 5 + query / 5);
    }
    const Mask both_ways = {.window = 3, .stride = 7}; /* comb, band, comb; the last query has no key behind it */
    s = (Span){0};
    assert_true(mask_next_span(both_ways, 40, 20, &s) && s.first == 6 && s.end == 14 && s.step == 7);
    assert_true(mask_next_span(both_ways, 40, 20, &s) && s.first == 18 && s.end == 23 && s.step == 1);
    assert_true(mask_next_span(both_ways, 40, 20, &s) && s.first == 27 && s.end == 35 && s.step == 7);
    assert_false(mask_next_span(both_ways, 40, 20, &s));
}

/* The first query's band ends inside of the sinks: the longer range is taken, and nothing is left for a second one. */
static void of_ranges_that_begin_alike_the_longer_is_walked(void **state) {
    (void)state;
    const Mask sinks = {.window = 2, .sinks = 4};
    Span s = {0};
    assert_true(mask_next_span(sinks, 8, 0, &s) && s.first == 0 && s.end == 4 && s.step == 1);
    assert_false(mask_next_span(sinks, 8, 0, &s));
}

/* Products of two knobs pass 32 bits; n itself may be as large as an int. */
static void knobs_near_the_largest_int(void **state) {
    (void)state;
    static const int queries[] = {0, 1, 7, 1 << 20, INT_MAX / 2, INT_MAX - 2, INT_MAX - 1};
    static const int knobs[] = {0, 1, 2, 1 << 16, INT_MAX / 2, INT_MAX - 1, INT_MAX};
    for (int trial = 0; trial < 7 * 7 * 7 * 7; trial++) {
        int window = knobs[trial % 7], dilation = knobs[trial / 7 % 7], chunk = knobs[trial / 49 % 7],
            query = queries[trial / 343];
        for (int rest = 0; rest < 8; rest++) {
            Mask m = {.window = window,
                      .dilation = dilation,
                      .chunk = chunk,
                      .causal = rest & 1,
                      .global = rest & 2 ? knobs[(trial + 3) % 7] : 0,
                      .prefix = rest & 4 ? INT_MAX : 0};
            int last = -1, spans = 0;
            for (Span s = {0}; mask_next_span(m, INT_MAX, query, &s); spans++) {
                assert_true(s.first > last && s.end > s.first && s.step >= 1 && span_keys(s) >= 1);
                long long end = (long long)s.first + (long long)(span_keys(s) - 1) * s.step; /* the span's last key */
                assert_true(end == s.end - 1 && (end > s.first || s.step == 1) && mask_allows(m, query, s.first) &&
                            mask_allows(m, query, (int)end));
                last = (int)end;
            }
            assert_true(spans >= 1 && spans <= 2); /* a token always sees itself under these knobs */
        }
    }
}

/* ---- the picture of '#' and '.' ---- */

static const char *picture_path(void) {
    return test_path("mask.txt");
}

static void what_is_printed_can_be_read(void **state) {
    (void)state;
    Rng rng = test_rng(31);
    static Drawn d;
    for (int trial = 0; trial < 300; trial++) {
        draw_mask(&rng, &d);
        int n = d.queries = d.keys = d.mask.tokens ? d.mask.tokens : d.keys;
        FILE *file = fopen(picture_path(), "w");
        mask_print(d.mask, n, file);
        assert_int_equal(ftell(file), n * (n + 1));
        fclose(file);
        bool *read = mask_read_picture(picture_path(), n);
        Mask again = {.picture = read, .tokens = n};
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                if (mask_allows(d.mask, i, j) != mask_allows(again, i, j)) fail_with(&d, i, "the picture differs");
        memory_free(read);
    }
    assert_int_equal(remove(picture_path()), 0);
}

static void a_picture_is_what_one_expects(void **state) {
    (void)state;
    char text[64] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    mask_print((Mask){.causal = true, .window = 2}, 4, out);
    fclose(out);
    assert_string_equal(text, "#...\n##..\n.##.\n..##\n");
}

static void read_three(void *context) {
    (void)context;
    memory_free(mask_read_picture(picture_path(), 3));
}

static void bad_pictures_are_refused(void **state) {
    (void)state;
    const struct {
        const char *text;
        size_t size;
        const char *says;
    } cases[] = {{"", 0, "0 lines (expected 3"},
                 {"###\n###\n", 8, "2 lines (expected 3"},
                 {"###\n###\n###\n###\n", 16, "4 lines (expected 3"},
                 {"###\n##\n###\n", 11, ":2: 2 cells in this line (expected 3"},
                 {"###\n###\n####\n", 13, ":3: 4 cells in this line (expected 3"},
                 {"###\n###\n##", 10, ":3: 2 cells in this line (expected 3"},
                 {"###\n\n###\n###\n", 13, ":2: 0 cells in this line"},
                 {"###\n###\n###\n\n", 13, ":4: 0 cells in this line"},
                 {"###\n#x#\n###\n", 12, ":2: expected only '#' and '.', got 'x'"},
                 {"###\n#\0#\n###\n", 12, ":2: expected only '#' and '.', got byte 0x00"},
                 {"###\n##\xff\n###\n", 12, "got byte 0xff"},
                 {"###\n# #\n###\n", 12, ":2: 2 cells in this line (expected 3"},
                 {"###\r###\r###\r", 12, ":1: expected only '#' and '.', got byte 0x0d"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_test_file(picture_path(), cases[i].text, cases[i].size);
        expect_failure(EXIT_DATA, cases[i].says, read_three, NULL);
    }
    assert_int_equal(remove(picture_path()), 0);
    expect_failure(EXIT_ENVIRONMENT, "No such file", read_three, NULL);
}

static void line_endings_do_not_matter(void **state) {
    (void)state;
    static const char *const texts[] = {"#.#\n..#\n###\n", "#.#\r\n..#\r\n###\r\n", "#.#\n..#\n###",
                                        "#.#\r\n..#\n###\r\n"};
    for (int i = 0; i < 4; i++) {
        write_test_file(picture_path(), texts[i], strlen(texts[i]));
        bool *read = mask_read_picture(picture_path(), 3);
        static const bool expected[9] = {1, 0, 1, 0, 0, 1, 1, 1, 1};
        assert_memory_equal(read, expected, sizeof expected);
        memory_free(read);
    }
    assert_int_equal(remove(picture_path()), 0);
}

/* n comes from the command line: a small file must not cost n * n bytes before it is refused. */
static void read_two_million(void *context) {
    (void)context;
    memory_free(mask_read_picture(picture_path(), 2000000)); /* 4 TB of flags */
}

static void a_small_picture_for_a_long_text_is_refused_at_once(void **state) {
    (void)state;
    write_test_text(picture_path(), "###\n###\n###\n");
    expect_failure(EXIT_DATA, ":1: 3 cells in this line (expected 2000000", read_two_million, NULL);
    assert_int_equal(remove(picture_path()), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_equal_the_rule),
        cmocka_unit_test(only_the_empty_rule_is_full),
        cmocka_unit_test(each_knob_means_what_it_says),
        cmocka_unit_test(counts_follow_the_closed_forms),
        cmocka_unit_test(counts_of_a_published_visualiser),
        cmocka_unit_test(news_travels_through_layers),
        cmocka_unit_test(a_comb_and_a_band_are_two_ranges),
        cmocka_unit_test(of_ranges_that_begin_alike_the_longer_is_walked),
        cmocka_unit_test(knobs_near_the_largest_int),
        cmocka_unit_test(what_is_printed_can_be_read),
        cmocka_unit_test(a_picture_is_what_one_expects),
        cmocka_unit_test(bad_pictures_are_refused),
        cmocka_unit_test(line_endings_do_not_matter),
        cmocka_unit_test(a_small_picture_for_a_long_text_is_refused_at_once),
        cmocka_unit_test(walking_costs_what_is_allowed),
    };
    return cmocka_run_group_tests_name("mask", tests, make_test_folder, remove_test_folder);
}
