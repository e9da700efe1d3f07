#include "show/panels.h"
#include "show/layout.h"
#include "show/numbers.h"
#include "show/pool.h"
#include "show/terminal.h"

#include <math.h>
#include <stdio.h>

enum { MOST_DOTS = 512, MOST_NAMED = 64, MOST_VALUES = 24, BAR = 104 };

typedef struct {
    double x, y, width, height, cell, points, left, below, pitch, canvas_width, canvas_height;
    int step;
    bool slanted, values, block;
} Plan;

static Plan plan_new(const Sheet *sheet, Mat m, int count, const PanelsOptions *o) {
    int longest = m.rows > m.cols ? m.rows : m.cols;
    Plan plan = {.values = o->values && longest <= MOST_VALUES};
    plan.cell = fmin(64, fmax(380.0, longest > 40 ? 512 : 0) / longest);
    if (plan.values) plan.cell = fmax(plan.cell, 34);
    plan.step = longest <= MOST_NAMED ? 1 : (longest + 47) / 48;
    plan.points = fmax(6, fmin(12, plan.cell * plan.step * 0.6));
    plan.slanted = layout_leans(plan.cell * plan.step, plan.points);
    plan.width = plan.cell * m.cols, plan.height = plan.cell * m.rows;
    plan.below = layout_widest(o->to, m.cols, plan.step, plan.points) * (plan.slanted ? 0.72 : 1) + 16;
    plan.left = layout_widest(o->from, m.rows, plan.step, plan.points) + 14;
    double lean = plan.slanted ? fmax(0, plan.below - plan.cell / 2 - plan.left) : 0;
    double panel = fmax(plan.width + 16 + BAR, 190), between = lean + plan.left - plan.left * (lean > 0);
    plan.pitch = panel + between;
    if (plan.pitch < panel + 24) plan.pitch = panel + 24;
    double content = 30 + plan.left + lean + plan.pitch * (count - 1) + panel;
    plan.canvas_width = fmax(fmax(640, content + 2 * LAYOUT_EDGE), fmin(1300, layout_heading_width(sheet)));
    plan.x = (plan.canvas_width - content) / 2 + 30 + plan.left + lean;
    plan.y = layout_heading_height(sheet) + 44;
    plan.canvas_height = plan.y + fmax(plan.height + plan.below, 130) + 34 + 22 + LAYOUT_EDGE - 8;
    return plan;
}

static void add_panel(Figure *figure, const Plan *plan, int index, const Panel *panel, const PanelsOptions *o) {
    Pool pool = pool_new(panel->m, panel->hidden, o->from, o->to, MOST_DOTS);
    Range range = scale_range(panel->scale, pool.m, pool.hidden);
    double x = plan->x + index * plan->pitch, height = fmax(plan->height, 120);
    char suffix[16];
    snprintf(suffix, sizeof suffix, "_%d", index);
    data_matrix(figure_data(figure, suffix), pool.m, pool.hidden,
                data_decimals(fmax(fabs(range.low), fabs(range.high))));
    layout_text(figure, x, plan->y - 18, TEXT_LEFT, 13, COLOUR_INK, panel->title);
    layout_area(figure, x, plan->y, plan->width, plan->height);
    scale_add(figure, range);
    layout_colour_bar(figure, x + plan->width + 16, plan->y, 16, height);
    figure_add(figure, "set xrange [-0.5:%g]\nset yrange [%g:-0.5]\nset border 15 lw 1 lc rgb '#808890'\nunset key\n",
               pool.m.cols - 0.5, pool.m.rows - 0.5);
    layout_tics(figure, "x", pool.to, pool.m.cols, plan->step, plan->points,
                plan->slanted ? "rotate by 45 right" : "rotate by 90 right");
    if (index == 0) {
        layout_tics(figure, "y", pool.from, pool.m.rows, plan->step, plan->points, "");
        layout_text_upwards(figure, plan->x - plan->left - 14, plan->y + plan->height / 2, 12, COLOUR_INK,
                            "from (query)");
    } else {
        figure_add(figure, "unset ytics\n");
    }
    layout_text(figure, x + plan->width / 2, plan->y + plan->height + plan->below + 14, TEXT_CENTRE, 12, COLOUR_INK,
                "to (key)");
    if (panel->hidden) scale_add_hatch(figure);
    scale_plot(figure, suffix, pool.m.rows, pool.m.cols, range);
    if (plan->values) scale_plot_values(figure, range, fmin(11, plan->cell / 3.6));
    figure_add(figure, "\n");
    layout_next(figure);
    pool_free(&pool);
}

void panels_draw(Sheet sheet, const Panel *panels, int count, PanelsOptions options) {
    for (const Panel *p = panels; p < panels + count && sheet.terminal; p++)
        if (!p->picture_only)
            terminal_map(terminal_of(stdout), p->line ? p->line : p->title, p->m,
                         (TerminalMap){options.from, options.to, p->hidden, p->scale, options.values, NULL, NULL});
    if (sheet.terminal) return;
    Pool first = pool_new(panels[0].m, NULL, options.from, options.to, MOST_DOTS);
    PanelsOptions few = options;
    few.from = first.from, few.to = first.to;
    Plan plan = plan_new(&sheet, first.m, count, &few);
    bool hidden = false;
    for (int i = 0; i < count; i++) hidden = hidden || panels[i].hidden;
    Figure figure = figure_new(sheet, (int)plan.canvas_width, (int)plan.canvas_height);
    figure_add(&figure, "set multiplot\n");
    layout_heading(&figure);
    String note = {0};
    if (hidden) string_add(&note, "hatched: forbidden by the mask, which is not a value of 0. ");
    if (first.block > 1) string_add(&note, "each dot is the largest of %d x %d cells. ", first.block, first.block);
    if (plan.step > 1) string_add(&note, "one token in %d is named.", plan.step * first.block);
    if (note.text)
        layout_text(&figure, LAYOUT_EDGE, plan.canvas_height - LAYOUT_EDGE + 4, TEXT_LEFT, 10, COLOUR_FAINT, note.text);
    string_free(&note);
    for (int i = 0; i < count; i++) add_panel(&figure, &plan, i, &panels[i], &options);
    figure_add(&figure, "unset multiplot\n");
    pool_free(&first);
    figure_finish(&figure);
}
