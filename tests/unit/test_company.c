/* base/company and written files: options that do nothing for each other are refused, and so is one file for two. */
#include "expect.h"
#include "base/options.h"

static const Company ROWS[] = {
    {"why", COMPANY_ANSWER, "tsv"},     {"find", COMPANY_ANSWER, ""},           {"tsv", COMPANY_ANSWER, ""},
    {"token", COMPANY_SERVES, "- why"}, {"stride", COMPANY_SERVES, "find why"}, {"from", COMPANY_STILLS, "model"}};

typedef struct {
    int argc;
    char *argv[8];
    const char *tsv;
} Line;

static void parse(void *context) {
    Line *line = context;
    Options list = {0};
    Common common;
    bool flags[4] = {0};
    const char *texts[4] = {0};
    option_flag(&list, "why", &flags[0], "");
    option_flag(&list, "find", &flags[1], "");
    option_flag(&list, "token", &flags[2], "");
    option_flag(&list, "stride", &flags[3], "");
    option_text(&list, "model", "DIR", &texts[0], "");
    option_text(&list, "from", "FILE", &texts[1], "");
    option_output(&list, "tsv", "FILE", &line->tsv, "");
    option_output(&list, "json", "FILE", &texts[3], "");
    options_company(&list, ROWS, 3);
    options_company(&list, ROWS + 3, 3);
    options_parse(&common, (Program){"test", "nothing", NULL}, &list, line->argc, line->argv);
}

/* Words with a space between; "" for `words`: the line is right. */
static void expect_line(const char *line, const char *words) {
    char copy[256], *rest = copy;
    Line parsed = {1, {(char *)(size_t) "prog"}, NULL};
    Error error;
    snprintf(copy, sizeof copy, "%s", line);
    for (char *word; (word = strtok_r(rest, " ", &rest));) parsed.argv[parsed.argc++] = word;
    bool failed = error_catch(&error, parse, &parsed);
    if (failed != (*words != '\0') || !strstr(error.message, words))
        wrong("%s: \"%s\" (expected \"%s\")", line, error.message, words);
    if (failed) assert_int_equal(error.code, EXIT_USAGE);
}

static void test_answers(void **state) {
    (void)state;
    expect_line("--why --tsv a", "");
    expect_line("--tsv a --why", "");
    expect_line("--why --find", "--why and --find are two answers");
    expect_line("--find --tsv a", "--find and --tsv are two answers");
}

static void test_servants(void **state) {
    (void)state;
    expect_line("--token", "");
    expect_line("--token --why", "");
    expect_line("--token --find", "--token does nothing beside --find");
    expect_line("--stride", "--stride is for --find or --why.");
    expect_line("--stride --find", "");
    expect_line("--stride --tsv a", "--stride is for --find or --why.");
    expect_line("--stride --why --tsv a", "");
}

static void test_strays(void **state) {
    (void)state;
    expect_line("--model a", "");
    expect_line("--from b", "");
    expect_line("--from b --model a", "--model does nothing beside --from");
}

static void test_files(void **state) {
    (void)state;
    char line[1200];
    const char *path = test_path("a");
    write_test_text(path, "x");
    expect_line("--tsv a --json b", "");
    expect_line("--tsv a --json a", "--tsv and --json write to the same place, a");
    expect_line("--json ./a --tsv a", "write to the same place");
    expect_line("--json ././a --tsv a", "write to the same place");
    expect_line("--tsv - --json -", "standard output");
    expect_line("--tsv /dev/null --json /dev/null", "");
    snprintf(line, sizeof line, "--tsv %s --json %s/./a", path, test_folder);
    expect_line(line, "write to the same place");
    snprintf(line, sizeof line, "--tsv %s --from %s", path, path);
    expect_line(line, "would overwrite the file that --from reads");
    snprintf(line, sizeof line, "--tsv %s/b --from %s", test_folder, path);
    expect_line(line, "");
    expect_line("--tsv=", "--tsv \"\": expected the name of a file");
}

/* What makes a folder a model's is not written over; an answer that was kept beside it is. */
static void test_files_of_a_model(void **state) {
    (void)state;
    static const char *const own[] = {"config.json", "vocab.txt", "model.safetensors", "model-00001-of-2.safetensors",
                                      "model.safetensors.index.json"};
    char line[1200];
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        snprintf(line, sizeof line, "--tsv %s/%s --model %s", test_folder, own[i], test_folder);
        expect_line(line, "");
        write_test_text(test_path(own[i]), "x");
        expect_line(line, "would overwrite the file that --model reads");
    }
    write_test_text(test_path("heads.json"), "x");
    snprintf(line, sizeof line, "--tsv %s/heads.json --model %s", test_folder, test_folder);
    expect_line(line, "");
}

static void test_a_folder_that_is_tried_is_not_left(void **state) {
    (void)state;
    char *deep = path_join(test_folder, "x/y/z");
    int before = count_test_files();
    folder_try(deep);
    assert_int_equal(count_test_files(), before);
    folder_make(deep);
    folder_try(deep);
    assert_true(folder_exists(deep)); /* it stood before */
    memory_free(deep);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_answers), cmocka_unit_test(test_servants),
                                       cmocka_unit_test(test_strays), cmocka_unit_test(test_files),
                                       cmocka_unit_test(test_files_of_a_model),
                                       cmocka_unit_test(test_a_folder_that_is_tried_is_not_left)};
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
