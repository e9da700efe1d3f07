#include "show/neuron.h"
#include "show/label.h"
#include "show/layout.h"
#include "show/numbers.h"
#include "show/scale.h"
#include "show/terminal.h"

#include <math.h>
#include <stdio.h>

enum { STRIP = 400, SCORES = 108, WEIGHTS = 190, BETWEEN = 22, MOST_NUMBERS = 80 };

typedef struct {
    double x, y, row, height, points, canvas_width, canvas_height; /* y: of the first key */
    int n, d, step;
} Plan;

static Plan plan_new(const Sheet *sheet, const Neuron *v) {
    Plan plan = {.n = v->keys.rows, .d = v->keys.cols};
    plan.row = fmax(8, fmin(30, 880.0 / plan.n));
    plan.step = layout_step(plan.n);
    plan.points = fmax(6.5, fmin(12, plan.row * plan.step * 0.6));
    plan.height = plan.row * plan.n;
    double left = layout_widest(v->names, plan.n, plan.step, plan.points);
    left = fmax(left, text_width(v->query_name, LABEL_TOKEN, 12)) + 14;
    double content = left + 2 * (STRIP + BETWEEN) + SCORES + BETWEEN + WEIGHTS;
    plan.canvas_width = fmax(content + 2 * LAYOUT_EDGE, fmin(1400, layout_heading_width(sheet)));
    plan.x = LAYOUT_EDGE + left;
    plan.y = layout_heading_height(sheet) + 34 + 28 + 46;
    plan.canvas_height = plan.y + plan.height + 26 + 24 + LAYOUT_EDGE;
    return plan;
}

/* What stands over a column, and below it the value of its full colour. */
static void add_column(Figure *figure, const Plan *plan, double x, const char *title, const char *foot) {
    layout_text(figure, x, plan->y - 16, TEXT_LEFT, 12, COLOUR_INK, title);
    layout_text(figure, x, plan->y + plan->height + 16, TEXT_LEFT, 10, COLOUR_FAINT, foot);
}

static void set_frame(Figure *figure, int rows, double left, double right) {
    figure_add(
        figure,
        "set xrange [%g:%g]\nset yrange [%g:-0.5]\nset border 15 lw 1 lc rgb '#808890'\nunset xtics\nunset ytics\n"
        "unset key\nunset colorbox\n",
        left, right, rows - 0.5);
}

/* A strip of signed numbers at (x, y); returns the value of its full colour. */
static double add_strip(Figure *figure, const char *suffix, Mat m, double x, double y, double width, double height,
                        const bool *hidden) {
    double most = scale_most(m, 0.005);
    Range range = {PALETTE_SIGNED, -most, most, false};
    data_matrix(figure_data(figure, suffix), m, hidden, data_decimals(most));
    layout_area(figure, x, y, width, height);
    scale_add(figure, range);
    set_frame(figure, m.rows, -0.5, m.cols - 0.5);
    if (hidden) scale_add_hatch(figure);
    scale_plot(figure, suffix, m.rows, m.cols, range);
    figure_add(figure, "\n");
    layout_next(figure);
    return most;
}

static void add_query(Figure *figure, const Plan *plan, const Neuron *v) {
    double y = plan->y - 46 - 28;
    layout_text(figure, plan->x, y - 14, TEXT_LEFT, 12, COLOUR_INK, "q of the token that looks (query)");
    layout_text(figure, plan->x - 10, y + 14, TEXT_RIGHT, 12, COLOUR_INK, v->query_name);
    double most = scale_most(v->query, 0.005);
    char *foot = text_format("full colour at %.3g; blue is positive, orange negative", most);
    layout_text(figure, plan->x + STRIP + BETWEEN, y + 14, TEXT_LEFT, 10, COLOUR_FAINT, foot);
    memory_free(foot);
    add_strip(figure, "_q", v->query, plan->x, y, STRIP, 28, NULL);
}

static void add_keys(Figure *figure, const Plan *plan, const Neuron *v) {
    char *foot = text_format("d = %d; full colour at %.3g", plan->d, scale_most(v->keys, 0.005));
    add_column(figure, plan, plan->x, "k of each token looked at (key)", foot);
    memory_free(foot);
    add_strip(figure, "_k", v->keys, plan->x, plan->y, STRIP, plan->height, NULL);
}

static void add_products(Figure *figure, const Plan *plan, Mat products) {
    double x = plan->x + STRIP + BETWEEN;
    char *foot = text_format("full colour at %.3g", scale_most(products, 0.005));
    add_column(figure, plan, x, "q \u00D7 k, dimension by dimension", foot);
    memory_free(foot);
    add_strip(figure, "_qk", products, x, plan->y, STRIP, plan->height, NULL);
}

/* The numbers beside each other in a column of (n, 1). */
static void add_numbers(Figure *figure, const Plan *plan, Mat column, const bool *hidden, double x, double room,
                        int decimals, bool on_colour, double most) {
    char text[32];
    for (int i = 0; i < plan->n && plan->n <= MOST_NUMBERS; i++) {
        double value = mat_at(column, i, 0), y = plan->y + (i + 0.5) * plan->row;
        bool hide = hidden && hidden[i];
        if (hide && !on_colour) continue;
        snprintf(text, sizeof text, "%.*f", decimals, value);
        unsigned ink = on_colour ? colour_text_on(colour_of(PALETTE_SIGNED, value / most)) : COLOUR_INK;
        layout_text(figure, x + room / 2, y, TEXT_CENTRE, fmin(11, plan->points), hide ? COLOUR_INK : ink,
                    hide ? "masked" : text);
    }
}

static void add_scores(Figure *figure, const Plan *plan, Mat scores, const Neuron *v) {
    double x = plan->x + 2 * (STRIP + BETWEEN), most = scale_most(scores, 0);
    const char *bias = v->bias ? " + bias" : "";
    char *foot =
        v->scale > 0 ? text_format("sum x %.3g%s", v->scale, bias) : text_format("sum / %.3g%s", sqrt(plan->d), bias);
    add_column(figure, plan, x, v->scale > 0 ? "q \u00B7 k, scaled" : "q \u00B7 k / sqrt(d)", foot);
    memory_free(foot);
    add_numbers(figure, plan, scores, v->hidden, x, SCORES, 2, true, most);
    add_strip(figure, "_scores", scores, x, plan->y, SCORES, plan->height, v->hidden);
}

/* The softmax as bars with numbers behind them. */
static void add_weights(Figure *figure, const Plan *plan, const Neuron *v) {
    double x = plan->x + 2 * (STRIP + BETWEEN) + SCORES + BETWEEN, bar = WEIGHTS - 56;
    String *data = figure_data(figure, "_weights");
    string_add(data, "# x, y, left, right, top, bottom, weight\n");
    Mat column = mat_new(plan->n, 1);
    for (int i = 0; i < plan->n; i++) {
        double weight = mat_at(v->weights, 0, i);
        mat_row(column, i)[0] = (float)weight;
        if (v->hidden && v->hidden[i]) continue;
        string_add(data, "0 %d 0 ", i);
        data_number(data, weight, 6);
        string_add(data, " %g %g ", i - 0.38, i + 0.38);
        data_number(data, weight, 6);
        string_add(data, "\n");
    }
    string_add(data, "0 0 0 0 0 0 0\n"); /* a file without points is an error to gnuplot */
    add_column(figure, plan, x, "softmax", "a full bar is 1");
    add_numbers(figure, plan, column, v->hidden, x + bar, WEIGHTS - bar, 3, false, 1);
    layout_area(figure, x, plan->y, bar, plan->height);
    set_frame(figure, plan->n, 0, 1);
    figure_add(figure,
               "plot '%s_weights.dat' using 1:2:3:4:5:6 with boxxyerror fillcolor rgb '#%06x' fillstyle solid noborder "
               "notitle\n",
               figure->sheet.name, colour_of(PALETTE_WEIGHT, 0.56));
    mat_free(&column);
    layout_next(figure);
}

static void multiply(Mat products, Mat scores, const Neuron *v) {
    for (int i = 0; i < v->keys.rows; i++) {
        double sum = 0;
        for (int c = 0; c < v->keys.cols; c++) {
            double product = (double)mat_at(v->query, 0, c) * mat_at(v->keys, i, c);
            mat_row(products, i)[c] = (float)product;
            sum += product;
        }
        double scaled = v->scale > 0 ? sum * v->scale : sum / sqrt(v->keys.cols);
        mat_row(scores, i)[0] = (float)(scaled + (v->bias ? (double)v->bias[i] : 0));
    }
}

/* The keys' names are the tics of a plot of nothing: add_strip unsets its own. */
static void add_names(Figure *figure, const Plan *plan, const Neuron *v) {
    layout_area(figure, plan->x, plan->y, STRIP, plan->height);
    set_frame(figure, plan->n, 0, 1);
    layout_tics(figure, "y", v->names, plan->n, plan->step, plan->points, "");
    figure_add(figure, "plot NaN notitle\n");
    layout_next(figure);
}

static void neuron_print(const Sheet *sheet, const Neuron *neuron) {
    char *line = sheet_line(sheet);
    terminal_bars(terminal_of(stdout), line, neuron->names, neuron->weights.data, neuron->weights.cols, 1);
    memory_free(line);
}

void neuron_draw(Sheet sheet, Neuron neuron) {
    if (sheet.terminal) {
        neuron_print(&sheet, &neuron);
        return;
    }
    Plan plan = plan_new(&sheet, &neuron);
    Mat products = mat_new(plan.n, plan.d), scores = mat_new(plan.n, 1);
    multiply(products, scores, &neuron);
    Figure figure = figure_new(sheet, (int)plan.canvas_width, (int)plan.canvas_height);
    figure_add(&figure, "set multiplot\n");
    layout_heading(&figure);
    add_query(&figure, &plan, &neuron);
    add_names(&figure, &plan, &neuron);
    add_keys(&figure, &plan, &neuron);
    add_products(&figure, &plan, products);
    add_scores(&figure, &plan, scores, &neuron);
    add_weights(&figure, &plan, &neuron);
    figure_add(&figure, "unset multiplot\n");
    mat_free(&products);
    mat_free(&scores);
    figure_finish(&figure);
}
