/* base/options: whole numbers, lists such as 0,3-5, and where the text comes from. */
#include "expect.h"
#include "base/options.h"

/* ---- numbers and lists ---- */

static void test_text_to_int(void **state) {
    (void)state;
    long number;
    assert_true(text_to_int("0", 0, 5, &number));
    assert_true(text_to_int("007", 0, 7, &number));
    assert_int_equal(number, 7);
    assert_true(text_to_int("-3", -3, 5, &number));
    assert_int_equal(number, -3);
    assert_true(text_to_int("9223372036854775807", 0, INT64_MAX, &number));
    assert_false(text_to_int("9223372036854775808", 0, INT64_MAX, &number));
    const char *bad[] = {"", "-", "--1", "-+1", "- 1", " 1", "1 ", "+1", "1x", "0x1", "1.0", "\xD9\xA1", "6"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(text_to_int(bad[i], -5, 5, &number));
    assert_false(text_to_int("-0", 0, 5, &number));
    assert_false(text_to_int(NULL, 0, 5, &number));
}

typedef struct {
    const char *text;
    int limit;
} List;

static void read_list(void *context) {
    const List *list = context;
    int count;
    memory_free(options_ranges("layer", list->text, list->limit, &count));
}

static void expect_list(const char *text, int limit, const char *expected) {
    int count;
    int *list = options_ranges("layer", text, limit, &count);
    String shown = {0};
    for (int i = 0; i < count; i++) string_add(&shown, "%d ", list[i]);
    assert_string_equal(shown.text, expected);
    string_free(&shown);
    memory_free(list);
}

static void test_ranges(void **state) {
    (void)state;
    expect_list(NULL, 3, "0 1 2 ");
    expect_list("0", 1, "0 ");
    expect_list("0,3-5", 6, "0 3 4 5 ");
    expect_list("5,3-5,0", 6, "5 3 4 0 ");
    expect_list("2-2,2,2", 6, "2 ");
    int count;
    int *list = options_ranges("layer", "999,0-999", 1000, &count);
    assert_int_equal(count, 1000);
    for (int i = 0; i < 1000; i++) assert_int_equal(list[i], (i + 999) % 1000);
    memory_free(list);
}

static void test_bad_ranges(void **state) {
    (void)state;
    const char *bad[] = {"",
                         ",",
                         "1,",
                         ",1",
                         "1,,2",
                         "-",
                         "-1",
                         "1-",
                         "1--2",
                         "3-1",
                         "6",
                         "1-6",
                         "x",
                         "1 ",
                         " 1",
                         "+1",
                         "1.0",
                         "0-x",
                         "x-1",
                         "1;2",
                         "1-2-3",
                         "0x1",
                         "99999999999999999999",
                         "0000000000000000000000000000000000000000000000000000000000000000000000000000001"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        List list = {bad[i], 6};
        expect_failure(EXIT_USAGE, "--layer |expected numbers from 0 to 5, such as 0 or 0,3-5", read_list, &list);
    }
}

/* ---- the text ---- */

static void expect_input(Common common, const char *fallback, const char *expected, size_t size) {
    Bytes bytes = options_input(&common, fallback);
    assert_int_equal(bytes.size, size);
    assert_memory_equal(bytes.data, expected, size + 1);
    bytes_free(&bytes);
}

static void print_input(void *context) {
    if (!freopen(test_path("in"), "r", stdin)) _exit(99);
    Bytes bytes = options_input(context, "the default");
    fwrite(bytes.data, 1, bytes.size, stdout);
    bytes_free(&bytes);
}

static void test_input(void **state) {
    (void)state;
    expect_input((Common){.text = "given"}, "the default", "given", 5);
    expect_input((Common){.text = ""}, "the default", "", 0);
    expect_input((Common){0}, "the default", "the default", 11);
    Bytes none = options_input(&(Common){0}, NULL);
    assert_null(none.data);
    write_test_file(test_path("in"), "a\0b", 3);
    expect_input((Common){.file = test_path("in")}, "the default", "a\0b", 3);
    write_test_text(test_path("in"), "from standard input");
    Common common = {.text = "-"};
    Child child = run_child(print_input, &common, NULL);
    assert_int_equal(child.code, 0);
    assert_string_equal(child.out, "from standard input");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_to_int),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_bad_ranges),
        cmocka_unit_test(test_input),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
