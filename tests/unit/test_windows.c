/* text/windows against PyTorch's Dataset and DataLoader: tests/fixtures/windows (their windows, batches and shuffles),
 * and the counts that the book prints for The Verdict's 5,145 GPT-2 tokens. */
#include "expect.h"
#include "fixture.h"
#include "text/windows.h"

static int *counting_ids(size_t n) {
    int *ids = memory_new(n, sizeof *ids, "a test");
    for (size_t i = 0; i < n; i++) ids[i] = (int)i;
    return ids;
}

static void test_counts_of_the_book(void **state) {
    (void)state;
    static const struct {
        size_t context, stride, all, train, validation; /* of 5,145, 4,612 and 534 tokens */
    } rows[] = {{4, 1, 5141, 4608, 530}, {4, 4, 1286, 1152, 133}, {2, 2, 2572, 2305, 266}, {8, 2, 2569, 2302, 263},
                {16, 16, 321, 288, 33},  {32, 32, 160, 144, 16},  {64, 64, 80, 72, 8},     {128, 128, 40, 36, 4},
                {256, 128, 39, 35, 3},   {256, 256, 20, 18, 2}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Windows w = {NULL, 5145, rows[i].context, rows[i].stride};
        assert_int_equal(windows_count(w), rows[i].all);
        w.n = 4612;
        assert_int_equal(windows_count(w), rows[i].train);
        w.n = 534;
        assert_int_equal(windows_count(w), rows[i].validation);
    }
}

/* The rule itself: starts 0, stride, ... while start < n - context. */
static void test_count_is_the_rule(void **state) {
    (void)state;
    for (size_t n = 0; n < 40; n++)
        for (size_t context = 1; context < 45; context++)
            for (size_t stride = 1; stride < 45; stride++) {
                size_t expected = 0;
                for (size_t start = 0; start + context < n; start += stride) expected++;
                assert_int_equal(windows_count((Windows){NULL, n, context, stride}), expected);
            }
    size_t most = (size_t)-1;
    assert_int_equal(windows_count((Windows){NULL, most, 1, 1}), most - 1);
    assert_int_equal(windows_count((Windows){NULL, most, most, 1}), 0);
    assert_int_equal(windows_count((Windows){NULL, most, most - 1, most}), 1);
}

static void test_input_and_target(void **state) {
    (void)state;
    int *ids = counting_ids(1001);
    Windows w = {ids, 1001, 4, 1}; /* the book's numbers 0..1000 */
    size_t last = windows_count(w) - 1;
    assert_int_equal(windows_input(w, last)[0], 996);
    assert_int_equal(windows_input(w, last)[3], 999);
    assert_int_equal(windows_target(w, last)[0], 997);
    assert_int_equal(windows_target(w, last)[3], 1000);
    w.stride = 7;
    for (size_t i = 0; i < windows_count(w); i++)
        for (int t = 0; t < 4; t++) {
            assert_int_equal(windows_input(w, i)[t], (int)i * 7 + t);
            assert_int_equal(windows_target(w, i)[t], (int)i * 7 + t + 1);
        }
    memory_free(ids);
}

static void test_number_of_batches(void **state) {
    (void)state;
    assert_int_equal(windows_batches(18, 2, true), 9); /* context 256, batches of 2: 9 and 1 in the book */
    assert_int_equal(windows_batches(2, 2, true), 1);
    assert_int_equal(windows_batches(0, 4, false), 0);
    assert_int_equal(windows_batches(3, 4, false), 1);
    assert_int_equal(windows_batches(3, 4, true), 0);
    assert_int_equal(windows_batches(8, 4, false), 2);
    assert_int_equal(windows_batches(9, 4, false), 3);
    assert_int_equal(windows_batches(9, 4, true), 2);
}

/* Every case of the fixture, batch by batch and epoch by epoch: inputs and targets equal PyTorch's. */
static void test_batches_of_pytorch(void **state) {
    (void)state;
    Safetensors file = safetensors_open("tests/fixtures/windows/windows.safetensors");
    Table cases = table_read("tests/fixtures/windows/cases.tsv");
    for (int c = 0; c < cases.rows; c++) {
        size_t n = (size_t)table_int(&cases, c, "n"), size = (size_t)table_int(&cases, c, "batch");
        size_t context = (size_t)table_int(&cases, c, "context"), stride = (size_t)table_int(&cases, c, "stride");
        bool shuffle = table_int(&cases, c, "shuffle"), drop_last = table_int(&cases, c, "drop_last");
        int *ids = counting_ids(n), *room = memory_new(2 * size * context, sizeof *room, "a test");
        size_t at = 0, batch = 0;
        Windows w = {ids, n, context, stride};
        Rng rng = rng_seed((uint64_t)table_int(&cases, c, "seed"));
        Ids inputs = fixture_ids(&file, "%d.inputs", c), targets = fixture_ids(&file, "%d.targets", c),
            rows = fixture_ids(&file, "%d.rows", c);
        for (int e = 0; e < table_int(&cases, c, "epochs"); e++) {
            Epoch epoch = epoch_new(windows_count(w), shuffle ? &rng : NULL);
            for (size_t b = 0; b < windows_batches(epoch.count, size, drop_last); b++, batch++) {
                size_t got = windows_batch(w, &epoch, b, size, room, room + size * context);
                assert_true(batch < rows.n);
                assert_int_equal(got, rows.at[batch]);
                for (size_t i = 0; i < got * context; i++, at++) {
                    assert_true(at < inputs.n);
                    assert_int_equal(room[i], inputs.at[at]);
                    assert_int_equal(room[size * context + i], targets.at[at]);
                }
            }
            epoch_free(&epoch);
        }
        assert_int_equal(at, inputs.n);
        assert_int_equal(batch, rows.n);
        memory_free(inputs.at), memory_free(targets.at), memory_free(rows.at);
        memory_free(ids), memory_free(room);
    }
    assert_true(cases.rows >= 10);
    table_free(&cases);
    safetensors_close(&file);
}

/* The order that the book's loader visits 18 windows in, seed 123, two epochs. */
static void test_epochs_of_the_book(void **state) {
    (void)state;
    static const int orders[2][18] = {{0, 7, 14, 5, 6, 1, 17, 2, 11, 12, 9, 16, 13, 10, 3, 8, 15, 4},
                                      {9, 15, 2, 17, 14, 16, 8, 6, 1, 11, 4, 10, 0, 13, 7, 12, 3, 5}};
    Rng rng = rng_seed(123);
    for (int e = 0; e < 2; e++) {
        Epoch epoch = epoch_new(18, &rng);
        assert_memory_equal(epoch.order, orders[e], sizeof orders[e]);
        epoch_free(&epoch);
    }
}

static void test_splits(void **state) {
    (void)state;
    assert_int_equal(split_at(20479, 0.9), 18431);
    assert_int_equal(split_at(0, 0.9), 0);
    assert_int_equal(split_at(10, 1), 10);
    assert_int_equal(split_at(10, 0), 0);
    assert_int_equal(split_at(10, 0.7), 7);    /* int(10 * .7) is 7 in Python, too */
    assert_int_equal(split_at(100, 0.29), 28); /* and int(100 * .29) is 28 */
    const char text[] = "a\u00e9\u65e5\xff!";
    static const size_t offsets[] = {0, 1, 3, 6, 7, 8, 8, 8};
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++)
        assert_int_equal(split_offset(text, sizeof text - 1, i), offsets[i]);
    assert_int_equal(split_offset("x\u20ac", 3, 2), 2); /* its last byte is there, behind the end */
}

static void make_too_many(void *context) {
    (void)context;
    Epoch epoch = epoch_new((size_t)1 << 31, NULL);
    epoch_free(&epoch);
}

static void test_too_many_windows(void **state) {
    (void)state;
    expect_failure(EXIT_DATA, "2147483648 windows|a larger stride", make_too_many, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_of_the_book),
        cmocka_unit_test(test_count_is_the_rule),
        cmocka_unit_test(test_input_and_target),
        cmocka_unit_test(test_number_of_batches),
        cmocka_unit_test(test_batches_of_pytorch),
        cmocka_unit_test(test_epochs_of_the_book),
        cmocka_unit_test(test_splits),
        cmocka_unit_test(test_too_many_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
