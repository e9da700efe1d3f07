/* The order test of two maps, by hand: a head of three tokens that come back as 2, 0, 1. */
#include "attention/order.h"
#include "expect.h"

static const int FROM[] = {2, 0, 1};

static OrderTest test_of(float *a, float *b, float *back) {
    return order_test((Mat){a, 3, 3, 3}, (Mat){b, 3, 3, 3}, FROM, (Mat){back, 3, 3, 3});
}

/* Words 1 and 2 look at word 0, which looks at word 1. In the new order (2, 0, 1): token 0 at 1, 1 at 2, 2 at 1. */
static void test_words(void **state) {
    (void)state;
    float a[] = {0, 1, 0, 1, 0, 0, 1, 0, 0}, b[] = {0, 1, 0, 0, 0, 1, 0, 1, 0}, back[9];
    OrderTest test = test_of(a, b, back);
    for (int at = 0; at < 9; at++) assert_float_equal(back[at], a[at], 0);
    assert_float_equal(test.by_word, 0, 1e-12);
    assert_float_equal(test.by_place, 2. / 3, 1e-12); /* the first row is the same, the others share no key */
    assert_int_equal(test.follows, FOLLOWS_WORDS);
}

/* Each place looks at the one behind it, whatever stands there. */
static void test_places(void **state) {
    (void)state;
    float a[] = {0, 1, 0, 0, 0, 1, 0, 0, 1}, b[9], back[9];
    for (int at = 0; at < 9; at++) b[at] = a[at];
    OrderTest test = test_of(a, b, back);
    assert_float_equal(test.by_place, 0, 1e-12);
    assert_int_equal(test.follows, FOLLOWS_PLACES);
}

/* All look everywhere alike: nothing moves either way, and nothing is followed. */
static void test_neither(void **state) {
    (void)state;
    float a[9], back[9];
    for (int at = 0; at < 9; at++) a[at] = 1.F / 3;
    OrderTest test = test_of(a, a, back);
    assert_float_equal(test.by_place, 0, 1e-12);
    assert_float_equal(test.by_word, 0, 1e-12);
    assert_int_equal(test.follows, FOLLOWS_NEITHER);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_words), cmocka_unit_test(test_places),
                                       cmocka_unit_test(test_neither)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
