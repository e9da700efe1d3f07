/* show/bars, lines, strips, neuron and curves, drawn by gnuplot and looked at: what is drawn, in which colour and how
 * large, what the mask hides, and names of any kind. */
#include "show.h"
#include "show/bars.h"
#include "show/colour.h"
#include "show/curves.h"
#include "show/lines.h"
#include "show/neuron.h"
#include "show/strips.h"

#include <math.h>

static Mat mat_of(int rows, int cols, const float *values) {
    Mat m = mat_new(rows, cols);
    memcpy(m.data, values, sizeof(float) * (size_t)(rows * cols));
    return m;
}

/* ---- bars ---- */

/* A bar reaches as high as its value; a hidden one has none. */
static void a_bar_is_as_high_as_its_value(void **state) {
    (void)state;
    need_gnuplot();
    Mat values = mat_of(1, 4, (const float[]){1, 0.5f, 0.25f, 0.9f});
    const bool hidden[] = {false, false, false, true};
    const char *const names[] = {"one", "half", "quarter", "hidden"};
    bars_draw(test_sheet("bars", "svg"), values,
              (BarsOptions){.names = names, .hidden = hidden, .most = 1, .mark = 1, .value_axis = "share"});
    Bytes svg = test_svg("bars");
    Axes a = axes_of("bars.gp", 0);
    double column = (a.right - a.left) / 4, height = a.bottom - a.top, full[4] = {0};
    for (int j = 0; j < 3; j++) {
        double x = a.left + (j + 0.5) * column;
        for (double y = a.top; y < a.bottom; y += 0.5) full[j] += 0.5 * (svg_colour(svg.data, x, y) == colour_hue(0));
    }
    assert_true(full[0] > 0.7 * height && fabs(full[1] - full[0] / 2) < 3 && fabs(full[2] - full[0] / 4) < 3);
    expect_colour(svg.data, a.left + 1.02 * column, a.top + 5, 0xfff0c2); /* the marked column */
    assert_int_equal(svg_colour(svg.data, a.left + 3.5 * column, a.bottom - 0.5 * height), -1);
    assert_true(strstr(svg.data, ">0.25<") && !strstr(svg.data, ">0.90<") && strstr(svg.data, ">share<"));
    assert_non_null(strstr(svg.data, "Hatched: forbidden by the mask."));
    bytes_free(&svg), mat_free(&values);
}

/* Rows of several series share one scale, and each has its hue and its largest number. */
static void series_share_a_scale(void **state) {
    (void)state;
    need_gnuplot();
    Mat values = mat_of(3, 2, (const float[]){0.5f, 0.1f, NAN, 1, -0.5f, 0.25f});
    const char *const series[] = {"head 3", "head 7", "head 9"};
    const int hues[] = {3, 7, 9};
    bars_draw(test_sheet("bars", "svg"), values, (BarsOptions){.series = series, .hues = hues, .mark = BARS_NONE});
    Bytes svg = test_svg("bars"), data = test_bytes("bars.dat");
    for (int i = 0; i < 3; i++) assert_int_equal(count_in(svg.data, series[i]), 1);
    assert_true(strstr(svg.data, ">0.50<") && strstr(svg.data, ">1.00<") && strstr(svg.data, ">-0.50<"));
    assert_int_equal(count_in(svg.data, ">0.25<"), 0);
    assert_non_null(strstr(svg.data, "a full bar is 1 "));
    assert_int_equal(count_in(data.data, "\n"), 1 + 5); /* a line each, not for NaN */
    for (int i = 0; i < 3; i++) {
        char number[16];
        snprintf(number, sizeof number, " %u ", colour_hue(hues[i]));
        assert_int_equal(count_in(data.data, number), i == 1 ? 1 : 2);
    }
    bytes_free(&svg), bytes_free(&data), mat_free(&values);
}

/* People count in 1, 2, 5 and 10: a fifth of the largest value that is one of them stays. */
static void an_axis_counts_as_people_do(void **state) {
    (void)state;
    need_gnuplot();
    const struct {
        float most;
        int lines;                                                     /* of the axis, with that of 0 */
    } cases[] = {{5, 6}, {10, 6}, {25, 6}, {50, 6}, {15, 4}, {30, 4}}; /* by 1, 2, 5, 10, 5 and 10 */
    for (int c = 0; c < COUNT(cases); c++) {
        Mat values = mat_of(1, 1, &cases[c].most);
        bars_draw(test_sheet("bars", "svg"), values, (BarsOptions){.mark = BARS_NONE});
        Bytes script = test_bytes("bars.gp");
        int lines = count_in(script.data, "nohead lc rgb '#e3e6e9'");
        if (lines != cases[c].lines) wrong("%d lines up to %g", lines, (double)cases[c].most);
        bytes_free(&script), mat_free(&values);
    }
}

/* ---- lines and flow ---- */

static void a_line_for_each_weight_that_can_be_seen(void **state) {
    (void)state;
    need_gnuplot();
    Mat m = mat_of(2, 3, (const float[]){1, 0.25f, 0.001f, 0.5f, NAN, 0.7f});
    const bool hidden[] = {false, false, false, true, false, false};
    const struct {
        int focus;
        const bool *hidden;
        int lines;
    } cases[] = {{LINES_ALL, NULL, 4}, {LINES_ALL, hidden, 3}, {0, NULL, 2}, {1, hidden, 1}};
    for (int c = 0; c < COUNT(cases); c++) {
        lines_draw(test_sheet("lines", "svg"), &m, 1,
                   (LinesOptions){.focus = cases[c].focus, .hidden = cases[c].hidden});
        Bytes svg = test_svg("lines"), data = test_bytes("lines.dat");
        assert_int_equal(count_in(data.data, "\n"), 1 + cases[c].lines);
        assert_non_null(strstr(svg.data, "the opacity of a line is its weight"));
        bytes_free(&svg), bytes_free(&data);
        for (int all = 0; all < 2;
             all++) { /* 0.001 is below the usual threshold; a threshold of 0 leaves nothing out */
            flow_draw(test_sheet("lines", "svg"), m,
                      (LinesOptions){.focus = cases[c].focus, .hidden = cases[c].hidden, .threshold = all ? 0 : 0.04});
            data = test_bytes("lines.dat");
            /* every ribbon is an S of as many pieces, and begins at x = 0 */
            assert_int_equal(count_in(data.data, "\n0 "), cases[c].lines + (all && cases[c].focus != 1));
            bytes_free(&data);
        }
        svg = test_svg("lines"), data = test_bytes("lines.dat");
        bytes_free(&svg), bytes_free(&data);
    }
    mat_free(&m);
}

/* The last number of a line is 0xAARRGGBB: its hue, and the transparency 255 (1 - weight). */
static void opacity_is_weight(void **state) {
    (void)state;
    need_gnuplot();
    for (int c = 1; c <= 9; c++) {
        float weight = 0.1f * (float)c;
        Mat m = mat_of(1, 1, &weight);
        const int hue = c;
        lines_draw(test_sheet("lines", "svg"), &m, 1, (LinesOptions){.focus = LINES_ALL, .hues = &hue});
        Bytes data = test_bytes("lines.dat");
        unsigned colour;
        assert_int_equal(sscanf(strchr(data.data, '\n') + 1, "%*s %*s %*s %*s %u", &colour), 1);
        assert_true(fabs(255 * (1 - (double)weight) - (colour >> 24)) < 5);
        for (int shift = 0; shift <= 16; shift += 8)
            assert_true(abs((int)(colour >> shift & 255) - (int)(colour_hue(hue) >> shift & 255)) < 4);
        bytes_free(&data), mat_free(&m);
    }
}

/* The note of the flow view adds up: what is below the threshold is said to be missing. */
static void flow_says_what_it_leaves_out(void **state) {
    (void)state;
    need_gnuplot();
    Mat m = mat_of(1, 4, (const float[]){0.6f, 0.2f, 0.1f, 0.1f}), none = mat_new(2, 2);
    flow_draw(test_sheet("flow", "svg"), m, (LinesOptions){.focus = LINES_ALL, .threshold = 0.15});
    expect_in_file("flow.gp", "below 0.15 there is none: 80% of all weight is shown");
    flow_draw(test_sheet("flow", "svg"), none, (LinesOptions){.focus = LINES_ALL, .threshold = 0.04});
    Bytes svg = test_svg("flow");
    bytes_free(&svg), mat_free(&m), mat_free(&none);
}

/* ---- strips and neuron ---- */

/* Blue is positive, orange negative, white 0, and each strip has its own scale. */
static void a_strip_is_signed(void **state) {
    (void)state;
    need_gnuplot();
    Mat one = mat_of(2, 3, (const float[]){-1, 0, 1, 0.5f, -0.25f, 0}), row = mat_of(1, 2, (const float[]){30, -15});
    const Strip strips[] = {{"first", one, 1}, {"second", row, 30}};
    strips_draw(test_sheet("strips", "svg"), strips, 2, (StripsOptions){.columns = "number"});
    Bytes svg = test_svg("strips");
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            expect_cell(svg.data, axes_of("strips.gp", 0), 2, 3, i, j, colour_of(PALETTE_SIGNED, mat_at(one, i, j)));
    for (int j = 0; j < 2; j++)
        expect_cell(svg.data, axes_of("strips.gp", 1), 1, 2, 0, j, colour_of(PALETTE_SIGNED, mat_at(row, 0, j) / 30));
    assert_non_null(strstr(svg.data, "number 0 to 2; full colour at 1, largest value 1"));
    assert_non_null(strstr(svg.data, "number 0 to 1; full colour at 30, largest value 30"));
    bytes_free(&svg), mat_free(&one), mat_free(&row);
}

/* The products, their sums over sqrt(d) and the softmax, as numbers that a reader can add up. */
static void a_neuron_can_be_added_up(void **state) {
    (void)state;
    need_gnuplot();
    Mat q = mat_of(1, 4, (const float[]){1, -2, 0.5f, 3}), weights = mat_of(1, 2, (const float[]){0.875f, 0.125f});
    Mat k = mat_of(2, 4, (const float[]){2, 1, 4, 1, -1, 0, 2, 0.5f});
    const bool hidden[] = {false, true};
    neuron_draw(test_sheet("neuron", "svg"), (Neuron){q, k, weights, "looks", NULL, NULL, 0, NULL});
    Bytes svg = test_svg("neuron"), data = test_bytes("neuron_qk.dat");
    float products[8], expected[] = {2, -2, 2, 3, -1, 0, 1, 1.5f};
    const char *at = data.data;
    for (int i = 0; i < 8; i++) {
        char *end;
        while (*at == '#') at = strchr(at, '\n') + 1;
        products[i] = strtof(at, &end), at = end + strspn(end, " \n");
        assert_true(fabsf(products[i] - expected[i]) < 1e-6f);
    }
    assert_true(strstr(svg.data, ">2.50<") && strstr(svg.data, ">0.75<")); /* 5 / 2 and 1.5 / 2 */
    assert_true(strstr(svg.data, ">0.875<") && strstr(svg.data, ">0.125<") && strstr(svg.data, ">looks<"));
    bytes_free(&svg), bytes_free(&data);
    neuron_draw(test_sheet("neuron", "svg"),
                (Neuron){q, k, weights, "looks", NULL, NULL, 2, (const float[]){-0.25f, 1}});
    svg = test_svg("neuron"); /* 2 x 5 - 0.25, 2 x 1.5 + 1 */
    assert_true(strstr(svg.data, ">9.75<") && strstr(svg.data, ">4.00<") && strstr(svg.data, "sum x 2 + bias"));
    bytes_free(&svg);
    neuron_draw(test_sheet("neuron", "svg"), (Neuron){q, k, weights, "looks", NULL, hidden, 0, NULL});
    svg = test_svg("neuron");
    data = test_bytes("neuron_weights.dat");
    assert_true(strstr(data.data, "0.875") && !strstr(data.data, "0.125")); /* a masked key has no bar */
    bytes_free(&data);
    assert_int_equal(count_in(svg.data, ">masked<"), 1);
    assert_true(strstr(svg.data, ">0.875<") && !strstr(svg.data, ">0.125<") && !strstr(svg.data, ">0.75<"));
    bytes_free(&svg), mat_free(&q), mat_free(&k), mat_free(&weights);
}

/* ---- curves ---- */

static void curves_have_gaps_and_names(void **state) {
    (void)state;
    need_gnuplot();
    const float x[] = {0, 1, 2, 3}, y[] = {4, NAN, 1, 0.5f}, low[] = {0, -1, 10, 100};
    const Curve curves[] = {{"loss", x, y, 4, false}, {"base", x, low, 4, true}};
    curves_draw(test_sheet("curves", "svg"), curves, 2, (CurvesOptions){.x_axis = "step", .y_axis = "nats"});
    Bytes svg = test_svg("curves");
    const char *const names[] = {">loss<", ">base<", ">step<", ">nats<"};
    for (int i = 0; i < 4; i++) assert_int_equal(count_in(svg.data, names[i]), 1);
    bytes_free(&svg);
    curves_draw(test_sheet("curves", "svg"), curves, 2, (CurvesOptions){.log_y = true});
    svg = test_svg("curves");
    bytes_free(&svg);
}

/* ---- names ---- */

static void names_of_any_kind(void **state) {
    (void)state;
    need_gnuplot();
    Mat square = mat_new(HOSTILE, HOSTILE), row = mat_new(1, HOSTILE), keys = mat_new(HOSTILE, 4), q = mat_new(1, 4);
    mat_fill(square, 0.1f), mat_fill(row, 0.05f);
    const float points[] = {0, 1};
    for (int h = 0; h < HOSTILE; h++) {
        Sheet sheet = test_sheet("names", "svg");
        const char *text = hostile[h];
        sheet.title = sheet.subtitle = sheet.command = text;
        for (int figure = 0; figure < 5; figure++) {
            if (figure == 0)
                bars_draw(sheet, square, (BarsOptions){hostile, hostile, NULL, text, NULL, 0, BARS_NONE});
            else if (figure == 1)
                lines_draw(sheet, &square, 1,
                           (LinesOptions){.from = hostile, .to = hostile, .names = &text, .focus = h});
            else if (figure == 2) strips_draw(sheet, &(Strip){text, square, 0}, 1, (StripsOptions){hostile, text});
            else if (figure == 3) neuron_draw(sheet, (Neuron){q, keys, row, text, hostile, NULL, 0, NULL});
            else curves_draw(sheet, &(Curve){text, points, points, 2, false}, 1, (CurvesOptions){.x_axis = text});
            Bytes svg = test_svg("names");
            bytes_free(&svg);
        }
    }
    mat_free(&square), mat_free(&row), mat_free(&keys), mat_free(&q);
    find_nothing_run();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bar_is_as_high_as_its_value),
        cmocka_unit_test(series_share_a_scale),
        cmocka_unit_test(an_axis_counts_as_people_do),
        cmocka_unit_test(a_line_for_each_weight_that_can_be_seen),
        cmocka_unit_test(opacity_is_weight),
        cmocka_unit_test(flow_says_what_it_leaves_out),
        cmocka_unit_test(a_strip_is_signed),
        cmocka_unit_test(a_neuron_can_be_added_up),
        cmocka_unit_test(curves_have_gaps_and_names),
        cmocka_unit_test(names_of_any_kind),
    };
    return cmocka_run_group_tests_name("show series", tests, make_test_folder, remove_test_folder);
}
