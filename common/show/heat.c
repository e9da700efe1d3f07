#include "show/heat.h"
#include "show/label.h"
#include "show/layout.h"
#include "show/numbers.h"
#include "show/pool.h"
#include "show/terminal.h"

#include <math.h>
#include <stdio.h>

enum { MOST_CELLS = 1024, MOST_VALUES = 64 };
/* ---- where everything goes ---- */

typedef struct {
    double cell_width, cell_height, x, y, width, height; /* of the cells, in pixels */
    double left, below;                                  /* room for row names and column names */
    double points;                                       /* of the names */
    int row_step, col_step;
    bool slanted;
    int canvas_width, canvas_height;
} Plan;

/* A map of few rows and many columns, layers by tokens, would be a stripe: its rows stay high enough for a name. */
static double at_least(double cell, int n, int across) {
    enum { NAMED = 22 };
    return n <= 24 && 2 * n <= across ? fmax(cell, NAMED) : cell;
}

/* Few tokens get large cells, many get small ones; printed values need at least 34 pixels. */
static double cell_size(int n, bool values) {
    double room = n <= 40 ? 760 : n <= 80 ? 1000 : 1024, cell = fmin(96, room / n);
    return values && n <= MOST_VALUES ? fmax(cell, 36) : cell;
}

static bool has_bar(const HeatOptions *o) {
    return !o->bar || *o->bar;
}

static Plan plan_new(const Sheet *sheet, Mat m, const HeatOptions *o, int notes) {
    Plan plan = {0};
    int longest = m.rows > m.cols ? m.rows : m.cols;
    double cell = cell_size(longest, o->values);
    plan.cell_width = at_least(cell, m.cols, m.rows);
    plan.cell_height = at_least(cell, m.rows, m.cols);
    plan.row_step = layout_step(m.rows);
    plan.col_step = layout_step(m.cols);
    double tightest = fmin(plan.cell_height * plan.row_step, plan.cell_width * plan.col_step);
    plan.points = fmax(6.5, fmin(13, tightest * 0.62));
    plan.slanted = layout_leans(plan.cell_width * plan.col_step, plan.points);
    plan.left = layout_widest(o->from, m.rows, plan.row_step, plan.points) + 14;
    plan.below = layout_widest(o->to, m.cols, plan.col_step, plan.points) * (plan.slanted ? 0.72 : 1) + 18;
    plan.width = plan.cell_width * m.cols;
    plan.height = plan.cell_height * m.rows;
    double slant =
        plan.slanted ? fmax(0, plan.below - plan.cell_width / 2 - plan.left) : 0; /* the first name leans to the left */
    double content = 30 + plan.left + slant + plan.width + 26 + (has_bar(o) ? 20 + 84 : 0);
    double canvas = fmax(fmax(680, content + 2 * LAYOUT_EDGE), fmin(1500, layout_heading_width(sheet)));
    plan.x = (canvas - content) / 2 + 30 + plan.left + slant;
    plan.y = layout_heading_height(sheet) + 16;
    plan.canvas_width = (int)canvas;
    double bar = fmax(plan.height, 160); /* a colour bar that can be read, even beside a single row */
    plan.canvas_height =
        (int)(fmax(plan.y + plan.height + plan.below + 30, plan.y + bar + 10) + 22 * notes + LAYOUT_EDGE - 6);
    return plan;
}

/* ---- the parts of the picture ---- */

static void add_axes(Figure *figure, const Plan *plan, Mat m, const HeatOptions *o) {
    figure_add(figure, "set xrange [-0.5:%g]\nset yrange [%g:-0.5]\nset border 15 lw 1 lc rgb '#808890'\n",
               m.cols - 0.5, m.rows - 0.5);
    layout_tics(figure, "x", o->to, m.cols, plan->col_step, plan->points,
                plan->slanted ? "rotate by 45 right" : "rotate by 90 right");
    layout_tics(figure, "y", o->from, m.rows, plan->row_step, plan->points, "");
    layout_text(figure, plan->x + plan->width / 2, plan->y + plan->height + plan->below + 12, TEXT_CENTRE, 12,
                COLOUR_INK, o->to_axis ? o->to_axis : "to (key)");
    layout_text_upwards(figure, plan->x - plan->left - 16, plan->y + plan->height / 2, 12, COLOUR_INK,
                        o->from_axis ? o->from_axis : "from (query)");
}

static void add_bar(Figure *figure, const Plan *plan, const HeatOptions *o) {
    if (!has_bar(o)) {
        figure_add(figure, "unset colorbox\n");
        return;
    }
    double height = fmax(plan->height, 160), x = plan->x + plan->width + 26;
    layout_colour_bar(figure, x, plan->y, 20, height);
    layout_text_upwards(figure, x + 76, plan->y + height / 2, 11, COLOUR_INK, o->bar ? o->bar : "weight");
}

/* What a reader must know to read the picture right; returns how many lines there are. */
static int notes_of(String notes[4], Mat m, const HeatOptions *o, int block) {
    int n = 0, longest = m.rows > m.cols ? m.rows : m.cols;
    if (o->hidden) string_add(&notes[n++], "hatched: forbidden by the mask, which is not a weight of 0");
    if (longest > LAYOUT_NAMED) string_add(&notes[n++], "one token in %d is named", layout_step(longest) * block);
    if (block > 1) string_add(&notes[n++], "each dot is the largest of %d x %d weights", block, block);
    if (o->values && longest > MOST_VALUES)
        string_add(&notes[n++], "numbers are printed up to %d tokens; all of them are in the data file", MOST_VALUES);
    return n;
}

static void heat_print(const Sheet *sheet, Mat m, const HeatOptions *o) {
    char *line = sheet_line(sheet);
    TerminalMap map = {o->from, o->to, o->hidden, o->scale, o->values, o->from_axis, o->to_axis};
    terminal_map(terminal_of(stdout), line, m, map);
    memory_free(line);
}

void heat_draw(Sheet sheet, Mat m, HeatOptions options) {
    if (sheet.terminal) {
        heat_print(&sheet, m, &options);
        return;
    }
    String notes[4] = {{0}};
    Pool pool = pool_new(m, options.hidden, options.from, options.to, MOST_CELLS);
    options.hidden = pool.hidden, options.from = pool.from, options.to = pool.to;
    int count = notes_of(notes, pool.m, &options, pool.block);
    Plan plan = plan_new(&sheet, pool.m, &options, count);
    Range range = scale_range(options.scale, pool.m, options.hidden);
    bool values = options.values && pool.m.rows <= MOST_VALUES && pool.m.cols <= MOST_VALUES;
    Figure figure = figure_new(sheet, plan.canvas_width, plan.canvas_height);
    String *data = figure_data(&figure, "");
    string_add(data, "# a line a row (from, query), a number a column (to, key); NaN: masked\n");
    data_matrix(data, pool.m, options.hidden, 6);
    layout_heading(&figure);
    layout_area(&figure, plan.x, plan.y, plan.width, plan.height);
    scale_add(&figure, range);
    add_axes(&figure, &plan, pool.m, &options);
    add_bar(&figure, &plan, &options);
    if (options.hidden) scale_add_hatch(&figure);
    layout_notes(&figure, 22, notes, count);
    scale_plot(&figure, "", pool.m.rows, pool.m.cols, range);
    if (values) scale_plot_values(&figure, range, fmin(12, fmin(plan.cell_width, plan.cell_height) / 3.6));
    figure_add(&figure, "\n");
    pool_free(&pool);
    figure_finish(&figure);
}
