#include "show/grid.h"
#include "show/label.h"
#include "show/layout.h"
#include "show/numbers.h"
#include "show/pool.h"
#include "text/utf8.h"

#include <math.h>
#include <string.h>

enum { MOST_DOTS = 64, FEW_DOTS = 12 };

/* The composed matrix: each map's weights, each `repeat` x `repeat` times when there are few tokens, and a gap of one
 * dot after every map, so that maps neither touch nor shrink to a single dot. */
typedef struct {
    int map_rows, map_cols, repeat; /* dots of one map before repeating */
    int tile_rows, tile_cols;       /* dots of one map with its gap */
    double dot, width, height;      /* pixels */
    double x, y, left;
    double canvas_width, canvas_height;
    int block;
} Plan;

static int clamp(int value, int low, int high) {
    return value < low ? low : value > high ? high : value;
}

static Plan plan_new(const Sheet *sheet, Mat first, int rows, int cols, const GridOptions *o) {
    Plan plan = {.map_rows = first.rows, .map_cols = first.cols};
    int longest = first.rows > first.cols ? first.rows : first.cols;
    plan.repeat = longest >= FEW_DOTS ? 1 : (FEW_DOTS + longest - 1) / longest;
    plan.tile_rows = first.rows * plan.repeat + 1;
    plan.tile_cols = first.cols * plan.repeat + 1;
    int tile = plan.tile_rows > plan.tile_cols ? plan.tile_rows : plan.tile_cols;
    double wanted = clamp(1180 / (cols > rows * 3 / 2 ? cols : rows * 3 / 2), 48, 220); /* pixels of one map */
    plan.dot = wanted / tile;
    plan.width = plan.dot * plan.tile_cols * cols - plan.dot;
    plan.height = plan.dot * plan.tile_rows * rows - plan.dot;
    plan.left = text_widest(o->row_names, rows, 12) + 14;
    double content = 26 + plan.left + plan.width + 24 + 20 + 84;
    plan.canvas_width = fmax(fmax(680, content + 2 * LAYOUT_EDGE), fmin(1300, layout_heading_width(sheet)));
    plan.x = (plan.canvas_width - content) / 2 + 26 + plan.left;
    plan.y = layout_heading_height(sheet) + 52;
    return plan;
}

/* ---- data ---- */

static void add_gap_row(String *data, int dots) {
    for (int j = 0; j < dots; j++) string_add_bytes(data, j ? " NaN" : "NaN", j ? 4 : 3);
    string_add_bytes(data, "\n", 1);
}

static void add_map_row(String *data, const Pool *pool, int i, int repeat) {
    for (int j = 0; j < pool->m.cols; j++) {
        bool hide = cell_hidden(pool->hidden, pool->m, i, j);
        for (int k = 0; k < repeat; k++) {
            data_number(data, hide ? (double)NAN : (double)mat_at(pool->m, i, j), 4);
            string_add_bytes(data, " ", 1);
        }
    }
}

/* One row of maps, dot row by dot row. */
static void add_map_rows(String *data, const Pool *pools, int cols, const Plan *plan) {
    String line = {0};
    for (int i = 0; i < plan->map_rows; i++) {
        line.length = 0;
        for (int col = 0; col < cols; col++) {
            add_map_row(&line, &pools[col], i, plan->repeat);
            if (col < cols - 1) string_add_bytes(&line, "NaN ", 4);
        }
        line.text[line.length - 1] = '\n';
        for (int k = 0; k < plan->repeat; k++) string_add_bytes(data, line.text, line.length);
    }
    string_free(&line);
}

static void add_data(String *data, const Pool *pools, int rows, int cols, const Plan *plan) {
    string_add(data, "# %d x %d maps of %d x %d, each dot %d times, one dot of NaN between them; NaN inside: masked\n",
               rows, cols, plan->map_rows, plan->map_cols, plan->repeat);
    for (int row = 0; row < rows; row++) {
        if (row) add_gap_row(data, cols * plan->tile_cols - 1);
        add_map_rows(data, pools + (size_t)row * (size_t)cols, cols, plan);
    }
}

/* ---- the picture ---- */

/* White bars over the gaps: there, as in masked cells, the grey ground shows. */
static void add_gaps(String *data, const Plan *plan, int rows, int cols) {
    double right = cols * plan->tile_cols - 1.5, bottom = rows * plan->tile_rows - 1.5;
    string_add(data, "# middle x, middle y, left, right, top, bottom\n");
    for (int col = 1; col < cols; col++) {
        double x = col * plan->tile_cols - 1;
        string_add(data, "%g 0 %g %g -0.5 %g\n", x, x - 0.5, x + 0.5, bottom);
    }
    for (int row = 1; row < rows; row++) {
        double y = row * plan->tile_rows - 1;
        string_add(data, "0 %g -0.5 %g %g %g\n", y, right, y - 0.5, y + 0.5);
    }
}

/* A thin frame around every map: a map of zeros must be seen too. */
static void add_frames(String *data, const Plan *plan, int rows, int cols) {
    string_add(data, "# middle x, middle y, left, right, top, bottom\n");
    for (int row = 0; row < rows; row++) {
        for (int col = 0; col < cols; col++) {
            double left = col * plan->tile_cols - 0.5, top = row * plan->tile_rows - 0.5;
            double right = left + plan->tile_cols - 1, bottom = top + plan->tile_rows - 1;
            string_add(data, "%g %g %g %g %g %g\n", left, top, left, right, top, bottom);
        }
    }
}

static void add_names(Figure *figure, const Plan *plan, int rows, int cols, const GridOptions *o) {
    char number[16];
    double tile_width = plan->dot * plan->tile_cols, tile_height = plan->dot * plan->tile_rows;
    for (int col = 0; col < cols; col++) {
        const char *name = name_at(o->col_names, col, number);
        double fit = 12 * fmin(1, (tile_width - 2) / fmax(1, text_width(name, LABEL_TOKEN, 12)));
        layout_text(figure, plan->x + col * tile_width + (tile_width - plan->dot) / 2, plan->y - 15, TEXT_CENTRE, fit,
                    COLOUR_INK, name);
    }
    for (int row = 0; row < rows; row++) {
        layout_text(figure, plan->x - 10, plan->y + row * tile_height + (tile_height - plan->dot) / 2, TEXT_RIGHT, 12,
                    COLOUR_INK, name_at(o->row_names, row, number));
    }
    layout_text(figure, plan->x + plan->width / 2, plan->y - 38, TEXT_CENTRE, 12, COLOUR_INK,
                o->col_axis ? o->col_axis : "head");
    layout_text_upwards(figure, plan->x - plan->left - 12, plan->y + plan->height / 2, 12, COLOUR_INK,
                        o->row_axis ? o->row_axis : "layer");
}

enum { MOST_NOTES = 8, TOKEN_LINES = 3 };

/* No room for one more token and for saying how many there are? A text is cut by its number of characters too. */
static bool is_full(const String *line, const Plan *plan) {
    return text_width(line->text, LABEL_ALL, 10) > plan->canvas_width - 2 * LAYOUT_EDGE - 240 ||
           utf8_count(line->text, line->length) > LABEL_LINE - LABEL_TOKEN - 20;
}

/* The tokens in lines of the picture's width, at most three; returns how many. */
static int list_tokens(String lines[TOKEN_LINES], const char *heading, const char *const *tokens, int count,
                       const Plan *plan) {
    int n = 0;
    string_add(&lines[n], "%s", heading);
    for (int i = 0; i < count; i++) {
        if (is_full(&lines[n], plan)) {
            if (n == TOKEN_LINES - 1) {
                string_add(&lines[n], " ... (%d in all)", count);
                break;
            }
            n++;
        }
        string_add(&lines[n], "%s", lines[n].text ? "  " : "");
        utf8_label(&lines[n], tokens[i], strlen(tokens[i]), LABEL_TOKEN);
    }
    return n + 1;
}

/* The notes below: how to read a map, and its tokens. */
static int notes_of(String notes[MOST_NOTES], const Plan *plan, const GridOptions *o) {
    int n = 0;
    string_add(&notes[n++], "in each map: %s",
               o->each ? o->each
                       : "rows look (from, query), columns are looked at (to, key), the first token top left");
    if (o->hidden || o->hidden_each)
        string_add(&notes[n++], "grey: %s", o->grey ? o->grey : "forbidden by the mask, which is not a weight of 0");
    if (plan->block > 1)
        string_add(&notes[n++], "each dot is the largest of %d x %d weights", plan->block, plan->block);
    if (!o->tokens || plan->block > 1) return n;
    n += list_tokens(&notes[n], o->keys ? "rows:" : "tokens:", o->tokens, plan->map_rows, plan);
    if (o->keys) n += list_tokens(&notes[n], "columns:", o->keys, plan->map_cols, plan);
    return n;
}

static Range range_of(const Pool *pools, int count, Scale scale) {
    Mat *maps = memory_new((size_t)count, sizeof *maps, "the maps of a grid");
    const bool **hidden = memory_new((size_t)count, sizeof *hidden, "the masks of a grid");
    for (int i = 0; i < count; i++) maps[i] = pools[i].m, hidden[i] = pools[i].hidden;
    Range range = scale_range_of_all(scale, maps, hidden, count);
    memory_free(maps), memory_free(hidden);
    return range;
}

static void draw(Figure *figure, const Pool *pools, int rows, int cols, const Plan *plan, const GridOptions *o) {
    Range range = range_of(pools, rows * cols, o->scale);
    int dots_x = cols * plan->tile_cols - 1, dots_y = rows * plan->tile_rows - 1;
    add_data(figure_data(figure, ""), pools, rows, cols, plan);
    if (rows * cols > 1) add_gaps(figure_data(figure, "_gaps"), plan, rows, cols);
    add_frames(figure_data(figure, "_frames"), plan, rows, cols);
    layout_heading(figure);
    layout_area(figure, plan->x, plan->y, plan->width, plan->height);
    scale_add(figure, range);
    layout_colour_bar(figure, plan->x + plan->width + 24, plan->y, 20, fmax(160, plan->height));
    layout_text_upwards(figure, plan->x + plan->width + 100, plan->y + fmax(160, plan->height) / 2, 11, COLOUR_INK,
                        o->bar ? o->bar : "weight");
    add_names(figure, plan, rows, cols, o);
    figure_image(figure, dots_y, dots_x);
    figure_add(
        figure,
        "set xrange [-0.5:%g]\nset yrange [%g:-0.5]\nunset xtics\nunset ytics\nunset border\n"
        "set object rectangle from graph 0,0 to graph 1,1 behind fillcolor rgb '#c4c4c4' fillstyle solid noborder\n"
        "plot '%s.dat' matrix %s with @CELLS notitle, \\\n",
        dots_x - 0.5, dots_y - 0.5, figure->sheet.name, range.log ? "using 1:2:($3 < 0.0001 ? 0.0001 : $3)" : "");
    if (rows * cols > 1)
        figure_add(figure,
                   "     '%s_gaps.dat' with boxxyerror fillcolor rgb '#ffffff' fillstyle solid noborder notitle, \\\n",
                   figure->sheet.name);
    figure_add(figure,
               "     '%s_frames.dat' with boxxyerror linecolor rgb '#b0b6bc' linewidth 1 fillstyle empty notitle\n",
               figure->sheet.name);
}

void grid_draw(Sheet sheet, const Mat *maps, int rows, int cols, GridOptions options) {
    if (sheet.terminal) return;
    int count = rows * cols;
    String notes[MOST_NOTES] = {{0}};
    Pool *pools = memory_new((size_t)count, sizeof *pools, "a grid of maps");
    for (int i = 0; i < count; i++) {
        const bool *hidden = options.hidden_each ? options.hidden_each[i] : options.hidden;
        pools[i] = pool_new(maps[i], hidden, NULL, NULL, MOST_DOTS);
    }
    Plan plan = plan_new(&sheet, pools[0].m, rows, cols, &options);
    plan.block = pools[0].block;
    int lines = notes_of(notes, &plan, &options);
    plan.canvas_height = plan.y + fmax(160, plan.height) + 34 + 20 * lines + LAYOUT_EDGE - 20;
    Figure figure = figure_new(sheet, (int)plan.canvas_width, (int)plan.canvas_height);
    layout_notes(&figure, 20, notes, lines);
    draw(&figure, pools, rows, cols, &plan, &options);
    for (int i = 0; i < count; i++) pool_free(&pools[i]);
    memory_free(pools);
    figure_finish(&figure);
}
