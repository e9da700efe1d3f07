/* show/heat and show/grid, drawn by gnuplot and looked at: sizes, the colours of cells, what is masked, names of any
 * kind. */
#include "show.h"
#include "show/colour.h"
#include "show/grid.h"
#include "show/heat.h"

#include <math.h>

static Mat counting(int rows, int cols, float step) {
    Mat m = mat_new(rows, cols);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) mat_row(m, i)[j] = step * (float)(i * cols + j);
    return m;
}

/* Every cell has the colour of its weight, at its place: rows look, columns are looked at, (0, 0) top left. */
static void a_cell_has_the_colour_of_its_weight(void **state) {
    (void)state;
    need_gnuplot();
    const int shapes[][2] = {{3, 5}, {1, 4}, {4, 1}, {1, 1}, {12, 12}};
    for (int s = 0; s < COUNT(shapes); s++) {
        int rows = shapes[s][0], cols = shapes[s][1];
        Mat m = counting(rows, cols, 1.0f / (float)(rows * cols));
        heat_draw(test_sheet("heat", "svg"), m, (HeatOptions){.values = s == 0});
        Bytes svg = test_svg("heat");
        Axes axes = axes_of("heat.gp", 0);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < cols; j++)
                expect_cell(svg.data, axes, rows, cols, i, j, colour_of(PALETTE_WEIGHT, mat_at(m, i, j)));
        assert_int_equal(count_in(svg.data, ">to (key)<"), 1);
        assert_int_equal(count_in(svg.data, ">from (query)<"), 1);
        assert_int_equal(count_in(svg.data, "forbidden by the mask"), 0);
        bytes_free(&svg), mat_free(&m);
    }
}

/* A masked cell is grey under its hatch; a weight of 0 is white. */
static void masked_is_not_zero(void **state) {
    (void)state;
    need_gnuplot();
    Mat m = counting(4, 4, 0);
    bool hidden[16] = {0};
    for (int i = 0; i < 4; i++)
        for (int j = i + 1; j < 4; j++) hidden[4 * i + j] = true, mat_row(m, i)[j] = 0.9f; /* must not be seen */
    heat_draw(test_sheet("heat", "svg"), m, (HeatOptions){.hidden = hidden, .values = true});
    Bytes svg = test_svg("heat");
    Axes axes = axes_of("heat.gp", 0);
    double cell = (axes.right - axes.left) / 4;
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            if (!hidden[4 * i + j]) expect_cell(svg.data, axes, 4, 4, i, j, 0xffffff);
            else assert_int_equal(svg_colour(svg.data, axes.left + (j + 0.3) * cell, axes.top + (i + 0.3) * cell), -1);
    assert_int_equal(count_in(svg.data, ">0.00<"), 10);
    assert_int_equal(count_in(svg.data, ">0.90<"), 0);
    assert_int_equal(count_in(svg.data, "forbidden by the mask"), 1);
    expect_in_file("heat.gp", "fillcolor rgb '#e6e6e6'");
    Bytes data = test_bytes("heat.dat");
    assert_int_equal(count_in(data.data, "NaN"), 6 + 1); /* and the comment */
    assert_null(strstr(data.data, "0.9"));
    bytes_free(&data), bytes_free(&svg), mat_free(&m);
}

/* A map of kinds has no bar: neither its name nor its numbers. */
static void a_map_of_kinds_has_no_bar(void **state) {
    (void)state;
    need_gnuplot();
    Mat m = counting(2, 3, 0.4f);
    heat_draw(test_sheet("heat", "svg"), m, (HeatOptions){0});
    Bytes with = test_svg("heat");
    heat_draw(test_sheet("heat", "svg"), m, (HeatOptions){.bar = ""});
    Bytes without = test_svg("heat");
    assert_int_equal(count_in(with.data, ">weight<"), 1);
    assert_int_equal(count_in(with.data, "0.8<"), 1);
    assert_int_equal(count_in(without.data, ">weight<"), 0);
    assert_int_equal(count_in(without.data, "0.8<"), 0);
    bytes_free(&with), bytes_free(&without), mat_free(&m);
}

static void scales_mean_what_they_say(void **state) {
    (void)state;
    need_gnuplot();
    const struct {
        Scale scale;
        Palette palette;
        float values[4];
        double places[4];
    } cases[] = {{SCALE_FIXED, PALETTE_WEIGHT, {0, 0.2f, 0.36f, 2}, {0, 0.2, 0.36, 1}},
                 {SCALE_FIT, PALETTE_WEIGHT, {2, 3, 4, 6}, {0, 0.25, 0.5, 1}},
                 {SCALE_FIT, PALETTE_WEIGHT, {7, 7, 7, 7}, {0.5, 0.5, 0.5, 0.5}},
                 {SCALE_AMOUNT, PALETTE_WEIGHT, {2, 3, 4, 8}, {0.25, 0.375, 0.5, 1}},
                 {SCALE_AMOUNT, PALETTE_WEIGHT, {0, 0, 0, 0}, {0, 0, 0, 0}},
                 {SCALE_LOG, PALETTE_WEIGHT, {0, 1e-3f, 0.01f, 1}, {0, 0.25, 0.5, 1}},
                 {SCALE_SIGNED, PALETTE_SIGNED, {-4, -1, 0, 2}, {-1, -0.25, 0, 0.5}}};
    for (int c = 0; c < COUNT(cases); c++) {
        Mat m = mat_new(2, 2);
        for (int i = 0; i < 4; i++) mat_row(m, i / 2)[i % 2] = cases[c].values[i];
        heat_draw(test_sheet("heat", "svg"), m, (HeatOptions){.scale = cases[c].scale});
        Bytes svg = test_svg("heat");
        for (int i = 0; i < 4; i++)
            expect_cell(svg.data, axes_of("heat.gp", 0), 2, 2, i / 2, i % 2,
                        colour_of(cases[c].palette, cases[c].places[i]));
        bytes_free(&svg), mat_free(&m);
    }
}

/* One value everywhere lies in the middle of a range around it, and 0 has one as well. */
static void one_value_has_a_range(void **state) {
    (void)state;
    const double cases[][3] = {{0, -0.0005, 0.0005}, {8, 4, 12}, {-8, -12, -4}, {0.25, 0.125, 0.375}};
    for (int c = 0; c < COUNT(cases); c++) {
        Mat m = mat_new(2, 2);
        mat_fill(m, (float)cases[c][0]);
        Range range = scale_range(SCALE_FIT, m, NULL);
        if (fabs(range.low - cases[c][1]) > 1e-12 || fabs(range.high - cases[c][2]) > 1e-12)
            wrong("%g lies in [%g, %g]", cases[c][0], range.low, range.high);
        mat_free(&m);
    }
}

/* The colour of the first text that reads so in a picture. */
static unsigned text_colour(const char *svg, const char *text) {
    char *written = text_format(">%s</text>", text);
    const char *at = strstr(svg, written), *fill = NULL;
    if (!at) wrong("no number reads %s", text);
    for (const char *next = svg; (next = strstr(next, "fill=\"rgb(")) != NULL && next < at; next++) fill = next;
    unsigned red, green, blue;
    assert_non_null(fill);
    assert_int_equal(sscanf(fill, "fill=\"rgb(%u,%u,%u)", &red, &green, &blue), 3);
    memory_free(written);
    return red << 16 | green << 8 | blue;
}

/* A number has the colour that can be read on its cell, whatever the scale; pale is only what is nothing on white. */
static void numbers_can_be_read(void **state) {
    (void)state;
    need_gnuplot();
    enum { PALE = 0xa8b0b8 };
    const struct {
        Scale scale;
        float values[4];
        const char *texts[4];
        bool pale[4];
    } cases[] = {{SCALE_FIXED, {0.001f, 0.2f, 0.6f, 1}, {"0.00", "0.20", "0.60", "1.00"}, {true}},
                 {SCALE_FIT, {-4, -3, -2, -1}, {"-4.00", "-3.00", "-2.00", "-1.00"}, {false}},
                 {SCALE_FIT, {-0.004f, 0.001f, 0.002f, 0.0039f}, {"-0.00", NULL, NULL, NULL}, {true}},
                 {SCALE_FIT, {0.07f, 0.07f, 0.07f, 0.07f}, {"0.07", NULL, NULL, NULL}, {false}},
                 {SCALE_LOG, {1e-5f, 0.002f, 0.03f, 1}, {"1e-05", "2e-03", "0.03", "1.00"}, {true}},
                 {SCALE_SIGNED, {-4, 0.001f, 2, 4}, {"-4.00", "0.00", "2.00", "4.00"}, {false, true}}};
    for (int c = 0; c < COUNT(cases); c++) {
        Mat m = mat_new(2, 2);
        for (int i = 0; i < 4; i++) mat_row(m, i / 2)[i % 2] = cases[c].values[i];
        heat_draw(test_sheet("heat", "svg"), m, (HeatOptions){.scale = cases[c].scale, .values = true});
        Bytes svg = test_svg("heat");
        Axes axes = axes_of("heat.gp", 0);
        for (int i = 0; i < 4 && cases[c].texts[i]; i++) {
            double x = axes.left + (i % 2 + 0.25) * (axes.right - axes.left) / 2;
            double y = axes.top + (i / 2 + 0.25) * (axes.bottom - axes.top) / 2;
            unsigned readable = colour_text_on((unsigned)svg_colour(svg.data, x, y));
            unsigned found = text_colour(svg.data, cases[c].texts[i]);
            if (found != (cases[c].pale[i] ? PALE : readable))
                wrong("scale %d: %s is written in %06x", (int)cases[c].scale, cases[c].texts[i], found);
        }
        bytes_free(&svg), mat_free(&m);
    }
}

/* Six layers by three hundred tokens are no stripe: each layer has room for its name, and 6 x 6 stays square. */
static void few_rows_keep_their_height(void **state) {
    (void)state;
    need_gnuplot();
    const int shapes[][2] = {{6, 300}, {300, 6}, {6, 6}, {30, 300}};
    for (int s = 0; s < COUNT(shapes); s++) {
        Mat m = mat_new(shapes[s][0], shapes[s][1]);
        heat_draw(test_sheet("heat", "svg"), m, (HeatOptions){0});
        Axes axes = axes_of("heat.gp", 0);
        double width = (axes.right - axes.left) / m.cols, height = (axes.bottom - axes.top) / m.rows;
        if (m.rows == 6) assert_true(height > 20);
        if (m.cols == 6) assert_true(width > 20);
        if (s >= 2) assert_true(fabs(width - height) < 0.1);
        mat_free(&m);
    }
}

/* Beyond the numbers that a picture has room for, it says what it left out. */
static void large_maps_say_what_is_left_out(void **state) {
    (void)state;
    need_gnuplot();
    Mat m = counting(100, 90, 1e-4f), larger = mat_new(1500, 1100);
    mat_row(larger, 701)[333] = 1; /* one strong weight among blocks of 2 x 2 */
    heat_draw(test_sheet("heat", "svg"), m, (HeatOptions){.values = true});
    Bytes svg = test_svg("heat");
    assert_non_null(strstr(svg.data, "one token in 2 is named"));
    assert_non_null(strstr(svg.data, "numbers are printed up to 64 tokens"));
    assert_true(strstr(svg.data, ">98<") && !strstr(svg.data, ">97<"));
    bytes_free(&svg);
    heat_draw(test_sheet("heat", "png"), larger, (HeatOptions){0});
    Bytes data = test_bytes("heat.dat");
    assert_int_equal(count_in(data.data, "\n"), 750 + 1);
    assert_int_equal(count_in(data.data, " 1"), 1);
    expect_in_file("heat.gp", "each dot is the largest of 2 x 2 weights");
    bytes_free(&data), mat_free(&m), mat_free(&larger);
}

/* ---- the grid ---- */

/* A weight of a small map is 3 x 3 dots, and between two maps is a gap of one. */
enum { ROWS = 2, COLS = 3, N = 4, TILE = 3 * N + 1 };

/* Map (r, c) is one value everywhere: its tile has that colour, with a gap around it. */
static void a_tile_is_a_map(void **state) {
    (void)state;
    need_gnuplot();
    Mat maps[ROWS * COLS];
    bool hidden[N * N] = {0};
    for (int i = 0; i < N; i++)
        for (int j = i + 1; j < N; j++) hidden[N * i + j] = true;
    for (int k = 0; k < ROWS * COLS; k++) maps[k] = mat_new(N, N), mat_fill(maps[k], 0.15f * (float)(k + 1));
    const bool *each[ROWS * COLS] = {NULL, hidden, NULL, NULL, hidden, NULL};
    for (int way = 0; way < 3; way++) {
        GridOptions options = {.hidden = way == 1 ? hidden : NULL, .hidden_each = way == 2 ? each : NULL};
        grid_draw(test_sheet("grid", "svg"), maps, ROWS, COLS, options);
        Bytes svg = test_svg("grid");
        Axes axes = axes_of("grid.gp", 0);
        int dots_y = ROWS * TILE - 1, dots_x = COLS * TILE - 1;
        for (int k = 0; k < ROWS * COLS; k++)
            for (int i = 0; i < N; i++)
                for (int j = 0; j < N; j++) {
                    bool masked = hidden[N * i + j] && (way == 1 || (way == 2 && each[k]));
                    expect_cell(svg.data, axes, dots_y, dots_x, k / COLS * TILE + 3 * i + 1,
                                k % COLS * TILE + 3 * j + 1,
                                masked ? 0xc4c4c4 : colour_of(PALETTE_WEIGHT, mat_at(maps[k], i, j)));
                }
        expect_cell(svg.data, axes, dots_y, dots_x, 1, TILE - 1, 0xffffff); /* the gaps */
        expect_cell(svg.data, axes, dots_y, dots_x, TILE - 1, 1, 0xffffff);
        assert_int_equal(count_in(svg.data, "forbidden by the mask"), way > 0);
        assert_true(strstr(svg.data, ">layer<") && strstr(svg.data, ">head<"));
        bytes_free(&svg);
    }
    for (int k = 0; k < ROWS * COLS; k++) mat_free(&maps[k]);
}

/* --scale fit on a grid goes from the smallest to the largest cell of all maps: a map of one value, or one that is
 * hidden, does not stretch it. */
static void one_scale_fits_all_maps(void **state) {
    (void)state;
    need_gnuplot();
    Mat maps[3];
    for (int k = 0; k < 3; k++) maps[k] = mat_new(N, N), mat_fill(maps[k], 0.1f + 0.4f * (float)k);
    bool hidden[N * N];
    for (int i = 0; i < N * N; i++) hidden[i] = true;
    const bool *each[] = {NULL, NULL, hidden};
    for (int way = 0; way < 2; way++) {
        GridOptions options = {.scale = SCALE_FIT, .hidden_each = way ? each : NULL};
        grid_draw(test_sheet("grid", "svg"), maps, 1, 3, options);
        Bytes svg = test_svg("grid");
        Axes axes = axes_of("grid.gp", 0);
        const double places[2][2] = {{0, 0.5}, {0, 1}};
        for (int k = 0; k < 2; k++)
            expect_cell(svg.data, axes, TILE - 1, 3 * TILE - 1, 1, k * TILE + 1,
                        colour_of(PALETTE_WEIGHT, places[way][k]));
        bytes_free(&svg);
    }
    for (int k = 0; k < 3; k++) mat_free(&maps[k]);
}

/* Large maps are drawn by their strongest weights, and one map alone is a grid too. */
static void large_and_lonely_maps_in_a_grid(void **state) {
    (void)state;
    need_gnuplot();
    Mat large = mat_new(130, 130);
    mat_row(large, 129)[129] = 0.75f;
    const Mat three[] = {large, large, large};
    grid_draw(test_sheet("grid", "svg"), three, 1, 3, (GridOptions){0}); /* so many dots are an image in it */
    Bytes svg = test_svg("grid");
    assert_non_null(strstr(svg.data, "<image style='image-rendering:pixelated'"));
    bytes_free(&svg);
    grid_draw(test_sheet("grid", "svg"), &large, 1, 1, (GridOptions){0});
    svg = test_svg("grid");
    Bytes data = test_bytes("grid.dat");
    assert_non_null(strstr(svg.data, "each dot is the largest of 3 x 3 weights"));
    assert_int_equal(count_in(data.data, "0.75"), 1);
    bytes_free(&svg), bytes_free(&data), mat_free(&large);
}

/* Maps of other rows than columns list both: which token is which column could not be guessed. */
static void a_grid_names_rows_and_columns(void **state) {
    (void)state;
    need_gnuplot();
    const char *const rows[] = {"it", "slept"}, *const cols[] = {"the", "old", "cat"};
    Mat m = mat_new(2, 3);
    grid_draw(test_sheet("grid", "svg"), &m, 1, 1, (GridOptions){.tokens = rows, .keys = cols});
    Bytes svg = test_svg("grid");
    assert_int_equal(count_in(svg.data, ">rows:  it  slept<"), 1);
    assert_int_equal(count_in(svg.data, ">columns:  the  old  cat<"), 1);
    bytes_free(&svg);
    grid_draw(test_sheet("grid", "svg"), &m, 1, 1, (GridOptions){.tokens = rows});
    svg = test_svg("grid");
    assert_int_equal(count_in(svg.data, ">tokens:  it  slept<"), 1);
    bytes_free(&svg), mat_free(&m);
    enum { SHORT = 60 };
    const char *dots[SHORT];
    for (int i = 0; i < SHORT; i++) dots[i] = ".";
    Mat wide[12];
    for (int i = 0; i < 12; i++) wide[i] = mat_new(SHORT, SHORT);
    grid_draw(test_sheet("grid", "svg"), wide, 1, 12, (GridOptions){.tokens = dots});
    svg = test_svg("grid");
    assert_int_equal(count_in(svg.data, "\u2026"), 0); /* many short tokens: none is cut off */
    const char *listed = strstr(svg.data, ">tokens:");
    assert_non_null(listed);
    assert_int_equal(count_in(listed, " ."), SHORT - 1); /* the second line begins with one */
    bytes_free(&svg);
    for (int i = 0; i < 12; i++) mat_free(&wide[i]);
}

/* Every name of a grid and of a map at its hardest: what no name may do is run, or break the picture. */
static void names_of_any_kind(void **state) {
    (void)state;
    need_gnuplot();
    Mat maps[HOSTILE];
    for (int i = 0; i < HOSTILE; i++) maps[i] = mat_new(HOSTILE, HOSTILE);
    for (int h = 0; h < HOSTILE; h++) {
        const char *text = hostile[h];
        grid_draw(test_sheet("grid", "svg"), maps, 1, 1,
                  (GridOptions){.row_names = &text,
                                .col_names = &text,
                                .row_axis = text,
                                .col_axis = text,
                                .bar = text,
                                .tokens = hostile,
                                .scale = SCALE_FIXED});
        Bytes svg = test_svg("grid");
        bytes_free(&svg);
    }
    grid_draw(test_sheet("grid", "svg"), maps, HOSTILE, 1, (GridOptions){.row_names = hostile, .tokens = hostile});
    Bytes svg = test_svg("grid");
    assert_int_equal(count_in(svg.data, ">{a}_b^c<"), 1);
    bytes_free(&svg);
    for (int i = 0; i < HOSTILE; i++) mat_free(&maps[i]);
    find_nothing_run();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_has_the_colour_of_its_weight),
        cmocka_unit_test(masked_is_not_zero),
        cmocka_unit_test(a_map_of_kinds_has_no_bar),
        cmocka_unit_test(scales_mean_what_they_say),
        cmocka_unit_test(one_value_has_a_range),
        cmocka_unit_test(numbers_can_be_read),
        cmocka_unit_test(few_rows_keep_their_height),
        cmocka_unit_test(large_maps_say_what_is_left_out),
        cmocka_unit_test(a_tile_is_a_map),
        cmocka_unit_test(one_scale_fits_all_maps),
        cmocka_unit_test(large_and_lonely_maps_in_a_grid),
        cmocka_unit_test(a_grid_names_rows_and_columns),
        cmocka_unit_test(names_of_any_kind),
    };
    return cmocka_run_group_tests_name("show maps", tests, make_test_folder, remove_test_folder);
}
