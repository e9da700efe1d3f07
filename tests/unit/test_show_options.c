/* show/show_options: one Sheet follows from the options, numbers in cells and notes of what was drawn, too. */
#include "expect.h"
#include "show/show_options.h"

static void test_sheet_follows_from_the_options(void **state) {
    (void)state;
    ShowOptions o = {.format = "svg"};
    Common common = {.out = test_path("out")};
    char *words[] = {"17_bert", "two words", NULL};
    show_options_ready(&o, &common, 2, words, true);
    Sheet sheet = show_sheet(&o, "head", "A title", "below it");
    assert_string_equal(sheet.folder, common.out);
    assert_string_equal(sheet.name, "head");
    assert_string_equal(sheet.title, "A title");
    assert_string_equal(sheet.subtitle, "below it");
    assert_string_equal(sheet.formats, "svg");
    assert_string_equal(sheet.command, "17_bert 'two words'");
    assert_false(sheet.terminal);
    assert_int_equal(count_entries(test_folder), 1); /* the folder was made */
    o.terminal = true;
    assert_true(show_sheet(&o, "head", "A title", NULL).terminal);
    show_options_free(&o);
}

typedef struct {
    const char *format, *out;
    bool terminal, draws;
} Asked;

static void ready(void *asked) {
    const Asked *a = asked;
    ShowOptions o = {.format = a->format, .terminal = a->terminal};
    Common common = {.out = a->out};
    char *words[] = {"17_bert", NULL};
    show_options_ready(&o, &common, 1, words, a->draws);
    show_options_free(&o);
}

static void test_what_cannot_be_drawn_is_found_before_the_work(void **state) {
    (void)state;
    expect_failure(EXIT_USAGE, "gif", ready, &(Asked){"gif", test_folder, false, true});
    expect_failure(EXIT_USAGE, "gif", ready, &(Asked){"gif", test_folder, true, true});
    expect_failure(EXIT_ENVIRONMENT, "/dev/null", ready, &(Asked){"png", "/dev/null/out", false, true});
    expect_success(ready, &(Asked){"png", "/dev/null/out", true, true});   /* a terminal needs no folder */
    expect_success(ready, &(Asked){"gif", "/dev/null/out", false, false}); /* nothing is drawn */
}

static void test_numbers_in_cells(void **state) {
    (void)state;
    assert_false(show_values(&(ShowOptions){0}, false));
    assert_true(show_values(&(ShowOptions){0}, true));
    assert_false(show_values(&(ShowOptions){.terminal = true}, true)); /* shades say more */
    assert_true(show_values(&(ShowOptions){.terminal = true, .values = true}, false));
}

static void say(void *terminal) {
    ShowOptions o = {.format = "svg,png", .folder = "out/x", .terminal = *(const bool *)terminal};
    show_drawn(&o, "heads, cross");
    show_drawn_one(&o, "weights");
}

static void test_what_was_drawn(void **state) {
    (void)state;
    Child child = run_child(say, &(bool){false}, NULL);
    assert_non_null(strstr(child.err, "note: drawn into out/x: heads, cross\n"));
    assert_non_null(strstr(child.err, "note: drawn: out/x/weights.svg\n"));
    child = run_child(say, &(bool){true}, NULL);
    assert_string_equal(child.err, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sheet_follows_from_the_options, make_test_folder, remove_test_folder),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_drawn_is_found_before_the_work, make_test_folder,
                                        remove_test_folder),
        cmocka_unit_test(test_numbers_in_cells),
        cmocka_unit_test(test_what_was_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
