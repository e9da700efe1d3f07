/* base/progress: how often the work that is timed is done, and which of its times are told. */
#include "base/progress.h"
#include "expect.h"

#include <fcntl.h>

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

/* Its line on a terminal of its own, in a process of its own: standard output gets what the terminal did. */
static void draw(void *context) {
    (void)context;
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) _exit(99);
    int screen = open(ptsname(terminal), O_RDWR | O_NOCTTY);
    if (screen < 0 || dup2(screen, STDERR_FILENO) < 0) _exit(99);
    Progress progress = progress_begin("reading", 10);
    progress_step(&progress, 1); /* too early */
    progress_end(&progress);     /* no line is there, and none is wiped */
    progress.started -= 1796, progress_step(&progress, 9);
    progress.shown += 1000, progress_step(&progress, 9); /* just drawn */
    progress.shown = 0, progress_step(&progress, 10);
    progress_end(&progress);
    fclose(stderr), close(screen); /* the terminal's last users: what was written is all there will be */
    char drawn[256];               /* and comes in as many pieces as the terminal likes */
    for (ssize_t size; (size = read(terminal, drawn, sizeof drawn)) > 0;) fwrite(drawn, 1, (size_t)size, stdout);
}

/* 90% in 1796 seconds leave 199.6; a shorter line is filled up, and the longest one wiped. */
static void a_line_is_drawn_and_wiped(void **state) {
    (void)state;
    Child child = run_child(draw, NULL, NULL);
    char expected[256];
    snprintf(expected, sizeof expected,
             "\rreading  90%%  9 of 10  200 s left \rreading 100%%  10 of 10  0 s left  \r%35s\r", "");
    assert_int_equal(child.code, 0);
    assert_string_equal(child.out, expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_warm_up_and_as_many_runs_as_asked_for),
        cmocka_unit_test(the_fastest_stops_when_it_is_enough),
        cmocka_unit_test(a_line_is_drawn_and_wiped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
