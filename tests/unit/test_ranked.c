/* base/ranked: falling, equals by their places, by hand. */
#include "base/ranked.h"
#include "expect.h"

static void the_largest_first(void **state) {
    (void)state;
    Ranked all[] = {{0.25, 0}, {-1, 1}, {0.5, 2}, {0.25, 3}, {0.5, 4}};
    const int order[] = {2, 4, 0, 3, 1};
    ranked_sort(all, 5);
    for (int i = 0; i < 5; i++) assert_int_equal(all[i].at, order[i]);
    ranked_sort(all, 0);
    assert_int_equal(all[0].at, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_largest_first)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
