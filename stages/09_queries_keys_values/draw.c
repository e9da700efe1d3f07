/* The pictures of stage 09, or the same in the terminal. */
#include "tool.h"
#include "base/memory.h"
#include "show/curves.h"
#include "show/grid.h"
#include "show/label.h"
#include "show/panels.h"
#include "show/terminal.h"

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

void draw_order(const Choices *a, const Mat *maps) {
    static const char *const rows[] = {"no positions", "sinusoidal"}, *const cols[] = {"as written", "rotated by one"};
    const char **words = a->toy.words;
    for (int i = 0; i < 4 && a->show.terminal; i++) {
        char *title = text_format("%s, %s", rows[i / 2], cols[i % 2]);
        terminal_map(terminal_of(stdout), title, maps[i],
                     (TerminalMap){words, words, NULL, SCALE_FIXED, a->show.values, NULL, NULL});
        memory_free(title);
    }
    grid_draw(show_sheet(&a->show, "order", "Without positions, the order of the words does not count",
                         "right: the first word moved to the end, cells sorted back; the upper two are the same"),
              maps, 2, 2,
              (GridOptions){.row_names = rows,
                            .col_names = cols,
                            .row_axis = "positions",
                            .col_axis = "order",
                            .tokens = words,
                            .scale = SCALE_FIT});
}
