/* show/label: whatever a token holds, gnuplot draws it, runs nothing of it, and the shell reads back what was typed. */
#include "show.h"
#include "show/heat.h"
#include "show/label.h"
#include "show/lines.h"

static void expect_text(String *got, const char *expected) {
    if (strcmp(got->text, expected) != 0) wrong("got %s, expected %s", got->text, expected);
    string_free(got);
}

static void test_quote(void **state) {
    (void)state;
    static const struct {
        const char *text, *quoted;
        int most;
    } cases[] = {
        {"", "\"\"", 24},
        {"cat", "\"cat\"", 24},
        {"a\"b'c`d\\e", "\"a\\042b\\047c\\140d\\134e\"", 24},
        {"$(rm) @x {a}_b %d", "\"$(rm) @x {a}_b %d\"", 24},
        {"a\nb\tc\x01",
         "\"a\xE2\x8F\x8E"
         "b\xE2\x90\x89"
         "c\\134x01\"",
         24},
        {"\xff"
         "a\xc3",
         "\"\xEF\xBF\xBD"
         "a\xEF\xBF\xBD\"",
         24},
        {"x]]>y]>z]]]>", "\"x]]\u200A>y]>z]]]\u200A>\"", 24},
        {"abcdef", "\"abc\u2026\"", 4},
        {"##\u05dc", "\"\u200f##\u05dc\u200e\"", 24},
        {"\xE6\x9D\xB1\xE4\xBA\xAC", "\"\xE6\x9D\xB1\xE4\xBA\xAC\"", 2},
        {"\xE2\x80\xAE"
         "abc",
         "\"\\134u202eabc\"", 24},
    };
    for (int i = 0; i < COUNT(cases); i++) {
        String got = {0};
        label_quote(&got, cases[i].text, strlen(cases[i].text), cases[i].most);
        expect_text(&got, cases[i].quoted);
    }
    String got = {0};
    label_quote(&got, "a\0b", 3, 24);
    expect_text(&got, "\"a\\134x00b\"");
}

static void test_tic_comment(void **state) {
    (void)state;
    String got = {0};
    label_tic(&got, "50% `x`", 7, 24);
    expect_text(&got, "\"50%% \\140x\\140\"");
    label_comment(&got, "two\nlines\\");
    expect_text(&got, "two\xE2\x8F\x8Elines\\ ");
    label_comment(&got, "");
    assert_int_equal(got.length, 0);
    string_free(&got);
}

static void test_shell(void **state) {
    (void)state;
    static const char *const cases[][2] = {{"--layer", "--layer"},
                                           {"0,3-5", "0,3-5"},
                                           {"", "''"},
                                           {"a b", "'a b'"},
                                           {"it's", "'it'\\''s'"},
                                           {"$(x) `y` \\", "'$(x) `y` \\'"},
                                           {"a\nb'\\", "$'a\\x0ab\\'\\\\'"},
                                           {"\xff", "$'\\xff'"},
                                           {"na\xC3\xAFve", "'na\xC3\xAFve'"},
                                           {"~", "'~'"}};
    for (int i = 0; i < COUNT(cases); i++) {
        String got = {0};
        label_shell(&got, cases[i][0]);
        expect_text(&got, cases[i][1]);
    }
    char *words[] = {"build/17_bert", "--layer", "2", "the \"bank\"", NULL};
    char *command = label_command(4, words);
    assert_string_equal(command, "build/17_bert --layer 2 'the \"bank\"'");
    memory_free(command);
}

/* A name fills its columns, cut where it is too wide; U+732B has two. */
static void test_name_in_columns(void **state) {
    (void)state;
    static const struct {
        const char *name, *printed;
        int columns;
        bool right;
    } cases[] = {{"cat", "cat  ", 5, false},
                 {"cat", "  cat", 5, true},
                 {"abcdef", "abc\u2026", 4, false},
                 {"\u732b\u732b\u732b\u732b", "\u732b\u732b\u2026", 5, false},
                 {"\u732b\u732b\u732b", "\u2026 ", 2, false}};
    for (int i = 0; i < COUNT(cases); i++) {
        char printed[64] = {0};
        FILE *out = fmemopen(printed, sizeof printed, "w");
        assert_non_null(out);
        name_print(out, cases[i].name, cases[i].columns, cases[i].right);
        fclose(out);
        assert_string_equal(printed, cases[i].printed);
    }
}

/* bash reads back the bytes that random words hold. */
static void test_shell_reads_it_back(void **state) {
    (void)state;
    if (!have_program("bash")) skip();
    Rng rng = test_rng(5);
    static const char letters[] = "ab '\"\\`$(){}*?!~#&|<>;\n\t\x01\x1b\x7f\xc3\xa9\xe2\x80\xa6\xff";
    for (int round = 0; round < 40; round++) {
        char word[32];
        size_t length = random_below(&rng, sizeof word);
        for (size_t i = 0; i < length; i++) word[i] = letters[random_below(&rng, sizeof letters - 1)];
        word[length] = '\0';
        String command = {0};
        string_add(&command, "printf '%%s' ");
        label_shell(&command, word);
        assert_null(memchr(command.text, '\n', command.length));
        const char *const arguments[] = {"bash", "-c", command.text, NULL};
        Process bash = process_run(".", arguments, STDOUT_FILENO, 10);
        if (bash.said.length != length || memcmp(bash.said.text, word, length) != 0)
            wrong("bash reads %s as %s", command.text, bash.said.text);
        process_free(&bash);
        string_free(&command);
    }
}

/* ---- gnuplot itself ---- */

static void test_hostile_tokens(void **state) {
    (void)state;
    need_gnuplot();
    int n = COUNT(hostile);
    Mat m = mat_new(n, n);
    mat_fill(m, 0.05f);
    Sheet sheet = test_sheet("tokens", "svg");
    heat_draw(sheet, m,
              (HeatOptions){
                  .from = hostile, .to = hostile, .from_axis = hostile[0], .to_axis = hostile[2], .bar = hostile[1]});
    Bytes svg = test_bytes("tokens.svg");
    expect_xml(&svg);
    assert_int_equal(count_in(svg.data, "`touch pwn2`"), 3);
    assert_int_equal(count_in(svg.data, "$(touch pwn3)"), 3);
    assert_int_equal(count_in(svg.data, ">@GPVAL_VERSION<"), 2);
    assert_int_equal(count_in(svg.data, ">{a}_b^c<"), 2);
    assert_int_equal(count_in(svg.data, ">%s%d%n<"), 2);
    assert_int_equal(count_in(svg.data, "\xE2\x8F\x8E!touch pwn5\xE2\x8F\x8E"), 2);
    assert_int_equal(count_in(svg.data, "&lt;b>&amp;amp;"), 2);
    assert_int_equal(count_in(svg.data, "\xF0\x9F\x98\x80"), 2);
    assert_int_equal(count_in(svg.data, ">\xEF\xBF\xBD\xEF\xBF\xBD<"), 2);
    assert_int_equal(count_in(svg.data, ">\\n\\<"), 2);
    bytes_free(&svg);
    lines_draw(test_sheet("lines", "svg"), &m, 1,
               (LinesOptions){.from = hostile, .to = hostile, .names = hostile, .focus = LINES_ALL});
    svg = test_bytes("lines.svg");
    expect_xml(&svg);
    bytes_free(&svg);
    mat_free(&m);
    find_nothing_run();
}

static void test_hostile_titles(void **state) {
    (void)state;
    need_gnuplot();
    Mat m = mat_new(2, 2);
    for (int i = 0; i < COUNT(hostile); i++) {
        Sheet sheet = test_sheet("titles", "svg");
        sheet.title = hostile[i], sheet.subtitle = hostile[i], sheet.command = hostile[i];
        heat_draw(sheet, m, (HeatOptions){.scale = SCALE_FIT});
        Bytes svg = test_bytes("titles.svg");
        expect_xml(&svg);
        assert_int_equal(count_in(svg.data, ">to (key)<"), 1);
        bytes_free(&svg);
    }
    mat_free(&m);
    find_nothing_run();
}

static void test_long_token(void **state) {
    (void)state;
    need_gnuplot();
    char *token = memory_new(10001, 1, "a token");
    memset(token, 'w', 10000);
    const char *const names[] = {token, "b"};
    Mat m = mat_new(2, 2);
    Sheet sheet = test_sheet("long", "svg,png");
    sheet.title = token, sheet.command = token;
    heat_draw(sheet, m, (HeatOptions){.from = names, .to = names});
    Bytes svg = test_bytes("long.svg");
    expect_xml(&svg);
    assert_int_equal(count_in(svg.data, ">wwwwwwwwwwwwwwwwwwwwwww\u2026<"), 2);
    assert_null(strstr(svg.data, "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww"
                                 "wwwwwwwwwwwwwwwwwwwwwwwwwww"
                                 "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww"));
    bytes_free(&svg);
    mat_free(&m);
    memory_free(token);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quote),          cmocka_unit_test(test_tic_comment),
        cmocka_unit_test(test_shell),          cmocka_unit_test(test_shell_reads_it_back),
        cmocka_unit_test(test_hostile_tokens), cmocka_unit_test(test_hostile_titles),
        cmocka_unit_test(test_long_token),     cmocka_unit_test(test_name_in_columns),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
