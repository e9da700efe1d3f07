#include "show/strips.h"
#include "show/layout.h"
#include "show/numbers.h"
#include "show/pool.h"
#include "show/scale.h"
#include "show/terminal.h"

#include <math.h>
#include <stdio.h>

enum { WIDEST = 1100, HEAD = 30, FOOT = 44 };

typedef struct {
    double x, y, width, row, points, canvas_width, canvas_height;
    int step;
} Plan;

static double row_height(int rows, int count) {
    double fit = 900.0 / (rows * count);
    return fmax(rows > 160 ? 3 : rows > 40 ? 6 : 13, fmin(26, fit));
}

static Plan plan_new(const Sheet *sheet, const Strip *strips, int count, const StripsOptions *o) {
    int n = strips[0].values.rows;
    Plan plan = {.row = row_height(n, count), .width = WIDEST};
    for (int i = 0; i < count; i++) plan.width = fmin(plan.width, fmax(420, 36.0 * strips[i].values.cols));
    plan.step = (int)ceil(10 / plan.row);
    plan.points = fmax(6, fmin(12, plan.row * plan.step * 0.62));
    double left = layout_widest(o->rows, n, plan.step, plan.points) + 14;
    double content = left + plan.width + 22 + 16 + 70;
    plan.canvas_width = fmax(content + 2 * LAYOUT_EDGE, fmin(1300, layout_heading_width(sheet)));
    plan.x = (plan.canvas_width - content) / 2 + left;
    plan.y = layout_heading_height(sheet) + 4;
    plan.canvas_height = plan.y + LAYOUT_EDGE;
    for (int i = 0; i < count; i++) plan.canvas_height += HEAD + fmax(plan.row * strips[i].values.rows, 44) + FOOT;
    return plan;
}

/* The columns as they are, or as many as the picture has room for. */
static Mat columns_of(const Strip *strip) {
    Mat shown = mat_new(strip->values.rows, strip->values.cols < WIDEST ? strip->values.cols : WIDEST);
    pool_columns(shown, strip->values);
    return shown;
}

static void add_foot(Figure *figure, const Plan *plan, double y, const Strip *strip, double most,
                     const StripsOptions *o) {
    double largest = mat_max_abs(strip->values);
    int cols = strip->values.cols;
    char *note =
        text_format("%s 0 to %d%s; full colour at %.3g, largest value %.3g", o->columns ? o->columns : "dimension",
                    cols - 1, cols > WIDEST ? ", each dot the largest of its neighbours" : "", most, largest);
    layout_text(figure, plan->x, y + 16, TEXT_LEFT, 10, COLOUR_FAINT, note);
    memory_free(note);
}

static void add_strip(Figure *figure, const Plan *plan, double y, int index, const Strip *strip,
                      const StripsOptions *o) {
    Mat shown = columns_of(strip);
    double height = fmax(plan->row * shown.rows, 44),
           most = strip->most > 0 ? strip->most : scale_most(strip->values, 0.005);
    Range range = {PALETTE_SIGNED, -most, most, false};
    char suffix[16];
    snprintf(suffix, sizeof suffix, "_%d", index);
    data_matrix(figure_data(figure, suffix), shown, NULL, data_decimals(most));
    layout_text(figure, plan->x, y + 14, TEXT_LEFT, 13, COLOUR_INK, strip->title);
    layout_area(figure, plan->x, y + HEAD, plan->width, height);
    scale_add(figure, range);
    figure_add(figure, "set cbtics (%.6g, 0, %.6g) format '%%.2g'\n", -most, most);
    layout_colour_bar(figure, plan->x + plan->width + 22, y + HEAD, 16, height);
    figure_add(
        figure,
        "set xrange [-0.5:%g]\nset yrange [%g:-0.5]\nset border 15 lw 1 lc rgb '#808890'\nunset xtics\nunset key\n",
        shown.cols - 0.5, shown.rows - 0.5);
    layout_tics(figure, "y", o->rows, shown.rows, plan->step, plan->points, "nomirror");
    add_foot(figure, plan, y + HEAD + height, strip, most, o);
    scale_plot(figure, suffix, shown.rows, shown.cols, range);
    figure_add(figure, "\n");
    layout_next(figure);
    mat_free(&shown);
}

void strips_draw(Sheet sheet, const Strip *strips, int count, StripsOptions options) {
    for (int i = 0; i < count && sheet.terminal; i++)
        terminal_strip(terminal_of(stdout), strips[i].title, options.rows, strips[i].values);
    if (sheet.terminal) return;
    Plan plan = plan_new(&sheet, strips, count, &options);
    Figure figure = figure_new(sheet, (int)plan.canvas_width, (int)plan.canvas_height);
    double y = plan.y;
    figure_add(&figure, "set multiplot\n");
    layout_heading(&figure);
    for (int i = 0; i < count; i++) {
        add_strip(&figure, &plan, y, i, &strips[i], &options);
        y += HEAD + fmax(plan.row * strips[i].values.rows, 44) + FOOT;
    }
    figure_add(&figure, "unset multiplot\n");
    figure_finish(&figure);
}
