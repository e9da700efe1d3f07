/* show/numbers: numbers as a data file has them, by hand. */
#include "expect.h"
#include "show/numbers.h"

#include <math.h>

static void expect_number(double value, int decimals, const char *expected) {
    String out = {0};
    data_number(&out, value, decimals);
    assert_string_equal(out.text, expected);
    string_free(&out);
}

static void test_decimals(void **state) {
    (void)state;
    expect_number(1.5, 4, "1.5");
    expect_number(-1.5, 4, "-1.5");
    expect_number(0.12345678, 4, "0.1235");
    expect_number(0.05, 4, "0.05");
    expect_number(-0.996, 2, "-1");
    expect_number(10, 0, "10");
    expect_number(999999999, 6, "999999999");
    expect_number(1e9, 4, "1e+09");
    expect_number(1.25e10, 4, "1.25e+10");
}

/* What rounds to zero has no sign, nor has a negative zero. */
static void test_no_minus_zero(void **state) {
    (void)state;
    expect_number(-0.00004, 4, "0");
    expect_number(-0.00006, 4, "-0.0001");
    expect_number(-0.4, 0, "0");
    expect_number(-0.0, 4, "0");
    expect_number(-0.0, -1, "0");
    expect_number(-1e-9, -1, "-1e-09");
}

static void test_others(void **state) {
    (void)state;
    expect_number((double)NAN, 4, "NaN");
    expect_number((double)NAN, -1, "NaN");
    expect_number(1.0 / 3, -1, "0.3333333");
    expect_number(12345678, -1, "1.234568e+07");
}

static void test_how_many(void **state) {
    (void)state;
    assert_int_equal(data_decimals(1), 4);
    assert_int_equal(data_decimals(0.5), 5);
    assert_int_equal(data_decimals(99), 3);
    assert_int_equal(data_decimals(1e6), 0);
    assert_int_equal(data_decimals(0.01), 6);
    assert_int_equal(data_decimals(0.009), -1);
    assert_int_equal(data_decimals(0), 4);
    assert_int_equal(data_decimals((double)INFINITY), 4);
}

static void test_matrix(void **state) {
    (void)state;
    Mat m = mat_new(2, 2);
    const float values[] = {0.25f, -2, 0, 1};
    const bool hidden[] = {false, false, true, false};
    memcpy(m.data, values, sizeof values);
    String out = {0};
    data_matrix(&out, m, hidden, 4);
    assert_string_equal(out.text, "0.25 -2\nNaN 1\n");
    string_free(&out), mat_free(&m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decimals), cmocka_unit_test(test_no_minus_zero), cmocka_unit_test(test_others),
        cmocka_unit_test(test_how_many), cmocka_unit_test(test_matrix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
