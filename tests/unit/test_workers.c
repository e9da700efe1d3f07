/* base/workers: every piece exactly once, whatever the number of threads, and the same bits of result. */
#include "expect.h"
#include "base/workers.h"

enum { ROUNDS = 10000, MOST_PIECES = 97 };

typedef struct {
    int taken[MOST_PIECES]; /* by piece: no two workers write the same one */
    int workers;
    int wrong_worker[64]; /* by worker */
} Count;

static void count_piece(void *context, int piece, int worker) {
    Count *count = context;
    count->taken[piece]++;
    if (worker < 0 || worker >= count->workers) count->wrong_worker[0]++;
}

static void test_each_piece_once(void **state) {
    (void)state;
    const int threads[] = {1, 2, 3, 8};
    for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
        Workers *workers = workers_new(threads[t]);
        assert_int_equal(workers_count(workers), threads[t]);
        int expected[MOST_PIECES] = {0};
        Count count = {.workers = threads[t]};
        for (int round = 0; round < ROUNDS; round++) {
            int pieces = round % (MOST_PIECES + 1);
            workers_run(workers, pieces, count_piece, &count);
            for (int i = 0; i < pieces; i++) expected[i]++;
            if (memcmp(count.taken, expected, sizeof expected) != 0) wrong("threads %d, round %d", threads[t], round);
        }
        assert_int_equal(count.wrong_worker[0], 0);
        workers_free(workers);
    }
}

static void test_no_pool(void **state) {
    (void)state;
    Count count = {.workers = 1};
    workers_run(NULL, 5, count_piece, &count);
    for (int i = 0; i < MOST_PIECES; i++) assert_int_equal(count.taken[i], i < 5);
    assert_int_equal(workers_count(NULL), 1);
    workers_free(NULL);
}

/* A sum whose bits depend on the order of its terms: order within a piece must not depend on who takes it. */
typedef struct {
    float sums[64];
} Sums;

static void sum_piece(void *context, int piece, int worker) {
    (void)worker;
    float sum = 0;
    for (int i = 1; i < 2000; i++) sum += 1.0f / (float)(i * (piece + 3));
    ((Sums *)context)->sums[piece] = sum;
}

static void test_same_bits(void **state) {
    (void)state;
    Sums one = {0}, many;
    workers_run(NULL, 64, sum_piece, &one);
    for (int threads = 1; threads <= 8; threads++) {
        Workers *workers = workers_new(threads);
        for (int round = 0; round < 20; round++) {
            memset(&many, 0, sizeof many);
            workers_run(workers, 64, sum_piece, &many);
            assert_memory_equal(&one, &many, sizeof one);
        }
        workers_free(workers);
    }
}

/* Helpers fall asleep between two calls; waking them must never be missed. */
static void test_sleep_between(void **state) {
    (void)state;
    Workers *workers = workers_new(3);
    Count count = {.workers = 3};
    for (int round = 0; round < 40; round++) {
        workers_run(workers, MOST_PIECES, count_piece, &count);
        usleep((unsigned)(round % 4) * 2000);
    }
    for (int i = 0; i < MOST_PIECES; i++) assert_int_equal(count.taken[i], 40);
    workers_free(workers);
}

static void test_free_at_once(void **state) {
    (void)state;
    for (int i = 0; i < 200; i++) workers_free(workers_new(1 + i % 5));
    Workers *idle = workers_new(4);
    usleep(20000); /* all asleep */
    workers_free(idle);
}

/* What a piece writes is there when workers_run returns, and what was written before it is seen by every piece. */
typedef struct {
    int before[MOST_PIECES], after[MOST_PIECES];
} Copy;

static void copy_piece(void *context, int piece, int worker) {
    (void)worker;
    Copy *copy = context;
    copy->after[piece] = copy->before[piece] + 1;
}

static void test_memory_order(void **state) {
    (void)state;
    Workers *workers = workers_new(4);
    Copy copy = {0};
    for (int round = 0; round < ROUNDS / 4; round++) {
        workers_run(workers, MOST_PIECES, copy_piece, &copy);
        for (int i = 0; i < MOST_PIECES; i++) assert_int_equal(copy.after[i], round + 1);
        memcpy(copy.before, copy.after, sizeof copy.before);
    }
    workers_free(workers);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_piece_once), cmocka_unit_test(test_no_pool),
        cmocka_unit_test(test_same_bits),       cmocka_unit_test(test_sleep_between),
        cmocka_unit_test(test_free_at_once),    cmocka_unit_test(test_memory_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
