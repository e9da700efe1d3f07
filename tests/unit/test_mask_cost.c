/* attention/mask_cost and attention/reach: closed forms against counting, reach against walking layer by layer, and the
 * numbers that papers and the projects before this one print. */
#include "fixture.h"
#include "attention/attention.h"
#include "attention/mask_cost.h"
#include "attention/mask_table.h"
#include "attention/reach.h"
#include "weights/mask_json.h"

#include <limits.h>

static const Mask CAUSAL = {.causal = true};

static Mask local(int radius) {
    return (Mask){.window = radius + 1};
}

/* n/4 and n/5, at least 1, as the command line chooses them. */
static Mask usual_local(int n) {
    return local(n / 4 > 1 ? n / 4 : 1);
}

static Mask usual_global(int n) {
    Mask m = usual_local(n);
    m.global = n / 5 > 1 ? n / 5 : 1;
    return m;
}

static void the_printed_counts(void **state) {
    (void)state;
    static const struct {
        int n, causal, local, global;
    } golden[] = {{6, 21, 16, 24},     {9, 45, 39, 51}, {10, 55, 44, 70}, {12, 78, 72, 102}, {16, 136, 124, 184},
                  {25, 325, 283, 443}, {4, 10, 10, 14}, {1, 1, 1, 1},     {2, 3, 4, 4},      {3, 6, 7, 9}};
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
        int n = golden[i].n;
        assert_int_equal(mask_closed_form(CAUSAL, n), golden[i].causal);
        assert_int_equal(mask_closed_form(usual_local(n), n), golden[i].local);
        assert_int_equal(mask_closed_form(usual_global(n), n), golden[i].global);
    }
    assert_int_equal(mask_closed_form((Mask){.causal = true, .window = 3}, 8), 21); /* W counts the token itself */
    assert_int_equal(mask_closed_form((Mask){.causal = true, .window = 4}, 8), 26); /* W more than itself */
}

static Mask random_mask(Rng *rng, int most) {
    Mask m = {.causal = random_int(rng, 2)};
    for (int k = 0; k < MASK_KNOBS; k++)
        if (random_int(rng, 3) == 0)
            *mask_knob_at(&m, &MASK_KNOB[k]) =
                random_int(rng, 8) ? random_int(rng, most) : INT_MAX - random_int(rng, 2);
    return m;
}

static void expect_closed(Mask m, int n) {
    long long closed = mask_closed_form(m, n), counted = mask_count(m, n);
    if (closed == counted) return;
    String mask = {0};
    mask_json_add(&mask, m);
    wrong("n %d, %s: %lld, counted %lld", n, mask.text, closed, counted);
}

static void closed_forms_equal_counting(void **state) {
    (void)state;
    Rng rng = test_rng(80);
    bool named[45];
    static const bool two_named[] = {0, 1, 0, 0, 1};
    for (int trial = 0; trial < 30000; trial++) {
        Mask m = random_mask(&rng, 45);
        if (random_int(&rng, 3) == 0) { /* of fewer, as many, or more tokens than there are */
            m.global_at = named, m.tokens = random_int(&rng, 45);
            for (int i = 0; i < m.tokens; i++) named[i] = random_int(&rng, 6) == 0;
        }
        expect_closed(m, random_int(&rng, 40));
    }
    for (int trial = 0; trial < 40; trial++) {
        Mask m = random_mask(&rng, 300000);
        if (trial % 2) m.global_at = two_named, m.tokens = 5;
        expect_closed(m, 100000 + random_int(&rng, 100000));
    }
    assert_true(mask_closed_form((Mask){.picture = (bool[]){true}, .tokens = 1}, 1) == -1);
}

/* Where counting would take a day, and 32 bits are not enough. */
static void closed_forms_of_the_longest_text(void **state) {
    (void)state;
    const long long n = INT_MAX, all = n * n, half = (n + 1) / 2 * n;
    const bool first[] = {true}, third[] = {false, false, true};
    const struct {
        Mask mask;
        long long pairs;
    } cases[] = {{{0}, all},
                 {CAUSAL, half},
                 {{.window = 1}, n},
                 {{.window = INT_MAX}, all},
                 {{.dilation = INT_MAX}, n},
                 {{.window = INT_MAX, .dilation = INT_MAX, .causal = true}, n},
                 {{.dilation = 2}, (n + 1) / 2 * ((n + 1) / 2) + n / 2 * (n / 2)},
                 {{.global = INT_MAX, .window = 1}, all},
                 {{.global = 1, .window = 1}, 3 * n - 2},
                 {{.window = 1, .global_at = first, .tokens = 1}, 3 * n - 2},
                 {{.window = 1, .global_at = first, .tokens = 1, .causal = true}, 2 * n - 1},
                 {{.window = 1, .global_at = third, .tokens = 3, .valid = 2}, 4},
                 {{.causal = true, .window = 4, .sinks = 4}, 4 * n - 6 + 4 * (n - 4) - 6},
                 {{.window = 1, .sinks = INT_MAX}, all},
                 {{.causal = true, .window = INT_MAX - 1, .stride = INT_MAX - 1}, half},
                 {{.causal = true, .window = 1, .stride = INT_MAX - 1}, n + 1},
                 {{.window = INT_MAX, .dilation = INT_MAX, .stride = INT_MAX - 1}, n + 2},
                 {{.dilation = 2, .stride = 2}, (n + 1) / 2 * ((n + 1) / 2) + n / 2 * (n / 2)},
                 {{.causal = true, .prefix = INT_MAX}, all},
                 {{.causal = true, .prefix = INT_MAX - 1}, all - (n - 1)},
                 {{.chunk = INT_MAX}, all},
                 {{.chunk = INT_MAX - 1}, (n - 1) * (n - 1) + 1},
                 {{.chunk = 1}, n},
                 {{.valid = INT_MAX}, all},
                 {{.valid = INT_MAX - 1}, n * (n - 1)},
                 {{.valid = 1, .window = 2}, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        long long closed = mask_closed_form(cases[i].mask, INT_MAX);
        if (closed != cases[i].pairs) wrong("case %zu: %lld, expected %lld", i, closed, cases[i].pairs);
        assert_true(mask_cost(cases[i].mask, INT_MAX, 1, 1).cells == closed);
    }
}

/* Of how many tokens the query knows after so many layers. */
static int seen_after(const Reach *reach, int query, int layers) {
    int seen = 0;
    for (int key = 0; key < reach->n; key++) {
        int first = reach->first[query * reach->n + key];
        seen += first >= 0 && first <= layers;
    }
    return seen;
}

static int deepest(const Reach *reach) {
    int most = 0;
    for (int i = 0; i < reach->n * reach->n; i++) most = reach->first[i] > most ? reach->first[i] : most;
    return most;
}

static void expect_seen(Mask mask, int query, const int *seen, int layers) {
    Reach reach = reach_new(mask, 16);
    for (int l = 0; l < layers; l++) assert_int_equal(seen_after(&reach, query, l + 1), seen[l]);
    assert_int_equal(seen_after(&reach, query, 0), 1);
    reach_free(&reach);
}

static void the_printed_reach(void **state) {
    (void)state;
    expect_seen((Mask){.causal = true, .window = 3}, 15, (const int[]){3, 5, 7, 9}, 4);
    expect_seen((Mask){.causal = true, .window = 4}, 15, (const int[]){4, 7, 10, 13}, 4);
    expect_seen(local(2), 8, (const int[]){5, 9, 13, 16}, 4);
    expect_seen((Mask){.window = 2, .global = 1}, 8, (const int[]){4, 16}, 2);
    expect_seen((Mask){.window = 2, .global = 1, .causal = true}, 8, (const int[]){3, 4, 5, 6}, 4);
    Reach mistral = reach_new((Mask){.causal = true, .window = 33}, 200); /* 32 layers back, in small */
    assert_int_equal(seen_after(&mistral, 199, 5), 5 * 32 + 1);
    assert_int_equal(deepest(&mistral), 7);
    assert_int_equal(mistral.first[199], -1);
    reach_free(&mistral);
    Reach chunks = reach_new((Mask){.chunk = 8}, 16);
    assert_int_equal(deepest(&chunks), 1);
    assert_int_equal(chunks.first[8], -1);
    reach_free(&chunks);
    Reach none = reach_new((Mask){0}, 0);
    assert_int_equal(deepest(&none), 0);
    reach_free(&none);
}

/* The definition, by booleans: after layer l + 1 a query knows what one of its keys knew after l. */
static void reach_is_walked_layer_by_layer(void **state) {
    (void)state;
    enum { N = 70 };
    Rng rng = test_rng(81);
    static bool allowed[N][N], now[N][N], next[N][N];
    for (int trial = 0; trial < 20; trial++) {
        Mask m = {.causal = random_int(&rng, 2),
                  .window = 1 + random_int(&rng, 9),
                  .dilation = random_int(&rng, 4),
                  .global = random_int(&rng, 2),
                  .chunk = trial % 3 ? 0 : 30,
                  .valid = trial % 4 ? 0 : 60};
        Reach reach = reach_new(m, N);
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) now[i][j] = i == j, allowed[i][j] = mask_allows(m, i, j);
        for (int layer = 0; layer < N; layer++) {
            for (int i = 0; i < N; i++)
                for (int j = 0; j < N; j++)
                    if (now[i][j] != (reach.first[i * N + j] >= 0 && reach.first[i * N + j] <= layer))
                        wrong("trial %d: (%d, %d) after %d layers", trial, i, j, layer);
            for (int i = 0; i < N; i++)
                for (int j = 0; j < N; j++) {
                    next[i][j] = now[i][j];
                    for (int t = 0; t < N && !next[i][j]; t++) next[i][j] = allowed[i][t] && now[t][j];
                }
            memcpy(now, next, sizeof now);
        }
        reach_free(&reach);
    }
}

static void one_pair_as_in_the_matrix(void **state) {
    (void)state;
    enum { N = 40 };
    Rng rng = test_rng(84);
    for (int trial = 0; trial < 100; trial++) {
        Mask m = random_mask(&rng, trial % 2 ? 5 : 45);
        bool named[3] = {0, 0, trial % 3 == 0};
        if (trial % 3 == 0) m.global_at = named, m.tokens = 3;
        Reach reach = reach_new(m, N);
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) {
                int layers;
                assert_true(reach_layers(m, N, i, j, &layers));
                if (layers != reach.first[i * N + j]) wrong("trial %d: (%d, %d) after %d layers", trial, i, j, layers);
            }
        reach_free(&reach);
    }
}

/* Wide rows are not looked through again and again, nor is there a bit for each token of a text as long as an int. */
static void one_pair_of_a_long_text(void **state) {
    (void)state;
    const struct {
        Mask mask;
        int n, query, key, layers;
    } cases[] = {{local(1), 1000000, 0, 999999, 999999},
                 {local(100000), 10000001, 0, 10000000, 100},
                 {local(100000), 10000002, 10000001, 0, 101},
                 {{.window = 100001, .causal = true}, 10000001, 10000000, 0, 100},
                 {CAUSAL, INT_MAX, 0, INT_MAX - 1, -1},
                 {CAUSAL, INT_MAX, INT_MAX - 1, 0, 1},
                 {{0}, INT_MAX, 0, INT_MAX - 1, 1},
                 {{0}, INT_MAX, INT_MAX - 1, INT_MAX - 1, 0},
                 {{.window = 2, .global_at = (const bool[]){0, 0, 0, 1}, .tokens = 4}, INT_MAX, 0, INT_MAX - 1, 2},
                 {{.dilation = 1 << 30}, INT_MAX, 0, 1 << 30, 1},
                 {{.window = 1}, INT_MAX, 0, 1, -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int layers;
        assert_true(reach_layers(cases[i].mask, cases[i].n, cases[i].query, cases[i].key, &layers));
        if (layers != cases[i].layers) wrong("case %zu: %d layers, expected %d", i, layers, cases[i].layers);
    }
    int least;
    assert_false(reach_layers(local(1), INT_MAX, 0, INT_MAX - 1, &least));
    assert_in_range(least, 1 << 20, INT_MAX - 2);
    assert_false(reach_layers((Mask){.chunk = 1 << 30}, INT_MAX, 0, INT_MAX - 1, &least));
    assert_int_equal(least, 1);
}

static void entropy_ceilings(void **state) {
    (void)state;
    assert_close(mask_entropy_ceiling((Mask){0}, 6), 6 * log(6), 1e-12, "full");
    assert_close(mask_entropy_ceiling(CAUSAL, 20), lgamma(21), 1e-10, "ln 20!");
    assert_close(mask_entropy_ceiling((Mask){.causal = true, .window = 1}, 9), 0, 0, "identity");
    assert_close(mask_entropy_ceiling((Mask){.causal = true, .window = 2, .valid = 4}, 8), 3 * log(2), 1e-12,
                 "padding");
}

/* A head, the same head under a mask: what was lost comes back to what is left, so row by row the two agree. */
static void what_a_mask_takes_away(void **state) {
    (void)state;
    Rng rng = test_rng(82);
    for (int trial = 0; trial < 50; trial++) {
        int n = 1 + random_int(&rng, 30);
        Mat q = random_mat(&rng, n, 8), k = random_mat(&rng, n, 8), before = mat_new(n, n), after = mat_new(n, n);
        Mat apart = mat_new(n, n);
        Mask mask = {.window = 1 + random_int(&rng, 5), .causal = trial % 2, .global = random_int(&rng, 2)};
        if (trial > 25) mask.dilation = random_int(&rng, 5);
        float lost[30], shift[30];
        attention_maps(attention_of(q, k, (Mat){0}, 1, (Mask){0}), before),
            attention_maps(attention_of(q, k, (Mat){0}, 1, mask), after);
        mask_lost_mass(lost, before, mask), map_row_shift(shift, after, before), map_difference(apart, after, before);
        for (int i = 0; i < n; i++) {
            double kept = 0, gained = 0, sum = 0;
            for (int j = 0; j < n; j++) {
                kept += mask_allows(mask, i, j) ? (double)mat_at(before, i, j) : 0;
                gained += fmax(0, (double)mat_at(apart, i, j)), sum += (double)mat_at(apart, i, j);
            }
            assert_close((double)lost[i], 1 - kept, 2e-6, "lost");
            assert_close((double)shift[i], (double)lost[i], 2e-6, "renormalising moves exactly what was lost");
            assert_close(gained, (double)lost[i], 2e-6, "gained");
            assert_close(sum, 0, 2e-6, "nothing vanishes");
        }
        mat_free(&q), mat_free(&k), mat_free(&before), mat_free(&after), mat_free(&apart);
    }
}

/* (3, 4) becomes (3, 8): 4 of a length of 5. What stays has not moved, and from nothing no share can be told. */
static void rows_by_hand(void **state) {
    (void)state;
    float before[] = {3, 4, 1, 2, 0, 0}, after[] = {3, 8, 1, 2, 0, 0}, moved[3];
    rows_moved(moved, (Mat){after, 3, 2, 2}, (Mat){before, 3, 2, 2});
    assert_close((double)moved[0], 0.8, 1e-7, "moved");
    assert_true(moved[1] == 0 && moved[2] == 0);
}

static void costs(void **state) {
    (void)state;
    MaskCost dense = mask_cost((Mask){0}, 16384, 8, 64), narrow = mask_cost(local(128), 16384, 8, 64);
    assert_true(dense.flops == 4.0 * 64 * 8 * 16384 * 16384);
    assert_true(dense.maps_bytes == 8.0 * 16384 * 16384 * 4 && dense.kept_bytes == dense.maps_bytes);
    assert_int_equal(narrow.cells, 16384 * 257 - 128 * 129);
    assert_true(narrow.kept_bytes == (double)narrow.cells * 32);
    Rng rng = test_rng(83);
    for (int trial = 0; trial < 100; trial++) { /* masks without a closed form are counted */
        int n = 1 + random_int(&rng, 150);
        bool global_at[150], picture[150 * 150];
        for (int i = 0; i < n; i++) global_at[i] = random_int(&rng, 20) == 0;
        for (int i = 0; i < n * n; i++) picture[i] = random_int(&rng, 3) == 0;
        Mask m = {.window = 1 + random_int(&rng, 20), .causal = trial % 2, .global_at = global_at, .tokens = n};
        if (trial % 3 == 0) m.picture = picture;
        assert_int_equal(mask_cost(m, n, 1, 1).cells, mask_count(m, n));
    }
    assert_true(narrow.scratch_bytes < 2e6 && narrow.scratch_bytes > 1e5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_printed_counts),
        cmocka_unit_test(closed_forms_of_the_longest_text),
        cmocka_unit_test(the_printed_reach),
        cmocka_unit_test(entropy_ceilings),
        cmocka_unit_test(what_a_mask_takes_away),
        cmocka_unit_test(rows_by_hand),
        cmocka_unit_test(costs),
        cmocka_unit_test(one_pair_as_in_the_matrix),
        cmocka_unit_test(closed_forms_equal_counting),
        cmocka_unit_test(reach_is_walked_layer_by_layer),
        cmocka_unit_test(one_pair_of_a_long_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
