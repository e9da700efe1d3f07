#include "show/bars.h"
#include "show/label.h"
#include "show/layout.h"
#include "show/numbers.h"
#include "show/terminal.h"

#include <math.h>
#include <stdio.h>

enum { MOST_NUMBERS = 40 };

typedef struct {
    double x, y, width, height, column, row, points, below, canvas_width, canvas_height;
    double least, most; /* values at the bottom and the top of a row */
    double share;       /* of a row's height that a full bar takes */
    int step;
    bool upright, slanted; /* the names below */
} Plan;

/* The round number at or above x that people count in: 1, 2 or 5 times a power of ten. */
static double nice_step(double x) {
    double power = pow(10, floor(log10(x)));
    return power * (x <= power ? 1 : x <= 2 * power ? 2 : x <= 5 * power ? 5 : 10);
}

static void find_range(Plan *plan, Mat values, double most) {
    double low = 0, high = 0;
    for (int i = 0; i < values.rows; i++) {
        for (int j = 0; j < values.cols; j++) {
            double value = mat_at(values, i, j);
            if (!isfinite(value)) continue;
            low = fmin(low, value);
            high = fmax(high, value);
        }
    }
    plan->least = low;
    plan->most = most > 0 ? most : high > low ? high : low + 1;
    if (most > 0 || values.rows > 1) return;
    double step = nice_step((plan->most - low) / 5);
    plan->most = step * ceil(plan->most / step - 1e-6);
    plan->least = step * floor(low / step + 1e-6);
}

static Plan plan_new(const Sheet *sheet, Mat values, const BarsOptions *o) {
    int n = values.cols;
    Plan plan = {.column = fmax(4, fmin(74, 980.0 / n)), .row = values.rows == 1 ? 380 : 58};
    if (values.rows > 14) plan.row = fmax(30, 820.0 / values.rows);
    plan.share = values.rows == 1 ? 0.88 : 1 - 15 / plan.row; /* a number must fit above the largest bar */
    find_range(&plan, values, o->most);
    plan.step = layout_step(n);
    plan.points = fmax(6.5, fmin(13, plan.column * plan.step * 0.6));
    plan.slanted = layout_leans(plan.column * plan.step, plan.points);
    double longest = layout_widest(o->names, n, plan.step, plan.points);
    plan.upright = longest < plan.column * plan.step * 0.9; /* characters, say: nobody need turn their head */
    if (plan.upright) plan.slanted = false;
    plan.below = plan.upright ? plan.points * 1.6 + 18 : longest * (plan.slanted ? 0.72 : 1) + 18;
    plan.width = plan.column * n;
    plan.height = plan.row * values.rows;
    double left = values.rows == 1 ? 66 : fmax(text_widest(o->series, values.rows, 12) + 16, 30);
    if (plan.slanted) left = fmax(left, plan.below - plan.column / 2);
    double content = 30 + left + plan.width + 40;
    plan.canvas_width = fmax(fmax(680, content + 2 * LAYOUT_EDGE), fmin(1300, layout_heading_width(sheet)));
    plan.x = (plan.canvas_width - content) / 2 + 30 + left;
    plan.y = layout_heading_height(sheet) + 24;
    plan.canvas_height = plan.y + plan.height + plan.below + 26 + LAYOUT_EDGE;
    return plan;
}

/* Where a value of row s is, measured downwards in rows. */
static double place(const Plan *plan, int s, double value) {
    double share = (value - plan->least) / (plan->most - plan->least);
    return s + 0.96 - plan->share * fmax(0, fmin(1, share));
}

static void add_data(String *data, const Plan *plan, Mat values, const BarsOptions *o) {
    string_add(data, "# x, y, left, right, top, bottom, 0xRRGGBB, value\n");
    for (int i = 0; i < values.rows; i++) {
        for (int j = 0; j < values.cols; j++) {
            double value = mat_at(values, i, j), top = place(plan, i, value), foot = place(plan, i, 0);
            if (cell_hidden(o->hidden, values, i, j) || !isfinite(value)) continue;
            string_add(data, "%d %.5g %.5g %.5g %.5g %.5g %u ", j, top, j - 0.36, j + 0.36, fmin(top, foot),
                       fmax(top, foot), colour_hue(o->hues ? o->hues[i] : i));
            data_number(data, value, -1);
            string_add_bytes(data, "\n", 1);
        }
    }
}

static void add_hidden(String *data, Mat values, const BarsOptions *o, double share) {
    string_add(data, "# x, y, left, right, top, bottom: masked\n");
    for (int i = 0; i < values.rows; i++)
        for (int j = 0; j < values.cols; j++)
            if (cell_hidden(o->hidden, values, i, j))
                string_add(data, "%d %d %g %g %g %g\n", j, i, j - 0.36, j + 0.36, i + 0.96 - share, i + 0.96);
}

/* Counts are whole and are written so; shares get two digits behind the point. */
static int decimals_of(Mat values) {
    bool whole = true;
    for (int i = 0; i < values.rows; i++)
        for (int j = 0; j < values.cols; j++)
            whole &= !isfinite(mat_at(values, i, j)) || mat_at(values, i, j) == floorf(mat_at(values, i, j));
    return whole ? 0 : 2;
}

static int number_text(char *text, size_t room, double value, int decimals) {
    if (decimals && fabs(value) >= 10) decimals = fabs(value) >= 1000 ? 0 : 1;
    return snprintf(text, room, "%.*f", decimals, value);
}

/* In which type all numbers of a single row fit over their bars, side by side; 0 when in none that can be read. */
static double numbers_points(const Plan *plan, Mat values, int decimals) {
    int longest = 1;
    for (int j = 0; j < values.cols; j++) {
        char text[64];
        int length =
            isfinite(mat_at(values, 0, j)) ? number_text(text, sizeof text, mat_at(values, 0, j), decimals) : 0;
        longest = length > longest ? length : longest;
    }
    double points = fmin(11, plan->column / (0.9 * longest));
    return values.rows == 1 && values.cols <= MOST_NUMBERS && points >= 7 ? points : 0;
}

/* The number of a bar stands on it, or on the largest bar of its row. */
static void add_numbers(Figure *figure, const Plan *plan, Mat values, const BarsOptions *o) {
    char text[64];
    int decimals = decimals_of(values);
    double points = numbers_points(plan, values, decimals);
    for (int i = 0; i < values.rows; i++) {
        int best = -1;
        for (int j = 0; j < values.cols; j++) {
            double value = mat_at(values, i, j);
            if (cell_hidden(o->hidden, values, i, j) || !isfinite(value)) continue;
            if (best < 0 || fabs(value) > fabs((double)mat_at(values, i, best))) best = j;
        }
        for (int j = 0; j < values.cols; j++) {
            double value = mat_at(values, i, j);
            bool shown = points > 0 && isfinite(value) && !cell_hidden(o->hidden, values, i, j);
            if (!shown && j != best) continue;
            number_text(text, sizeof text, value, decimals);
            double y = plan->y + place(plan, i, fmax(0, value)) * plan->row - 8;
            layout_text(figure, plan->x + (j + 0.5) * plan->column, y, TEXT_CENTRE, points > 0 ? points : 9, COLOUR_INK,
                        text);
        }
    }
}

static void add_axes(Figure *figure, const Plan *plan, Mat values, const BarsOptions *o) {
    figure_add(figure, "set xrange [-0.5:%g]\nset yrange [%d:0]\nunset border\nunset key\n", values.cols - 0.5,
               values.rows);
    layout_tics(figure, "x", o->names, values.cols, plan->step, plan->points,
                plan->upright   ? "nomirror norotate"
                : plan->slanted ? "nomirror rotate by 45 right"
                                : "nomirror rotate by 90 right");
    figure_add(figure, "unset ytics\n");
    for (int i = 0; i < values.rows; i++) {
        figure_add(figure, "set arrow from -0.5,%.5g to %g,%.5g nohead lc rgb '#a8b0b8' back\n", place(plan, i, 0),
                   values.cols - 0.5, place(plan, i, 0));
        char number[16];
        if (values.rows > 1)
            layout_text(figure, plan->x - 12, plan->y + (i + 0.7) * plan->row, TEXT_RIGHT, fmin(12, plan->row / 2.4),
                        COLOUR_INK, name_at(o->series, i, number));
    }
    double step = nice_step((plan->most - plan->least) / 5);
    for (int k = 0; plan->least + k * step <= plan->most + step / 1000 && values.rows == 1; k++) {
        double value = plan->least + k * step;
        char text[32];
        snprintf(text, sizeof text, "%.3g", value);
        layout_text(figure, plan->x - 12, plan->y + place(plan, 0, value) * plan->row, TEXT_RIGHT, 10, COLOUR_FAINT,
                    text);
        figure_add(figure, "set arrow from -0.5,%.5g to %g,%.5g nohead lc rgb '#e3e6e9' back\n", place(plan, 0, value),
                   values.cols - 0.5, place(plan, 0, value));
    }
    if (values.rows == 1)
        layout_text_upwards(figure, plan->x - 74, plan->y + plan->height / 2, 11, COLOUR_INK,
                            o->value_axis ? o->value_axis : "weight");
}

static void add_note(Figure *figure, const Plan *plan, Mat values, const BarsOptions *o) {
    String note = {0};
    if (values.rows > 1)
        string_add(&note, "a full bar is %.3g (%s), the same in every row; the number is the row's largest. ",
                   plan->most, o->value_axis ? o->value_axis : "weight");
    if (o->hidden) string_add(&note, "Hatched: forbidden by the mask. ");
    if (plan->step > 1) string_add(&note, "One name in %d is written.", plan->step);
    if (note.text)
        layout_text(figure, LAYOUT_EDGE, plan->canvas_height - LAYOUT_EDGE, TEXT_LEFT, 10, COLOUR_FAINT, note.text);
    string_free(&note);
}

/* Row by row, under the name of its series. */
static void bars_print(const Sheet *sheet, Mat values, const BarsOptions *o) {
    for (int r = 0; r < values.rows; r++) {
        bool named = values.rows > 1 && o->series;
        char *line = named ? text_format("%s", o->series[r]) : sheet_line(sheet);
        terminal_bars(terminal_of(stdout), line, o->names, mat_row(values, r), values.cols, o->most);
        memory_free(line);
    }
}

void bars_draw(Sheet sheet, Mat values, BarsOptions options) {
    if (sheet.terminal) {
        bars_print(&sheet, values, &options);
        return;
    }
    Plan plan = plan_new(&sheet, values, &options);
    Figure figure = figure_new(sheet, (int)plan.canvas_width, (int)plan.canvas_height);
    add_data(figure_data(&figure, ""), &plan, values, &options);
    if (options.hidden) add_hidden(figure_data(&figure, "_masked"), values, &options, plan.share);
    layout_heading(&figure);
    layout_area(&figure, plan.x, plan.y, plan.width, plan.height);
    add_axes(&figure, &plan, values, &options);
    add_numbers(&figure, &plan, values, &options);
    add_note(&figure, &plan, values, &options);
    if (options.mark != BARS_NONE)
        figure_add(&figure,
                   "set object rectangle from first %g,graph 0 to first %g,graph 1 behind fillcolor rgb '#fff0c2' "
                   "fillstyle solid noborder\n",
                   options.mark - 0.5, options.mark + 0.5);
    figure_add(
        &figure,
        "plot '%s.dat' using 1:2:3:4:5:6:7 with boxxyerror fillcolor rgb variable fillstyle solid noborder notitle",
        sheet.name);
    if (options.hidden)
        figure_add(&figure,
                   ", '%s_masked.dat' with boxxyerror fillcolor rgb '#%06x' fillstyle pattern 4 noborder notitle",
                   sheet.name, COLOUR_HATCH);
    figure_add(&figure, "\n");
    figure_finish(&figure);
}
