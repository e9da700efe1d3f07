/* base/progress: how often the work that is timed is done, and which of its times are told. */
#include "base/progress.h"
#include "expect.h"

typedef struct {
    int runs;
    double slow; /* seconds that each takes */
} Work;

static void work_once(void *context) {
    Work *work = context;
    double start = clock_seconds();
    work->runs++;
    while (clock_seconds() - start < work->slow) continue;
}

static void a_warm_up_and_as_many_runs_as_asked_for(void **state) {
    (void)state;
    for (int runs = 1; runs < 5; runs++) {
        Work work = {0, 0.002};
        Times times = time_runs(runs, work_once, &work);
        assert_int_equal(work.runs, runs + 1);
        assert_true(times.fastest >= 0.002 && times.median >= times.fastest);
    }
}

static void the_fastest_stops_when_it_is_enough(void **state) {
    (void)state;
    Work many = {0, 0}, one = {0, 0.002}, some = {0, 0.02};
    assert_true(time_fastest(7, 1e9, work_once, &many) >= 0);
    assert_int_equal(many.runs, 7);
    assert_true(time_fastest(7, 0, work_once, &one) >= 0.002);
    assert_int_equal(one.runs, 1);
    assert_true(time_fastest(1000, 0.03, work_once, &some) >= 0.02);
    assert_in_range(some.runs, 1, 2); /* after two, 0.04 seconds have gone */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_warm_up_and_as_many_runs_as_asked_for),
        cmocka_unit_test(the_fastest_stops_when_it_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
