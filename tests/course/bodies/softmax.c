/* A softmax under a mask, written here once more from its definition, in double precision. */
#include "judge.h"
#include "bodies/masks.h"
#include "math/init.h"

#include <math.h>

/* The definition: exp of the allowed ones, divided by their sum. */
static void expect(Mat weights, Mat scores, float scale, Mask mask) {
    for (int i = 0; i < scores.rows; i++) {
        double top = -INFINITY, sum = 0;
        for (int j = 0; j < scores.cols; j++)
            if (mask_allows(mask, i, j)) top = fmax(top, (double)mat_at(scores, i, j));
        for (int j = 0; j < scores.cols; j++)
            if (mask_allows(mask, i, j)) sum += exp((double)scale * ((double)mat_at(scores, i, j) - top));
        for (int j = 0; j < scores.cols; j++)
            mat_row(weights, i)[j] =
                mask_allows(mask, i, j) ? (float)(exp((double)scale * ((double)mat_at(scores, i, j) - top)) / sum) : 0;
    }
}

static void one_case(Rng *rng, int n, int m, float size, float scale, Mask mask) {
    Mat scores = init_normal_new(rng, n, m), weights = mat_new(n, m);
    int knobs[KNOBS];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) mat_row(scores, i)[j] *= size;
    expect(weights, scores, scale, mask);
    mask_to_numbers(mask, knobs);
    input("%d x %d scores of about %g, scale %g", n, m, (double)size, (double)scale);
    input_ints("mask (causal window dilation global sinks stride prefix chunk valid)", knobs, KNOBS);
    give_ints(knobs, KNOBS), give_double((double)scale), give_mat(scores);
    ask();
    check_mat("the weights", got_mat(), weights, 1e-5);
    mat_free(&scores), mat_free(&weights);
}

void check(void) {
    static const Mask masks[] = {{0},
                                 {.causal = true},
                                 {.window = 2},
                                 {.causal = true, .window = 3, .dilation = 2},
                                 {.valid = 3},
                                 {.chunk = 3},
                                 {.window = 1, .global = 1},
                                 {.causal = true, .window = 2, .sinks = 1},
                                 {.causal = true, .prefix = 4}};
    Rng rng = check_rng();
    one_case(&rng, 1, 1, 1, 1, masks[0]), one_case(&rng, 3, 3, 1, 1, masks[1]);
    one_case(&rng, 4, 6, 1, 0.5f, masks[0]), one_case(&rng, 6, 6, 200, 1, masks[1]);
    one_case(&rng, 6, 2, 1, 1, (Mask){.chunk = 2}); /* rows 2 and on see nothing: zeros, and no NaN */
    for (int i = 0; i < 27; i++) one_case(&rng, 4 + i, 4 + i, i % 4 ? 2 : 90, i % 2 ? 0.25f : 1, masks[i % 9]);
}
