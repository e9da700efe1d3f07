/* show/table: what is printed, cut, aligned. */
#include "expect.h"
#include "show/table.h"

#include <string.h>

/* The table as text. */
static void expect_table(Mat m, TableOptions options, const char *expected) {
    char got[4096] = {0};
    FILE *out = fmemopen(got, sizeof got, "w");
    assert_non_null(out);
    table_print(out, m, options);
    fclose(out);
    assert_string_equal(got, expected);
}

static void names_and_numbers(void **state) {
    (void)state;
    float data[] = {1, -0.5f, 2.25f, 10, 0, -3};
    static const char *const rows[] = {"a", "journey"}, *const cols[] = {"x", "yy", "z"};
    expect_table((Mat){data, 2, 3, 3}, (TableOptions){"title", rows, cols, 2, 0, 0},
                 "title\n"
                 "               x     yy      z\n"
                 "  a         1.00  -0.50   2.25\n"
                 "  journey  10.00   0.00  -3.00\n");
}

static void wide_characters_keep_the_columns(void **state) {
    (void)state;
    float data[] = {1, 2};
    static const char *const rows[] = {"\xE7\x8C\xAB\xE7\x8C\xAB\xE7\x8C\xAB", "cat"}; /* three of two columns each */
    expect_table((Mat){data, 2, 1, 1}, (TableOptions){.rows = rows, .decimals = 1},
                 "  \xE7\x8C\xAB\xE7\x8C\xAB\xE7\x8C\xAB   1.0\n"
                 "  cat      2.0\n");
    static const char *const cols[] = {"\u732b\u732b\u732b\u732b\u732b", "\u732b\u732b"}; /* five columns for each */
    expect_table((Mat){data, 1, 2, 2}, (TableOptions){.cols = cols, .decimals = 1},
                 "       \u732b\u732b\u2026  \u732b\u732b\n"
                 "  0      1.0   2.0\n");
}

static void what_is_left_out_is_said(void **state) {
    (void)state;
    Mat m = mat_new(3, 3);
    expect_table(m, (TableOptions){.decimals = 1, .most_rows = 1, .most_cols = 2},
                 "  0      0.0   0.0 ...\n"
                 "  (the first 1 x 2 of 3 x 3)\n");
    mat_free(&m);
}

/* Unless it is said otherwise, of 16 rows and 12 columns. */
static void a_table_has_16_rows_and_12_columns(void **state) {
    (void)state;
    for (int more = 0; more < 2; more++) {
        char got[4096] = {0};
        Mat m = mat_new(16 + more, 12 + more);
        FILE *out = fmemopen(got, sizeof got, "w");
        assert_non_null(out);
        table_print(out, m, (TableOptions){.decimals = 1});
        fclose(out);
        assert_non_null(strstr(got, more ? " 0.0 ...\n" : " 0.0\n"));
        const char *last = strstr(got, "\n  15 "), *note = strstr(got, "  (the first 16 x 12 of 17 x 13)\n");
        assert_true(last && !strstr(got, "\n  16 ") && (more ? note != NULL : !strstr(got, "the first")));
        mat_free(&m);
    }
}

/* The same text for the same numbers. */
static void a_lesson_prints_as_a_matrix_does(void **state) {
    (void)state;
    char got[256] = {0};
    double row[] = {0.00004, -1};
    FILE *out = fmemopen(got, sizeof got, "w");
    assert_non_null(out);
    table_print_paper(out, (Paper){1, 2, (double *[]){row}}, (TableOptions){"title", .most_cols = 1});
    fclose(out);
    assert_string_equal(got, "title\n  0      0.0000 ...\n  (the first 1 x 1 of 1 x 2)\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_numbers),
        cmocka_unit_test(wide_characters_keep_the_columns),
        cmocka_unit_test(what_is_left_out_is_said),
        cmocka_unit_test(a_table_has_16_rows_and_12_columns),
        cmocka_unit_test(a_lesson_prints_as_a_matrix_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
