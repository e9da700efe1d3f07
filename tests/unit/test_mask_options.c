/* attention/mask_options: from the words of a command line to a rule and its title. */
#include "fixture.h"
#include "attention/mask_options.h"

static const char *picture_path(void) {
    return test_path("mask.txt");
}

typedef struct {
    const char *words; /* separated by spaces */
    int n;
    const char *file; /* takes the place of the word FILE */
    MaskOptions options;
    NamedMask mask;
} Request;

static void parse(void *context) {
    Request *request = context;
    static char copy[256]; /* the options point into it */
    char *rest = NULL, *argv[32] = {(char *)(size_t) "10_masks"};
    int argc = 1;
    snprintf(copy, sizeof copy, "%s", request->words);
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        argv[argc++] = strcmp(word, "FILE") == 0 ? (char *)(size_t)request->file : word;
    Options list = {0};
    Common common;
    request->options = mask_options_new(MASK_NONE);
    mask_options_add(&list, &request->options);
    options_parse(&common, (Program){"10_masks", "masks", NULL}, &list, argc, argv);
    request->mask = mask_from_options(&request->options, request->n);
}

static bool yes(int i, int j) {
    return i >= 0 && j >= 0;
}
static bool causal(int i, int j) {
    return j <= i;
}
static bool self(int i, int j) {
    return i == j;
}
static bool near_2(int i, int j) {
    return abs(i - j) <= 2;
}
static bool past_2(int i, int j) {
    return 0 <= i - j && i - j <= 2;
}
static bool slide_3(int i, int j) {
    return 0 <= i - j && i - j < 3;
}
static bool global_2(int i, int j) {
    return i < 2 || j < 2 || abs(i - j) <= 1;
}
static bool global_past(int i, int j) {
    return j <= i && global_2(i, j);
}
static bool dilated_2_3(int i, int j) {
    return abs(i - j) <= 6 && (i - j) % 3 == 0;
}
static bool dilated_past(int i, int j) {
    return j <= i && dilated_2_3(i, j);
}
static bool prefix_4(int i, int j) {
    return j <= i || (i < 4 && j < 4);
}
static bool chunk_4(int i, int j) {
    return i / 4 == j / 4;
}
static bool chunk_past(int i, int j) {
    return j <= i && chunk_4(i, j);
}
static bool sinks_2(int i, int j) {
    return j <= i && (i - j < 3 || j < 2);
}
static bool strided_3(int i, int j) {
    return j <= i && (i - j < 3 || (i - j) % 3 == 0);
}
static bool at_0_7(int i, int j) {
    return abs(i - j) <= 2 || i == 0 || j == 0 || i == 7 || j == 7;
}
static bool at_5_to_6(int i, int j) {
    return j <= i && (i - j < 3 || i == 5 || j == 5 || i == 6 || j == 6);
}
static bool global_and_at(int i, int j) {
    return global_2(i, j) || i == 7 || j == 7;
}

static const struct {
    const char *words;
    bool (*allows)(int query, int key);
    const char *title;
} RULES[] = {
    {"", yes, "none"},
    {"--mask none", yes, "none"},
    {"--causal", causal, "none, causal"},
    {"--mask causal", causal, "causal"},
    {"--mask causal --causal", causal, "causal"},
    {"--mask local --window 2", near_2, "local, window 2"},
    {"--mask local --window 0", self, "local, window 0"},
    {"--mask local --window 2147483647", yes, "local, window 2147483647"},
    {"--mask local --window 2 --causal", past_2, "local, window 2, causal"},
    {"--mask sliding --window 3", slide_3, "sliding, window 3"},
    {"--mask sliding --window 1", self, "sliding, window 1"},
    {"--mask sliding --window 2147483647", causal, "sliding, window 2147483647"},
    {"--mask global-local --window 1 --global 2", global_2, "global-local, window 1, global 2"},
    {"--mask global-local --window 1 --global 2 --causal", global_past, "global-local, window 1, global 2, causal"},
    {"--mask global-local --window 0 --global 0", self, "global-local, window 0, global 0"},
    {"--mask global-local --window 0 --global 100", yes, "global-local, window 0, global 100"},
    {"--mask dilated --window 2 --dilation 3", dilated_2_3, "dilated, window 2, dilation 3"},
    {"--mask dilated --window 2 --dilation 3 --causal", dilated_past, "dilated, window 2, dilation 3, causal"},
    {"--mask dilated --window 2 --dilation 1", near_2, "dilated, window 2, dilation 1"},
    {"--mask dilated --window 2147483647 --dilation 2147483647", self,
     "dilated, window 2147483647, dilation 2147483647"},
    {"--mask prefix --prefix 4", prefix_4, "prefix, prefix 4"},
    {"--mask prefix --prefix 0", causal, "prefix, prefix 0"},
    {"--mask prefix --prefix 2147483647", yes, "prefix, prefix 2147483647"},
    {"--mask prefix --prefix 4 --causal", causal, "prefix, prefix 4, causal"},
    {"--mask chunked --chunk 4", chunk_4, "chunked, chunk 4"},
    {"--mask chunked --chunk 4 --causal", chunk_past, "chunked, chunk 4, causal"},
    {"--mask chunked --chunk 2147483647", yes, "chunked, chunk 2147483647"},
    {"--mask chunked --chunk 1", self, "chunked, chunk 1"},
    {"--mask sinks --window 3 --sinks 2", sinks_2, "sinks, window 3, sinks 2"},
    {"--mask sinks --window 3 --sinks 0", slide_3, "sinks, window 3, sinks 0"},
    {"--mask sinks --window 1 --sinks 2147483647", causal, "sinks, window 1, sinks 2147483647"},
    {"--mask strided --window 3", strided_3, "strided, window 3"},
    {"--mask strided --window 1", causal, "strided, window 1"},
    {"--mask strided --window 2147483647", causal, "strided, window 2147483647"},
    {"--mask local --window 2 --global-at 0,7", at_0_7, "local, window 2, global at 0,7"},
    {"--mask sliding --window 3 --global-at 5-6", at_5_to_6, "sliding, window 3, global at 5-6"},
    {"--mask global-local --window 1 --global 2 --global-at 7", global_and_at,
     "global-local, window 1, global 2, global at 7"},
};

static void every_rule_of_the_command_line(void **state) {
    (void)state;
    for (size_t r = 0; r < sizeof RULES / sizeof *RULES; r++)
        for (int n = 8; n <= 20; n++) {
            Request request = {.words = RULES[r].words, .n = n};
            parse(&request);
            assert_string_equal(request.mask.title, RULES[r].title);
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++)
                    if (mask_allows(request.mask.rule, i, j) != RULES[r].allows(i, j))
                        wrong("%s: query %d, key %d of %d", RULES[r].words, i, j, n);
            assert_int_equal(mask_options_given(&request.options), *RULES[r].words != '\0');
            named_mask_free(&request.mask);
            assert_null(request.mask.title);
        }
}

/* Parameters that are not given come from n, are at least 1, and are told in the title. */
static void missing_parameters_come_from_the_length(void **state) {
    (void)state;
    const struct {
        const char *words;
        int n;
        const char *title;
    } cases[] = {{"--mask local", 20, "local, window 5"},
                 {"--mask local", 1, "local, window 1"},
                 {"--mask sliding", 20, "sliding, window 5"},
                 {"--mask global-local", 20, "global-local, window 5, global 4"},
                 {"--mask global-local", 4, "global-local, window 1, global 1"},
                 {"--mask dilated", 20, "dilated, window 5, dilation 2"},
                 {"--mask prefix", 20, "prefix, prefix 5"},
                 {"--mask chunked", 20, "chunked, chunk 10"},
                 {"--mask chunked", 1, "chunked, chunk 1"},
                 {"--mask sinks", 20, "sinks, window 5, sinks 1"},
                 {"--mask strided", 20, "strided, window 5"},
                 {"--mask local --window 3", 20, "local, window 3"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Request request = {.words = cases[i].words, .n = cases[i].n};
        parse(&request);
        assert_string_equal(request.mask.title, cases[i].title);
        named_mask_free(&request.mask);
    }
}

static void a_drawn_mask_is_one_more_condition(void **state) {
    (void)state;
    write_test_text(picture_path(), "##.\n###\n.##\n");
    Request drawn = {.words = "--mask-file FILE", .n = 3, .file = picture_path()};
    Request both = {.words = "--mask causal --mask-file FILE", .n = 3, .file = picture_path()};
    parse(&drawn), parse(&both);
    assert_string_equal(drawn.mask.title, "drawn in a file");
    assert_string_equal(both.mask.title, "causal, drawn in a file");
    assert_int_equal(mask_count(drawn.mask.rule, 3), 7);
    assert_int_equal(mask_count(both.mask.rule, 3), 5);
    assert_true(mask_options_given(&drawn.options));
    named_mask_free(&drawn.mask), named_mask_free(&both.mask);
    Request wrong = {.words = "--mask-file FILE", .n = 4, .file = picture_path()};
    expect_failure(EXIT_DATA, "mask.txt:1: 3 cells|expected 4", parse, &wrong);
    assert_int_equal(remove(picture_path()), 0);
    expect_failure(EXIT_ENVIRONMENT, "mask.txt", parse, &wrong);
}

/* As screens show it, as editors align it, and in numbers. */
static void a_drawn_mask_may_have_gaps(void **state) {
    (void)state;
    static const char *const same[] = {"##.\n###\n.##\n", "# # .\n# # #\n. # #\n", "  #\t#  .  \r\n###\n. ##",
                                       "1 1 0\n1 1 1\n0 1 1\n", "110\n111\n011\n"};
    static const bool allowed[9] = {1, 1, 0, 1, 1, 1, 0, 1, 1};
    for (int i = 0; i < 5; i++) {
        write_test_text(picture_path(), same[i]);
        bool *picture = mask_read_picture(picture_path(), 3);
        assert_memory_equal(picture, allowed, sizeof allowed);
        memory_free(picture);
    }
    static const char *const wrong[][2] = {
        {"##.\n#1#\n.##\n", "mask.txt:2: expected only '#' and '.', got '1'. Try: the lines that 10_masks --print"},
        {"110\n1.1\n011\n", "mask.txt:2: expected only '1' and '0', got '.'"},
        {"##.\n#\x01#\n", "mask.txt:2: expected only '#' and '.', got byte 0x01"},
        {"##.\n#\xC3#\n", "got byte 0xc3"},
        {"##.\n  \n###\n.##\n", "mask.txt:2: 0 cells"}};
    for (int i = 0; i < 5; i++) {
        write_test_text(picture_path(), wrong[i][0]);
        Request request = {.words = "--mask-file FILE", .n = 3, .file = picture_path()};
        expect_failure(EXIT_DATA, wrong[i][1], parse, &request);
    }
}

static void an_empty_row_is_noted(void **state) {
    (void)state;
    char said[512];
    static const char *const cases[][3] = {
        {"--mask-file FILE", "##.\n...\n.##\n", "mask.txt: token 1 may look at nothing: "},
        {"--mask-file FILE", "...\n...\n.##\n", "mask.txt: token 0 (and others) may look at nothing: "},
        {"--mask causal --mask-file FILE", "##.\n..#\n.##\n", "mask.txt: token 1 may look at nothing: "}};
    for (int i = 0; i < 3; i++) {
        write_test_text(picture_path(), cases[i][1]);
        Request request = {.words = cases[i][0], .n = 3, .file = picture_path()};
        stderr_of(said, sizeof said, parse, &request);
        if (!strstr(said, cases[i][2])) wrong("\"%s\" does not say \"%s\"", said, cases[i][2]);
        named_mask_free(&request.mask);
    }
}

static void bad_words_are_usage_errors(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"--mask fish", "--mask fish|expected one of none|causal|local|global-local|sliding|dilated|prefix|chunked"},
        {"--mask loc", "expected one of"},
        {"--mask local --window -1", "--window -1|whole number from 0"},
        {"--mask local --window 2147483648", "--window 2147483648|to 2147483647"},
        {"--mask local --window 1.5", "--window 1.5"},
        {"--mask local --window x", "--window x"},
        {"--mask sliding --window 0", "--window 0|1 or more"},
        {"--mask sinks --window 0", "--window 0|1 or more"},
        {"--mask sinks --sinks -1", "--sinks -1|whole number from 0"},
        {"--mask strided --window 0", "--window 0|1 or more"},
        {"--stride 3", "unknown option --stride"},
        {"--mask global-local --global -1", "--global -1"},
        {"--mask dilated --dilation 0", "--dilation 0|whole number from 1"},
        {"--mask prefix --prefix -2", "--prefix -2"},
        {"--mask chunked --chunk 0", "--chunk 0|whole number from 1"},
        {"--global-at 10", "--global-at 10|0 to 9"},
        {"--global-at 0,", "--global-at"},
        {"--global-at 3-1", "--global-at 3-1"},
        {"--global-at a", "--global-at a"},
        {"--mask", "--mask"},
        {"--masks local", "--masks"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Request request = {.words = cases[i][0], .n = 10};
        expect_failure(EXIT_USAGE, cases[i][1], parse, &request);
    }
}

static void unused_parameters_are_noted(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"--mask causal --window 3", "note: --window is not used by --mask causal"},
        {"--mask local --window 3 --global 2", "note: --global is not used by --mask local"},
        {"--chunk 3", "note: --chunk is not used by --mask none"},
        {"--mask prefix --dilation 2", "note: --dilation is not used by --mask prefix"},
        {"--mask sliding --prefix 2", "note: --prefix is not used by --mask sliding"},
        {"--mask local --window 3", ""}};
    for (int i = 0; i < 6; i++) {
        Request request = {.words = cases[i][0], .n = 10};
        char said[512];
        stderr_of(said, sizeof said, parse, &request);
        if (*cases[i][1]) assert_non_null(strstr(said, cases[i][1]));
        else assert_string_equal(said, "");
        named_mask_free(&request.mask);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_of_the_command_line),
        cmocka_unit_test(missing_parameters_come_from_the_length),
        cmocka_unit_test(a_drawn_mask_is_one_more_condition),
        cmocka_unit_test(bad_words_are_usage_errors),
        cmocka_unit_test(unused_parameters_are_noted),
        cmocka_unit_test(a_drawn_mask_may_have_gaps),
        cmocka_unit_test(an_empty_row_is_noted),
    };
    return cmocka_run_group_tests_name("mask_options", tests, make_test_folder, remove_test_folder);
}
