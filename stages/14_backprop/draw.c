/* The pictures of stage 14, or one of them in the terminal. */
#include "base/memory.h"
#include "show/curves.h"
#include "show/heat.h"
#include "show/label.h"
#include "show/panels.h"
#include "tool.h"

/* ---- the gradients beside the slopes ---- */

/* Fills the columns of Wq, Wk or Wv in both (2d, 3C): told in the upper half, measured in the lower, each matrix
 * divided by its largest |gradient|, because they are of very different sizes. */
static void put_beside(Mat both, Paper told, Paper measured, int first) {
    double largest = paper_max_abs(told);
    for (int i = 0; i < told.rows; i++)
        for (int c = 0; c < told.cols; c++) {
            mat_row(both, i)[first + c] = largest > 0 ? (float)(told.at[i][c] / largest) : 0;
            mat_row(both, told.rows + i)[first + c] = largest > 0 ? (float)(measured.at[i][c] / largest) : 0;
        }
}

void draw_gradients(const Choices *ask, const Head *gradient, const Head *slopes) {
    static const char *const matrices[] = {"Wq", "Wk", "Wv"};
    int d = gradient->wq.rows, width = gradient->wq.cols;
    Mat both = mat_new(2 * d, 3 * width);
    const char **rows = memory_new((size_t)(2 * d), sizeof *rows, "names");
    const char **cols = memory_new((size_t)(3 * width), sizeof *cols, "names");
    for (int i = 0; i < 3; i++) put_beside(both, head_input(gradient, i), head_input(slopes, i), i * width);
    for (int i = 0; i < 2 * d; i++) rows[i] = text_format("%s %d", i < d ? "told" : "measured", i % d);
    for (int i = 0; i < 3 * width; i++) cols[i] = text_format("%s %d", matrices[i / width], i % width);
    Sheet sheet = show_sheet(&ask->show, "gradients", "Told by the backward pass, measured by moving each number",
                             "each matrix divided by its largest |gradient|; blue: the loss rises with the number");
    heat_draw(sheet, both,
              (HeatOptions){.from = rows,
                            .to = cols,
                            .from_axis = "row of the matrix",
                            .to_axis = "matrix and column",
                            .bar = "gradient",
                            .scale = SCALE_SIGNED,
                            .values = 3 * width <= 24 || ask->show.values});
    names_free(rows, 2 * d), names_free(cols, 3 * width);
    mat_free(&both);
}

/* ---- the error against the step ---- */

void draw_steps(const Choices *ask, const float *eps, const float *in_double, const float *in_float) {
    Curve curves[] = {{"double precision", eps, in_double, STEPS, false},
                      {"single precision (float)", eps, in_float, FLOAT_STEPS, false}};
    Sheet sheet = show_sheet(&ask->show, "step", "How far should a number be moved?",
                             "too far: the curve bends; too little: the two losses have the same digits");
    curves_draw(sheet, curves, 2,
                (CurvesOptions){.x_axis = "step", .y_axis = "largest error of a slope", .log_x = true, .log_y = true});
}

/* ---- through the softmax ---- */

void draw_flow(const Choices *a, const Head *h, const Head *d) {
    const char **words = a->toy.words;
    int n = a->toy.n;
    bool *hidden = mask_hidden_cells(h->mask, n, n);
    Mat weights = paper_rounded(h->weights), dweights = paper_rounded(d->weights), dscores = paper_rounded(d->scores);
    const Panel panels[] = {
        {"weights", weights, SCALE_FIXED, .hidden = hidden, .picture_only = true},
        {"d weights: what comes back", dweights, SCALE_SIGNED, .hidden = hidden, .picture_only = true},
        {"d scores: what softmax lets through", dscores, SCALE_SIGNED, .hidden = hidden, .line = "d scores"}};
    panels_draw(show_sheet(&a->show, "flow", "Backwards through a softmax", a->mask.title), panels, 3,
                (PanelsOptions){words, words, show_values(&a->show, n <= 10)});
    mat_free(&weights), mat_free(&dweights), mat_free(&dscores);
    memory_free(hidden);
}
