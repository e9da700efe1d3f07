/* show/terminal: the same picture in characters and in colours, in the columns there are, with names of any kind. */
#include "show.h"
#include "show/colour.h"
#include "show/terminal.h"
#include "show/token_edges.h"

#include <math.h>

/* What `print` wrote; free with memory_free's partner free(). */
typedef struct {
    char *text;
    size_t size;
    Terminal terminal;
} Screen;

static Screen *screen_open(Ink ink, int columns) {
    Screen *screen = calloc(1, sizeof *screen);
    assert_non_null(screen);
    screen->terminal = (Terminal){open_memstream(&screen->text, &screen->size), ink, columns};
    assert_non_null(screen->terminal.out);
    return screen;
}

static void screen_close(Screen *screen) {
    free(screen->text);
    free(screen);
}

static void expect_screen(Screen *screen, const char *expected) {
    fclose(screen->terminal.out);
    if (strcmp(screen->text, expected) != 0) wrong("got:\n%s\nexpected:\n%s", screen->text, expected);
    screen_close(screen);
}

static Mat example(void) {
    Mat m = mat_new(2, 3);
    const float values[] = {0, 0.55f, 0.99f, 0.1f, 0.25f, 0.05f};
    memcpy(m.data, values, sizeof values);
    return m;
}

static const char *const names[] = {"the", "c\u00e4t", "\u6771"};

static void a_map_in_characters(void **state) {
    (void)state;
    Mat m = example();
    const bool hidden[] = {false, false, false, false, false, true};
    Screen *screen = screen_open(INK_PLAIN, 80);
    terminal_map(screen->terminal, "a map", m, (TerminalMap){.from = names, .to = names, .hidden = hidden});
    expect_screen(screen, "a map\n"
                          "from to (key)\n"
                          "    t c\n"
                          "    h \u00e4\n"
                          "    e t \u6771\n"
                          "the   ++@@\n"
                          "c\u00e4t ..::"
                          "//\n"
                          "0   ..::--==++**##%%@@ 1   //: forbidden by the mask\n");
    screen = screen_open(INK_PLAIN, 80);
    terminal_map(screen->terminal, "numbers\n", m, (TerminalMap){.hidden = hidden, .values = true});
    expect_screen(screen, "numbers\u23ce\n"
                          "from to (key)\n"
                          "      0     1     2\n"
                          "0  0.00  0.55  0.99\n"
                          "1  0.10  0.25    //\n"
                          "//: forbidden by the mask\n");
    screen = screen_open(INK_PLAIN, 80);
    terminal_map(screen->terminal, "layers", m,
                 (TerminalMap){.values = true, .row_axis = "layer", .col_axis = "from (query)"});
    expect_screen(screen, "layers\n"
                          "layer from (query)\n"
                          "      0     1     2\n"
                          "0  0.00  0.55  0.99\n"
                          "1  0.10  0.25  0.05\n");
    mat_free(&m);
}

/* Columns that have no room are counted, and the advice given is right. */
static void narrow_terminals_leave_columns_out(void **state) {
    (void)state;
    Mat m = mat_new(1, 50);
    Screen *screen = screen_open(INK_PLAIN, 22);
    terminal_map(screen->terminal, "wide", m, (TerminalMap){0});
    fclose(screen->terminal.out);
    assert_non_null(
        strstr(screen->text, "columns 10 to 49 are left out: the terminal has room for 10. Try: COLUMNS=102"));
    screen_close(screen);
    screen = screen_open(INK_PLAIN, 102);
    terminal_map(screen->terminal, "wide", m, (TerminalMap){0});
    fclose(screen->terminal.out);
    assert_null(strstr(screen->text, "left out"));
    screen_close(screen), mat_free(&m);
}

/* With colours a cell is its weight's colour as background, and every colour is switched off again. */
static void a_map_in_colours(void **state) {
    (void)state;
    Mat m = example();
    for (Ink ink = INK_256; ink <= INK_FULL; ink++) {
        Screen *screen = screen_open(ink, 80);
        terminal_map(screen->terminal, "colours", m, (TerminalMap){0});
        fclose(screen->terminal.out);
        assert_int_equal(count_in(screen->text, "\033[0m"), 6 + 10); /* cells and legend */
        for (int i = 0; i < 6 && ink == INK_FULL; i++) {
            unsigned colour = colour_of(PALETTE_WEIGHT, mat_at(m, i / 3, i % 3));
            char code[40];
            snprintf(code, sizeof code, "\033[48;2;%u;%u;%um", colour >> 16, colour >> 8 & 255, colour & 255);
            assert_true(count_in(screen->text, code) >= 1);
        }
        assert_int_equal(count_in(screen->text, ink == INK_FULL ? "\033[48;2;" : "\033[48;5;"), 16);
        screen_close(screen);
    }
    mat_free(&m);
}

/* By looking at all six levels of each of the three: 0, 95, 135, 175, 215, 255. */
static int nearest_told(unsigned colour) {
    int index = 16;
    for (int shift = 16, weight = 36; shift >= 0; shift -= 8, weight /= 6) {
        int level = (int)(colour >> shift & 255), best = 0;
        for (int i = 1; i < 6; i++)
            if (abs(level - (55 + 40 * i)) <= abs(level - (best ? 55 + 40 * best : 0))) best = i;
        index += weight * best;
    }
    return index;
}

/* Of 256 colours, the nearest one of the cube: over the palette from end to end. */
static void the_nearest_of_256_colours(void **state) {
    (void)state;
    enum { STEPS = 801 };
    assert_int_equal(nearest_told(0xffffff), 231); /* by hand */
    assert_int_equal(nearest_told(0x2f3072), 16 + 6 + 1);
    Mat m = mat_new(1, STEPS);
    for (int i = 0; i < STEPS; i++) mat_row(m, 0)[i] = (float)i / (STEPS - 1);
    Screen *screen = screen_open(INK_256, 4 * STEPS);
    terminal_map(screen->terminal, "colours", m, (TerminalMap){0});
    fclose(screen->terminal.out);
    const char *at = screen->text, *code = "\033[48;5;";
    for (int i = 0; i < STEPS; i++) {
        at = strstr(at, code);
        assert_non_null(at);
        at += strlen(code);
        assert_int_equal(atoi(at), nearest_told(colour_of(PALETTE_WEIGHT, (double)mat_at(m, 0, i))));
    }
    screen_close(screen), mat_free(&m);
}

/* Tokens and what lies between them: on a screen each space is seen, in a pipe only line breaks are. */
static void edges_of_tokens(void **state) {
    (void)state;
    const char *text = "a \x1b[2J\n\tb\xC2\x85\r\nc";
    const TextSpan tokens[] = {{0, 1}, {2, 6}, {8, 9}, {13, 14}};
    Screen *screen = screen_open(INK_PLAIN, 80);
    token_edges_print(screen->terminal, text, tokens, 4);
    expect_screen(screen, "a|\\x1b[2J\n|b\n|c\n");
    screen = screen_open(INK_256, 80);
    token_edges_print(screen->terminal, text, tokens, 4);
    expect_screen(screen, "\033[48;5;24;38;5;231ma\033[0m \033[48;5;58;38;5;231m\\x1b[2J\033[0m\n\u2409"
                          "\033[48;5;53;38;5;231mb\033[0m\\x85\\x0d\n\033[48;5;22;38;5;231mc\033[0m\n");
}

/* The pieces of a Hebrew word: ## on the right of each, in its own column and line. */
static void pieces_from_right_to_left(void **state) {
    (void)state;
    const char *const tokens[] = {"\u05e9", "##\u05dc"};
    Mat m = mat_new(2, 2);
    Screen *screen = screen_open(INK_PLAIN, 80);
    terminal_map(screen->terminal, "a \"##\u05dc\"", m, (TerminalMap){.from = tokens});
    fclose(screen->terminal.out);
    if (!strstr(screen->text, "a \"\u200f##\u05dc\u200e\"\n")) wrong("%s", screen->text);
    if (!strstr(screen->text, "\n  \u05e9\u200e\n\u200f##\u05dc\u200e\n")) wrong("%s", screen->text);
    screen_close(screen), mat_free(&m);
}

/* NaN is no weight, and not the mask either. */
static void what_is_no_number_is_seen(void **state) {
    (void)state;
    Mat m = mat_new(1, 3);
    mat_row(m, 0)[0] = NAN, mat_row(m, 0)[1] = INFINITY, mat_row(m, 0)[2] = 1;
    Screen *screen = screen_open(INK_PLAIN, 40);
    terminal_map(screen->terminal, "odd", m, (TerminalMap){.scale = SCALE_FIT});
    fclose(screen->terminal.out);
    assert_non_null(strstr(screen->text, "\n0 ??@@++\n"));
    screen_close(screen);
    screen = screen_open(INK_FULL, 40);
    terminal_map(screen->terminal, "odd", m, (TerminalMap){0});
    fclose(screen->terminal.out);
    assert_int_equal(count_in(screen->text, "m??\033"), 1);
    screen_close(screen), mat_free(&m);
}

static void bars_and_strips(void **state) {
    (void)state;
    Screen *screen = screen_open(INK_PLAIN, 33);
    const float values[] = {1, -0.5f, NAN};
    terminal_bars(screen->terminal, "bars", names, values, 3, 0);
    expect_screen(screen, "bars\n"
                          "the         1 ##################\n"
                          "c\u00e4t      -0.5 ---------\n"
                          " \u6771       nan\n"
                          "a full bar is 1\n");
    Mat m = mat_new(2, 4);
    const float signs[] = {-1, 0, 0.5f, 1, 0.02f, 0.1f, -0.5f, 0};
    memcpy(m.data, signs, sizeof signs);
    screen = screen_open(INK_PLAIN, 40);
    terminal_strip(screen->terminal, "strip", names, m);
    fclose(screen->terminal.out);
    if (!strstr(screen->text, "the i.59\nc\u00e4t .1e.\n")) wrong("%s", screen->text);
    assert_non_null(strstr(screen->text, "1 to 9: positive, a to i: negative"));
    screen_close(screen);
    screen = screen_open(INK_PLAIN, 6); /* two columns: the largest of each pair */
    terminal_strip(screen->terminal, "strip", names, m);
    fclose(screen->terminal.out);
    if (!strstr(screen->text, "the i9\nc\u00e4t 1e\n")) wrong("%s", screen->text);
    assert_non_null(strstr(screen->text, "4 numbers a row in 2 columns"));
    screen_close(screen), mat_free(&m);
}

/* No name sends a control sequence, breaks a line, or shifts the columns behind it. */
static void names_of_any_kind(void **state) {
    (void)state;
    Mat m = mat_new(HOSTILE, HOSTILE);
    const char *controls[HOSTILE];
    for (int i = 0; i < HOSTILE; i++) controls[i] = i % 2 ? "\033[2J\033]0;owned\a" : "a\rb\bc\u202e\u200bd\n";
    for (int kind = 0; kind < 2; kind++) {
        const char *const *tokens = kind ? controls : hostile;
        Screen *screen = screen_open(INK_PLAIN, 120);
        terminal_map(screen->terminal, tokens[0], m, (TerminalMap){.from = tokens, .to = tokens});
        fclose(screen->terminal.out);
        assert_int_equal(utf8_first_invalid(screen->text, screen->size), screen->size);
        for (size_t i = 0; i < screen->size; i++)
            if ((unsigned char)screen->text[i] < 0x20) assert_int_equal(screen->text[i], '\n');
        assert_null(strstr(screen->text, "\u202e"));
        int lines = count_in(screen->text, "\n"), heads = lines - 2 - HOSTILE - 1;
        assert_in_range(heads, 1, 12);
        screen_close(screen);
    }
    mat_free(&m);
}

static void the_environment_decides_about_colours(void **state) {
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    const struct {
        const char *columns;
        int expected;
    } cases[] = {{"80", 80}, {"7", 20}, {"0", 100}, {"-5", 100}, {"many", 100}, {"99999999999", 100}, {"", 100}};
    for (int i = 0; i < COUNT(cases); i++) {
        setenv("COLUMNS", cases[i].columns, 1);
        setenv("COLORTERM", "truecolor", 1);
        Terminal terminal = terminal_of(file);
        assert_int_equal(terminal.columns, cases[i].expected);
        assert_int_equal(terminal.ink, INK_PLAIN); /* a file is no terminal */
    }
    unsetenv("COLUMNS"), unsetenv("COLORTERM");
    fclose(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_in_characters),       cmocka_unit_test(narrow_terminals_leave_columns_out),
        cmocka_unit_test(a_map_in_colours),          cmocka_unit_test(the_nearest_of_256_colours),
        cmocka_unit_test(edges_of_tokens),           cmocka_unit_test(pieces_from_right_to_left),
        cmocka_unit_test(what_is_no_number_is_seen), cmocka_unit_test(bars_and_strips),
        cmocka_unit_test(names_of_any_kind),         cmocka_unit_test(the_environment_decides_about_colours),
    };
    return cmocka_run_group_tests_name("show terminal", tests, make_test_folder, remove_test_folder);
}
