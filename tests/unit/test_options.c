/* base/options: every command line has one meaning, and a wrong one ends with exit 2 and one line. */
#include "expect.h"
#include "base/options.h"

enum { MOST_WORDS = 12 };
enum { FIXED, FIT, LOG }; /* --scale; FIT is its default here */

/* One program with an option of every kind. */
typedef struct {
    int argc;
    char *argv[MOST_WORDS];
    bool flag;
    int number;
    double real;
    const char *text;
    int choice;
    Common common;
} Line;

static void parse(void *context) {
    Line *line = context;
    Options list = {0};
    option_heading(&list, "what to draw");
    option_flag(&list, "terminal", &line->flag, "also as text");
    option_int(&list, "layer", "L", &line->number, -5, 100, "a layer,\ncounted from 0");
    option_real(&list, "rate", "R", &line->real, -1, 1e3, "a rate");
    option_text(&list, "pair", "TEXT2", &line->text, "a second text");
    option_choice(&list, "scale", "fixed|fit|log", &line->choice, "colours");
    Program program = {"17_test", "draws nothing", "  17_test \"a text\"\n"};
    options_parse(&line->common, program, &list, line->argc, line->argv);
}

static Line line_new(const char *words) { /* separated by '|'; "" is an empty word */
    Line line = {.number = 7, .real = 0.5, .text = "default", .choice = FIT};
    line.argv[line.argc++] = text_copy("prog", 4);
    for (const char *at = words; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL) {
        assert_true(line.argc < MOST_WORDS);
        line.argv[line.argc++] = text_copy(at, strcspn(at, "|"));
    }
    return line;
}

static void line_free(Line *line) {
    for (int i = 0; i < line->argc; i++) memory_free(line->argv[i]);
}

/* ---- right lines ---- */

static void test_nothing_given(void **state) {
    (void)state;
    Line line = {.argc = 1, .argv = {(char *)(size_t) "build/prog"}, .number = 7, .choice = FIT};
    parse(&line);
    assert_null(line.common.text);
    assert_null(line.common.file);
    assert_string_equal(line.common.out, "out/17_test");
    assert_int_equal(line.common.seed, 123);
    assert_in_range(line.common.threads, 1, 64);
    assert_int_equal(line.common.time, 0);
    assert_int_equal(line.number, 7);
    assert_int_equal(line.choice, FIT);
    assert_false(line.flag);
    assert_string_equal(error_program_name(), "prog");
    line.argc = 0;
    parse(&line);
    assert_null(line.common.text);
}

static void test_right_lines(void **state) {
    (void)state;
    static const struct {
        const char *words;
        const char *text; /* TEXT, or NULL */
        int number;
        double real;
        const char *pair;
        int choice;
        bool flag;
    } cases[] = {
        {"a text", "a text", 7, 0.5, "default", FIT, false},
        {"", "", 7, 0.5, "default", FIT, false},
        {"-", "-", 7, 0.5, "default", FIT, false},
        {"--layer|3|a text", "a text", 3, 0.5, "default", FIT, false},
        {"--layer=3|a text", "a text", 3, 0.5, "default", FIT, false},
        {"a text|--layer|3", "a text", 3, 0.5, "default", FIT, false},
        {"--layer|1|a text|--layer=2", "a text", 2, 0.5, "default", FIT, false},
        {"--layer|-5", NULL, -5, 0.5, "default", FIT, false},
        {"--layer=-5", NULL, -5, 0.5, "default", FIT, false},
        {"--rate|-0.25", NULL, 7, -0.25, "default", FIT, false},
        {"--rate=1e2", NULL, 7, 100, "default", FIT, false},
        {"--rate|.5e-1", NULL, 7, 0.05, "default", FIT, false},
        {"--pair|", NULL, 7, 0.5, "", FIT, false},
        {"--pair=", NULL, 7, 0.5, "", FIT, false},
        {"--pair|--terminal", NULL, 7, 0.5, "--terminal", FIT, false},
        {"--pair|-5 degrees", NULL, 7, 0.5, "-5 degrees", FIT, false},
        {"--pair=a=b", NULL, 7, 0.5, "a=b", FIT, false},
        {"--pair|--", NULL, 7, 0.5, "--", FIT, false},
        {"--scale|log|--terminal", NULL, 7, 0.5, "default", LOG, true},
        {"--scale=fixed", NULL, 7, 0.5, "default", FIXED, false},
        {"--terminal|--terminal", NULL, 7, 0.5, "default", FIT, true},
        {"--|-5 degrees", "-5 degrees", 7, 0.5, "default", FIT, false},
        {"--|--layer", "--layer", 7, 0.5, "default", FIT, false},
        {"--layer|4|--|--", "--", 4, 0.5, "default", FIT, false},
        {"a text|--", "a text", 7, 0.5, "default", FIT, false},
        {"--", NULL, 7, 0.5, "default", FIT, false},
    };
    setenv("POSIXLY_CORRECT", "1", 1); /* would stop getopt_long at TEXT */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Line line = line_new(cases[i].words);
        Error error;
        if (error_catch(&error, parse, &line)) wrong("%s: %s", cases[i].words, error.message);
        bool same =
            (cases[i].text ? line.common.text && strcmp(line.common.text, cases[i].text) == 0 : !line.common.text) &&
            line.number == cases[i].number && line.real == cases[i].real && line.flag == cases[i].flag &&
            strcmp(line.text, cases[i].pair) == 0 && line.choice == cases[i].choice;
        if (!same)
            wrong("%s gave text %s, number %d, real %g, pair %s, choice %d, flag %d", cases[i].words,
                  line.common.text ? line.common.text : "none", line.number, line.real, line.text, line.choice,
                  line.flag);
        line_free(&line);
    }
    unsetenv("POSIXLY_CORRECT");
}

static void test_common_options(void **state) {
    (void)state;
    Line line = line_new("--file|F|--out=D|--seed|0|--threads|64|--time|3");
    parse(&line);
    assert_string_equal(line.common.file, "F");
    assert_string_equal(line.common.out, "D");
    assert_int_equal(line.common.seed, 0);
    assert_int_equal(line.common.threads, 64);
    assert_int_equal(line.common.time, 3);
    line_free(&line);
}

/* ---- the list ---- */

enum { MANY = 100 };
/* A hundred numbers and as many choices: the list grows, and what was added first is still right. */
static void test_long_list(void **state) {
    (void)state;
    char *argv[] = {text_copy("prog", 4), text_copy("--number99=7", 12), text_copy("--choice0=c", 11)};
    char names[2][MANY][16];
    int number[MANY], choice[MANY];
    Options list = {0};
    Common common;
    for (int i = 0; i < MANY; i++) {
        number[i] = choice[i] = -1;
        snprintf(names[0][i], sizeof names[0][i], "number%d", i);
        snprintf(names[1][i], sizeof names[1][i], "choice%d", i);
        const char *help = options_keep(&list, text_format("number %d", i)); /* the list frees it */
        option_int(&list, names[0][i], "N", &number[i], 0, 9, help);
        option_choice(&list, names[1][i], "a|b|c", &choice[i], "a word");
    }
    assert_int_equal(list.count, 2 * MANY);
    options_parse(&common, (Program){"17_test", "draws nothing", NULL}, &list, 3, argv);
    assert_null(list.row), assert_null(list.kept);
    assert_true(list.count == 0 && list.kept_count == 0);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(number[i], i == 99 ? 7 : -1);
        assert_int_equal(choice[i], i == 0 ? 2 : -1);
    }
    for (int i = 0; i < 3; i++) memory_free(argv[i]);
}

static void parse_texts(void *words) {
    char *argv[2 * (MOST_TEXTS + 1) + 1];
    int count = *(int *)words;
    Options list = {0};
    Texts texts = {0};
    Common common;
    argv[0] = text_copy("prog", 4);
    for (int i = 0; i < count; i++) {
        argv[2 * i + 1] = text_copy("--also", 6);
        argv[2 * i + 2] = text_format("text %d", i);
    }
    option_texts(&list, "also", "TEXT", &texts, "one more");
    options_parse(&common, (Program){"17_test", "draws nothing", NULL}, &list, 2 * count + 1, argv);
    assert_int_equal(texts.count, count);
    for (int i = 0; i < count; i++) assert_string_equal(texts.at[i], argv[2 * i + 2]);
    for (int i = 0; i <= 2 * count; i++) memory_free(argv[i]);
}

/* Each is kept, in the order given; one too many is refused. */
static void test_texts(void **state) {
    (void)state;
    int count = 0, most = MOST_TEXTS, more = MOST_TEXTS + 1;
    parse_texts(&count), parse_texts(&most);
    expect_failure(EXIT_USAGE, "--also is given more than 8 times", parse_texts, &more);
}

static void test_word_of_a_choice(void **state) {
    (void)state;
    static const char *const expected[] = {"fixed", "fit", "log"};
    for (int i = 0; i < 3; i++) {
        char *word = options_word("fixed|fit|log", i);
        assert_string_equal(word, expected[i]);
        memory_free(word);
    }
}

/* ---- wrong lines ---- */

static const struct {
    const char *words, *says;
} WRONG[] = {
    {"--nothing", "unknown option --nothing. Try: --help"},
    {"--nothing=3", "unknown option --nothing=3"},
    {"--lay|3", "unknown option --lay. Try: --layer"},
    {"--layers|3", "unknown option --layers. Try: --layer"},
    {"--layers=3", "unknown option --layers=3. Try: --layer"},
    {"--=3", "unknown option --=3"},
    {"--t|3", "unknown option --t. Try: --terminal"},
    {"---layer|3", "unknown option ---layer"},
    {"-l|3", "unknown option -l. Try: --help, or --"},
    {"-5 degrees", "unknown option -5 degrees. Try: --help, or -- before a text"},
    {"-xyz", "unknown option -xyz"},
    {"a text|--layer", "--layer needs a value"},
    {"--pair", "--pair needs a value"},
    {"--terminal=yes", "--terminal takes no value"},
    {"--terminal=", "--terminal takes no value"},
    {"--help=", "--help takes no value"},
    {"--layer|x", "--layer x: expected a whole number from -5 to 100"},
    {"--layer|", "--layer : expected a whole number"},
    {"--layer=", "--layer : expected a whole number"},
    {"--layer| 3", "expected a whole number"},
    {"--layer|3 ", "expected a whole number"},
    {"--layer|+3", "expected a whole number"},
    {"--layer|0x3", "expected a whole number"},
    {"--layer|3.0", "expected a whole number"},
    {"--layer|1e1", "expected a whole number"},
    {"--layer|-6", "--layer -6: expected a whole number"},
    {"--layer|101", "expected a whole number"},
    {"--layer|4294967299", "expected a whole number"},
    {"--layer|18446744073709551619", "expected a whole number"},
    {"--layer|--5", "expected a whole number"},
    {"--layer|--terminal", "--layer --terminal: expected a whole number"},
    {"--rate|nan", "--rate nan: expected a number from -1 to 1000"},
    {"--rate|inf", "expected a number"},
    {"--rate|-inf", "expected a number"},
    {"--rate|0x1", "expected a number"},
    {"--rate| 1", "expected a number"},
    {"--rate|+1", "expected a number"},
    {"--rate|1,5", "expected a number"},
    {"--rate|1.5.2", "expected a number"},
    {"--rate|.", "expected a number"},
    {"--rate|", "expected a number"},
    {"--rate|1e400", "expected a number"},
    {"--rate|-1.01", "expected a number"},
    {"--scale|LOG", "--scale LOG: expected one of fixed|fit|log"},
    {"--scale|", "expected one of"},
    {"--scale|fi", "expected one of"},
    {"--threads|0", "--threads 0: expected a whole number from 1 to 64"},
    {"--threads|-1", "expected a whole number from 1 to 64"},
    {"--threads|-0", "expected a whole number"},
    {"--threads|65", "expected a whole number"},
    {"--time|0", "--time 0: expected a whole number from 1"},
    {"--seed|-1", "--seed -1: expected a whole number from 0"},
    {"one|two", "two texts given: \"one\" and \"two\". Try: put the whole text in quotes"},
    {"one|", "two texts given: \"one\" and \"\""},
    {"-|--|-", "two texts given"},
    {"one|--file|F", "both a TEXT and --file"},
    {"-|--file|F", "both a TEXT and --file"},
    {"|--file|F", "both a TEXT and --file"},
};

static void test_wrong_lines(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        Line line = line_new(WRONG[i].words);
        expect_failure(EXIT_USAGE, WRONG[i].says, parse, &line);
        line_free(&line);
    }
}

static void test_choice_with_bar(void **state) {
    (void)state;
    Line line = line_new("--scale|x");
    memory_free(line.argv[2]);
    line.argv[2] = text_copy("fit|log", 7);
    expect_failure(EXIT_USAGE, "expected one of fixed", parse, &line);
    line_free(&line);
}

static void test_usage_error_as_process(void **state) {
    (void)state;
    Line line = line_new("--layer|a\nb");
    Child child = run_child(parse, &line, NULL);
    assert_int_equal(child.code, EXIT_USAGE);
    assert_string_equal(child.err, "prog: error: --layer a\\nb: expected a whole number from -5 to 100\n");
    assert_string_equal(child.out, "");
    line_free(&line);
}

/* ---- --help ---- */

static void test_help(void **state) {
    (void)state;
    static const char expected[] =
        "17_test: draws nothing\n"
        "\n"
        "usage: 17_test [options] [TEXT | -]\n"
        "\n"
        "what to draw\n"
        "  --terminal                  also as text\n"
        "  --layer L                   a layer,\n"
        "                              counted from 0\n"
        "  --rate R                    a rate\n"
        "  --pair TEXT2                a second text\n"
        "  --scale fixed|fit|log       colours\n"
        "\n"
        "common to every stage\n"
        "  --file F                    read the text from F\n"
        "  --out DIR                   folder for pictures and their data\n"
        "  --seed N                    random numbers: PyTorch's for the same seed (default 123)\n"
        "  --threads N                 workers (default: all processors)\n"
        "  --time N                    do the main work N times, draw nothing, print median and\n"
        "                              minimum milliseconds, then the rate\n"
        "  --help                      this text\n"
        "\n"
        "examples\n"
        "  17_test \"a text\"\n";
    Line line = line_new("--layer|3|--help|a text");
    Child child = run_child(parse, &line, NULL);
    assert_int_equal(child.code, 0);
    assert_string_equal(child.err, "");
    assert_string_equal(child.out, expected);
    line_free(&line);
}

static void parse_long_names(void *context) {
    bool *flags = context;
    Options list = {0};
    Common common;
    option_flag(&list, "a-name-of-24-characters-", &flags[0], "behind it");
    option_flag(&list, "a-name-of-25-characters--", &flags[1], "below it");
    char *argv[] = {(char *)(size_t) "prog", (char *)(size_t) "--help"};
    options_parse(&common, (Program){"17_test", "draws nothing", NULL}, &list, 2, argv);
}

/* 26 characters of a name, with its dashes, leave room for the help behind it. */
static void test_help_of_long_names(void **state) {
    (void)state;
    bool flags[2] = {false};
    Child child = run_child(parse_long_names, flags, NULL);
    assert_non_null(strstr(child.out, "\n  --a-name-of-24-characters-  behind it\n"));
    assert_non_null(strstr(child.out, "\n  --a-name-of-25-characters--\n                              below it\n"));
}

static void help_to_full(void *context) {
    if (!freopen("/dev/full", "w", stdout)) _exit(99);
    parse(context);
}

static void test_help_to_full_disk(void **state) {
    (void)state;
    if (access("/dev/full", W_OK) != 0) skip();
    Line line = line_new("--help");
    Child child = run_child(help_to_full, &line, NULL);
    assert_int_equal(child.code, EXIT_ENVIRONMENT);
    expect_one_error_line(&child);
    line_free(&line);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_given),
        cmocka_unit_test(test_right_lines),
        cmocka_unit_test(test_common_options),
        cmocka_unit_test(test_long_list),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_word_of_a_choice),
        cmocka_unit_test(test_wrong_lines),
        cmocka_unit_test(test_choice_with_bar),
        cmocka_unit_test(test_usage_error_as_process),
        cmocka_unit_test(test_help),
        cmocka_unit_test(test_help_of_long_names),
        cmocka_unit_test(test_help_to_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
