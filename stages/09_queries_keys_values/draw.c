/* The pictures of stage 09, or the same in the terminal. */
#include "tool.h"
#include "attention/mask_cost.h"
#include "show/curves.h"
#include "show/label.h"
#include "show/panels.h"
#include "show/terminal.h"

#include <math.h>
#include <stdio.h>

void draw_head(const Choices *a, const Head *h) {
    const char **words = a->toy.words;
    Mat scores = paper_rounded(h->scores), weights = paper_rounded(h->weights);
    Panel panels[] = {{.title = "scores q.k / sqrt(d)", .m = scores, .scale = SCALE_SIGNED, .picture_only = true},
                      {.title = "weights", .m = weights, .scale = SCALE_FIT}};
    Sheet sheet = show_sheet(&a->show, "head", "One head: scores become weights",
                             "seeded, not trained: what it looks at means nothing yet; white is the smallest weight");
    panels_draw(sheet, panels, 2, (PanelsOptions){words, words, show_values(&a->show, a->toy.n <= 12)});
    mat_free(&scores), mat_free(&weights);
}

/* In the terminal: a bar a width. */
static void print_bars(const Curve *curves, const Saturation *rows) {
    int widths[WIDTHS];
    for (int w = 0; w < WIDTHS; w++) widths[w] = rows[w].width;
    const char **names = names_numbered("d = ", widths, WIDTHS);
    for (int i = 0; i < 4; i++) terminal_bars(terminal_of(stdout), curves[i].name, names, curves[i].y, WIDTHS, 1);
    names_free(names, WIDTHS);
}

void draw_scaling(const Choices *a, const Saturation *rows) {
    float x[WIDTHS], y[4][WIDTHS];
    for (int w = 0; w < WIDTHS; w++) {
        x[w] = (float)rows[w].width;
        y[0][w] = (float)rows[w].largest[0], y[1][w] = (float)rows[w].largest[1];
        y[2][w] = (float)rows[w].slope[0], y[3][w] = (float)rows[w].slope[1];
    }
    Curve curves[] = {{"largest weight, q.k", x, y[0], WIDTHS, false},
                      {"largest weight, q.k / sqrt(d)", x, y[1], WIDTHS, false},
                      {"slope p (1 - p), q.k", x, y[2], WIDTHS, true},
                      {"slope p (1 - p), q.k / sqrt(d)", x, y[3], WIDTHS, true}};
    if (a->show.terminal) print_bars(curves, rows);
    curves_draw(show_sheet(&a->show, "scaling", "Without 1/sqrt(d), softmax becomes a switch",
                           "16 keys, numbers from N(0, 1), mean of 1000 queries"),
                curves, 4,
                (CurvesOptions){.x_axis = "d, numbers in a query", .y_axis = "mean", .log_x = true, .high = 1});
}

/* What moved, of numbers that rounding alone does not move. */
static Mat moved_of(const Mat *maps) {
    Mat moved = mat_new(maps[0].rows, maps[0].cols);
    map_difference(moved, maps[1], maps[0]);
    for (int i = 0; i < moved.rows; i++)
        for (int j = 0; j < moved.cols; j++)
            if (fabsf(mat_at(moved, i, j)) < 1e-6f) mat_row(moved, i)[j] = 0;
    return moved;
}

void draw_order(const Choices *a, const Mat *maps) {
    const char **words = a->toy.words;
    Mat none = moved_of(maps), waves = moved_of(maps + 2);
    Panel panels[] = {{.title = "weights, no positions", .m = maps[0], .scale = SCALE_FIT},
                      {.title = "moved by the order: nothing", .m = none, .scale = SCALE_SIGNED},
                      {.title = "moved, sinusoidal positions", .m = waves, .scale = SCALE_SIGNED}};
    Sheet sheet = show_sheet(&a->show, "order", "Without positions, the order of the words does not count",
                             "the first word moved to the end, cells sorted back: by how much each weight moved");
    panels_draw(sheet, panels, 3, (PanelsOptions){words, words, show_values(&a->show, a->toy.n <= 12)});
    mat_free(&none), mat_free(&waves);
}
