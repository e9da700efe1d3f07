/* text/ids: a list that grows keeps what it holds, and says so when it cannot grow. */
#include "expect.h"
#include "text/ids.h"

static void test_growth(void **state) {
    (void)state;
    enum { MANY = 1000 };
    Ids ids = {0};
    for (int i = 0; i < MANY; i++) ids_add(&ids, 3 * i);
    assert_int_equal(ids.n, MANY);
    assert_true(ids.room >= MANY);
    for (int i = 0; i < MANY; i++) assert_int_equal(ids.at[i], 3 * i);
    ids_free(&ids);
    assert_null(ids.at);
    assert_int_equal(ids.n + ids.room, 0);
    ids_free(&ids); /* once more does no harm */
}

static void test_reserve(void **state) {
    (void)state;
    Ids ids = {0};
    ids_add(&ids, 7);
    ids_reserve(&ids, 500);
    assert_int_equal(ids.n, 1);
    assert_int_equal(ids.at[0], 7);
    assert_true(ids.room >= 501);
    int *before = ids.at;
    for (int i = 0; i < 500; i++) ids_add(&ids, i);
    assert_ptr_equal(ids.at, before); /* there was room */
    ids_free(&ids);
}

static void test_equal(void **state) {
    (void)state;
    Ids a = {(int[]){3, 1, 4}, 3, 3}, b = {(int[]){3, 1, 5}, 3, 3}, none = {0};
    Ids longer = {(int[]){3, 1, 4, 1}, 4, 4}, roomy = {(int[]){3, 1, 4, 9}, 3, 4};
    assert_true(ids_equal(&a, &a) && ids_equal(&a, &roomy) && ids_equal(&none, &none));
    assert_false(ids_equal(&a, &b) || ids_equal(&a, &longer) || ids_equal(&a, &none));
}

static void reserve_all(void *context) {
    ids_reserve(context, SIZE_MAX);
}

static void reserve_much(void *context) {
    ids_reserve(context, SIZE_MAX / 8);
}

static void test_too_many(void **state) {
    (void)state;
    Ids ids = {0};
    expect_failure(EXIT_ENVIRONMENT, "out of memory|more ids", reserve_all, &ids);
    expect_failure(EXIT_ENVIRONMENT, "out of memory", reserve_much, &ids);
    assert_null(ids.at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_reserve),
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
