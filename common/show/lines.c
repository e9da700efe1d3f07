#include "show/lines.h"
#include "base/error.h"
#include "show/layout.h"
#include "show/numbers.h"

#include <math.h>

enum { OPACITIES = 64, FAINTEST = 3, WIDTHS = 20, CURVE = 24, MOST_LINES = 8000 };

typedef struct {
    double x, y, width, row, points, canvas_width, canvas_height; /* pixels; row: from one token to the next */
    int n;                                                        /* tokens of the longer column */
    double legend;                                                /* where it begins */
} Plan;

/* The legend's last y; with figure NULL it is only measured. */
static double legend(Figure *figure, const Plan *plan, int count, const LinesOptions *o) {
    double right = plan->canvas_width - LAYOUT_EDGE;
    if (!o->names) return plan->legend;
    return layout_legend(figure, LAYOUT_EDGE, plan->legend, right, o->names, o->hues, count) + 6;
}

static Plan plan_new(const Sheet *sheet, Mat map, int count, const LinesOptions *o) {
    Plan plan = {.n = map.rows > map.cols ? map.rows : map.cols, .width = 560};
    plan.row = fmax(11, fmin(34, 900.0 / plan.n));
    plan.points = fmin(13, plan.row * 0.62);
    double left = fmax(90, text_widest(o->from, map.rows, plan.points)); /* not less than the words above the column */
    double right = fmax(90, text_widest(o->to, map.cols, plan.points));
    double content = left + 14 + plan.width + 14 + right + 2 * LAYOUT_EDGE;
    plan.canvas_width = fmax(content, fmin(1300, layout_heading_width(sheet)));
    plan.x = LAYOUT_EDGE + left + 14 + (plan.canvas_width - content) / 2;
    plan.legend = layout_heading_height(sheet) + 14;
    plan.y = legend(NULL, &plan, count, o) + 30;
    plan.canvas_height = plan.y + plan.row * plan.n + 46 + LAYOUT_EDGE;
    return plan;
}

static double weight_of(Mat map, const LinesOptions *o, int i, int j) {
    bool elsewhere = o->focus != LINES_ALL && o->focus != i;
    double weight = mat_at(map, i, j);
    return cell_hidden(o->hidden, map, i, j) || elsewhere || !(weight > 0) ? 0 : weight;
}

/* The columns of tokens, the words above them, and a note below. */
static void add_frame(Figure *figure, const Plan *plan, Mat map, const LinesOptions *o, const char *note) {
    layout_heading(figure);
    layout_area(figure, plan->x, plan->y, plan->width, plan->row * plan->n);
    figure_add(figure,
               "set xrange [0:1]\nset yrange [%g:-0.5]\nset y2range [%g:-0.5]\nunset border\nunset xtics\nunset key\n",
               plan->n - 0.5, plan->n - 0.5);
    layout_tics(figure, "y", o->from, map.rows, 1, plan->points, "nomirror");
    layout_tics(figure, "y2", o->to, map.cols, 1, plan->points, "");
    layout_text(figure, plan->x - 10, plan->y - 14, TEXT_RIGHT, 11, COLOUR_FAINT, "from (query)");
    layout_text(figure, plan->x + plan->width + 10, plan->y - 14, TEXT_LEFT, 11, COLOUR_FAINT, "to (key)");
    layout_text(figure, LAYOUT_EDGE, plan->canvas_height - LAYOUT_EDGE, TEXT_LEFT, 10, COLOUR_FAINT, note);
    if (o->focus == LINES_ALL) return;
    double top = plan->y + o->focus * plan->row;
    layout_box(figure, LAYOUT_EDGE / 2.0, top + 1, plan->x - LAYOUT_EDGE / 2.0 - 4, plan->row - 2, 0xfff0c2, true);
}

/* ---- head view ---- */

/* Opacities in 64 steps, finer where they are faint. gnuplot's svg joins lines of one colour and keeps only the first
 * one's opacity, so that each step gets a colour of its own: the two lowest bits of red, green and blue, which nobody
 * sees. */
static unsigned colour_at(unsigned colour, int step) {
    unsigned bits = (unsigned)step;
    double opacity = pow((step + 0.5) / OPACITIES, 2);
    unsigned mark = (bits & 3) | (bits >> 2 & 3) << 8 | (bits >> 4 & 3) << 16;
    return (unsigned)lround(255 * (1 - opacity)) << 24 | (colour ^ mark);
}

static int step_of(double opacity) {
    int step = (int)(sqrt(opacity) * OPACITIES);
    return step < OPACITIES ? step : OPACITIES - 1;
}

/* The faintest step that is drawn: gnuplot takes a second for 15,000 lines, and more than MOST_LINES nobody can tell
 * apart. */
static int faintest_step(const Mat *maps, int count, const LinesOptions *o) {
    size_t lines[OPACITIES] = {0}, sum = 0;
    for (int map = 0; map < count; map++)
        for (int i = 0; i < maps[map].rows; i++)
            for (int j = 0; j < maps[map].cols; j++) lines[step_of(weight_of(maps[map], o, i, j))]++;
    int step = OPACITIES;
    while (step > FAINTEST && (sum += lines[step - 1]) <= MOST_LINES) step--;
    return step < OPACITIES ? step : OPACITIES - 1;
}

/* Faint lines first, so that strong ones end on top; within a step map by map. */
static void add_lines(String *data, const Mat *maps, int count, const LinesOptions *o, int faintest) {
    string_add(data, "# x, from, length, to - from, 0xAARRGGBB: AA is the transparency\n");
    size_t header = data->length;
    for (int step = faintest; step < OPACITIES; step++) {
        for (int map = 0; map < count; map++) {
            unsigned colour = colour_at(colour_hue(o->hues ? o->hues[map] : map), step);
            double shift = (map - (count - 1) / 2.0) * 0.7 / count; /* side by side, so that every hue stays itself */
            for (int i = 0; i < maps[map].rows; i++)
                for (int j = 0; j < maps[map].cols; j++)
                    if (step_of(weight_of(maps[map], o, i, j)) == step)
                        string_add(data, "0 %.4g 1 %d %u\n", i + shift, j - i, colour);
        }
    }
    if (data->length == header) string_add(data, "0 0 0 0 4294967295\n"); /* gnuplot refuses an empty file */
}

void lines_draw(Sheet sheet, const Mat *maps, int count, LinesOptions options) {
    if (sheet.terminal) return;
    Plan plan = plan_new(&sheet, maps[0], count, &options);
    Figure figure = figure_new(sheet, (int)plan.canvas_width, (int)plan.canvas_height);
    int faintest = faintest_step(maps, count, &options);
    add_lines(figure_data(&figure, ""), maps, count, &options, faintest);
    char *note = text_format("the opacity of a line is its weight; weights below %.2g have no line",
                             pow((double)faintest / OPACITIES, 2));
    add_frame(&figure, &plan, maps[0], &options, note);
    memory_free(note);
    legend(&figure, &plan, count, &options);
    figure_add(&figure,
               "plot '%s.dat' using 1:2:3:4:5 with vectors nohead linewidth %.2g linecolor rgb variable notitle\n",
               sheet.name, fmax(1, fmin(3.5, plan.row * 0.7 / count)));
    figure_finish(&figure);
}

/* ---- flow view ---- */

/* An S of short straight pieces, each reaching a little into the next: gnuplot strokes them one by one, and would
 * leave seams. */
static void add_ribbon(String *data, int i, int j, unsigned colour) {
    for (int k = 0; k < CURVE; k++) {
        double x = (double)k / CURVE, next = fmin(1, (k + 1.15) / CURVE);
        double y = i + (j - i) * x * x * (3 - 2 * x), next_y = i + (j - i) * next * next * (3 - 2 * next);
        string_add(data, "%.4g %.5g %.4g %.5g %u\n", x, y, next - x, next_y - y, colour);
    }
}

/* Wide ribbons first, so that narrow ones are not buried. Each width is a block of the file and a term of the plot
 * command. */
static double add_ribbons(Figure *figure, const Plan *plan, Mat map, const LinesOptions *o, double threshold) {
    String *data = figure_data(figure, "");
    double shown = 0, all = 0;
    int blocks = 0;
    string_add(data, "# x, y, how far in x, in y, 0xRRGGBB; a block for each width, from the widest\n");
    for (int width = WIDTHS; width >= 1; width--) {
        int before = blocks;
        for (int i = 0; i < map.rows; i++) {
            for (int j = 0; j < map.cols; j++) {
                double weight = weight_of(map, o, i, j);
                if (width == WIDTHS) all += weight;
                int wide = (int)ceil(fmin(weight, 1) * WIDTHS);
                if (weight < threshold || wide != width) continue;
                blocks = before + 1;
                shown += weight;
                add_ribbon(data, i, j, colour_fade(colour_hue(i), 0.45 + 0.4 * weight));
            }
        }
        if (blocks == before) continue;
        string_add(data, "\n\n");
        figure_add(figure,
                   "%s '%s.dat' index %d using 1:2:3:4:5 with vectors nohead linewidth %.3g "
                   "linecolor rgb variable notitle",
                   before ? ", \\\n    " : "plot", figure->sheet.name, before,
                   (width - 0.5) / WIDTHS * plan->row * 0.9);
    }
    if (blocks == 0) {
        string_add(data, "0 0 1 0 16777215\n");
        figure_add(figure, "plot '%s.dat' using 1:2:3:4 with vectors nohead linecolor rgb '#ffffff' notitle",
                   figure->sheet.name);
    }
    figure_add(figure, "\n");
    return all > 0 ? shown / all : 1;
}

void flow_draw(Sheet sheet, Mat map, LinesOptions options) {
    if (sheet.terminal) return;
    Plan plan = plan_new(&sheet, map, 1, &options);
    Figure figure = figure_new(sheet, (int)plan.canvas_width, (int)plan.canvas_height);
    String plot = figure.body;
    double threshold = options.threshold, shown = add_ribbons(&figure, &plan, map, &options, threshold);
    plot = figure.body, figure.body = (String){0};
    char *note =
        threshold > 0
            ? text_format("the width of a ribbon is its weight; below %g there is none: %.0f%% of all weight is shown",
                          threshold, 100 * shown)
            : text_format("the width of a ribbon is its weight; all of it is shown");
    add_frame(&figure, &plan, map, &options, note);
    string_add_bytes(&figure.body, plot.text, plot.length);
    string_free(&plot);
    memory_free(note);
    figure_finish(&figure);
}
