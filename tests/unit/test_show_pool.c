/* show/pool and show/scale: what stands for many cells, by hand. */
#include "expect.h"
#include "show/pool.h"
#include "show/scale.h"

/* Of a block, the value of the largest magnitude, signs and all; a hidden cell does not count. */
static void blocks_of_signed_values(void **state) {
    (void)state;
    Mat m = mat_new(2, 3);
    const float values[] = {1, -5, 2, 3, 0, -7};
    const bool hidden[] = {false, false, false, false, false, true};
    memcpy(m.data, values, sizeof values);
    Pool pool = pool_new(m, hidden, NULL, NULL, 2);
    assert_int_equal(pool.block, 2);
    assert_int_equal(pool.m.rows, 1);
    assert_int_equal(pool.m.cols, 2);
    assert_true(mat_at(pool.m, 0, 0) == -5 && mat_at(pool.m, 0, 1) == 2);
    assert_false(pool.hidden[0] || pool.hidden[1]);
    pool_free(&pool);
    Mat few = mat_new(2, 1);
    pool_columns(few, m);
    assert_true(mat_at(few, 0, 0) == -5 && mat_at(few, 1, 0) == -7);
    mat_free(&few), mat_free(&m);
}

/* Ten sizes and a tail of a tenth: place (10 - 1) * 0.9 = 8.1 of 0 to 9, which is the ninth. */
static void a_scale_without_its_tail(void **state) {
    (void)state;
    Mat m = mat_new(1, 10);
    for (int i = 0; i < 10; i++) mat_row(m, 0)[i] = (float)(i % 2 ? -(i + 1) : i + 1);
    assert_true(scale_most(m, 0.1) == 9);
    assert_true(scale_most(m, 0) == 10);
    for (int i = 0; i < 9; i++) mat_row(m, 0)[i] = 0;
    assert_true(scale_most(m, 0.1) == 10); /* a tail that is all there is */
    mat_row(m, 0)[9] = 0;
    assert_true(scale_most(m, 0.1) == 1);
    mat_free(&m);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(blocks_of_signed_values),
                                       cmocka_unit_test(a_scale_without_its_tail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
