/* model/change and attention/value_weighted, by hand; and what view/ablate takes for a head. */
#include "fixture.h"
#include "attention/value_weighted.h"
#include "model/change.h"
#include "view/ablate.h"

/* (3, 4) becomes (3, 0): cosine 9 / 15, moved 4 / 5. (1, 0) stays. Zeros: stay, or become something. */
static void states_by_hand(void **state) {
    (void)state;
    float before[] = {3, 4, 1, 0, 0, 0, 0, 0}, after[] = {3, 0, 1, 0, 0, 0, 2, 0};
    StateChange change = state_change((Mat){after, 2, 2, 2}, (Mat){before, 2, 2, 2});
    assert_float_equal(change.cosine, 0.8, 1e-7);
    assert_float_equal(change.moved, 0.4, 1e-7);
    change = state_change((Mat){after + 4, 2, 2, 2}, (Mat){before + 4, 2, 2, 2});
    assert_float_equal(change.cosine, 0.5, 0);
    assert_float_equal(change.moved, 0.5, 0);
    float moved[4];
    state_moved(moved, (Mat){after, 4, 2, 2}, (Mat){before, 4, 2, 2});
    assert_float_equal(moved[0], 0.8, 1e-7);
    assert_true(moved[1] == 0 && moved[2] == 0 && moved[3] == 1);
}

/* Probabilities (3/4, 1/4) become (1/4, 3/4): divergence 3/4 ln 3 - 1/4 ln 3; the other row, of large logits, stays. */
static void guesses_by_hand(void **state) {
    (void)state;
    float l3 = logf(3), before[] = {l3, 0, 1000, 1000 - l3}, after[] = {0, l3, 1000, 1000 - l3};
    GuessChange change = guess_change((Mat){after, 2, 2, 2}, (Mat){before, 2, 2, 2});
    assert_float_equal(change.divergence, log(3) / 4, 1e-5);
    assert_float_equal(change.before, 0.75, 1e-5);
    assert_float_equal(change.after, 0.5, 1e-5);
    assert_int_equal(change.changed, 1);
}

/* Two heads of two columns; head 1's values are (3, 4), (0, 0), (0, 1): lengths 5, 0, 1. */
static void values_by_hand(void **state) {
    (void)state;
    float v[] = {9, 9, 3, 4, 9, 9, 0, 0, 9, 9, 0, 1}, map[] = {0.2f, 0.8f, 0, 0, 1, 0, 0.5f, 0, 0.5f}, out[9],
          lengths[3];
    Mat values = {v, 3, 4, 4};
    Attention a = attention_of(values, values, values, 2, (Mask){0});
    attention_value_weighted(&a, 1, (Mat){map, 3, 3, 3}, (Mat){out, 3, 3, 3}, lengths);
    static const float expected[] = {1, 0, 0, 0, 0, 0, 5 / 6.0f, 0, 1 / 6.0f}, of_v[] = {5, 0, 1};
    for (int i = 0; i < 9; i++) assert_float_equal(out[i], expected[i], 1e-7); /* a row of nothing stays 0, not NaN */
    for (int j = 0; j < 3; j++) assert_float_equal(lengths[j], of_v[j], 1e-7);
}

static void parse(void *text) {
    memory_free(heads_parse("--ablate", text, 2, 3));
}

static void heads_are_named(void **state) {
    (void)state;
    bool *off = heads_parse("--ablate", "1,0.2", 2, 3);
    static const bool expected[] = {false, false, true, true, true, true};
    assert_memory_equal(off, expected, sizeof expected);
    memory_free(off);
    assert_null(heads_parse("--ablate", "all", 2, 3));
    static const char *const no[] = {"", "2", "0.3", "0.", ".1", "1,", "0.1.1", "-1", "x", "all,1"};
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        expect_failure(EXIT_USAGE, "no such head|layers 0 to 1, heads 0 to 2", parse, (void *)(size_t)no[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(states_by_hand), cmocka_unit_test(guesses_by_hand),
                                       cmocka_unit_test(values_by_hand), cmocka_unit_test(heads_are_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
