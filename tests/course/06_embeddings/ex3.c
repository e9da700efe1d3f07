/* 06.3: positions added to every window, against positions_add window by window. */
#include "judge.h"
#include "attention/positions.h"
#include <math.h>

/* x is a view; positions is one, too, of a wider matrix that is NaN elsewhere, and has another stride. */
static void ask_case(Mat x, Mat positions) {
    enum { BESIDE = 4 };
    Mat wide = mat_new(positions.rows, positions.cols + BESIDE);
    mat_fill(wide, NAN);
    mat_copy(mat_cols(wide, 1, positions.cols), positions);
    give_mat(x), give_mat(wide);
    ask();
    mat_free(&wide);
}

static void check_case(Rng *rng, int windows, int context, int width) {
    Mat x = mat_new(windows * context, width), expected = mat_new(x.rows, width), positions = mat_new(context, width);
    rng_normal(rng, x.data, (size_t)x.rows * (size_t)width, 0, 1);
    rng_normal(rng, positions.data, (size_t)context * (size_t)width, 0, 1);
    mat_copy(expected, x);
    for (int b = 0; b < windows; b++) positions_add(mat_rows(expected, b * context, context), positions, 0);
    input("%d windows of %d tokens, width %d; x and positions are views, whose strides are not C", windows, context,
          width);
    ask_case(x, positions);
    check_mat("the batch", got_mat(), expected, 1e-6);
    mat_free(&x), mat_free(&expected), mat_free(&positions);
}

void check(void) {
    float x[] = {1, 2, 3, 4}, positions[] = {10, 20}, expected[] = {11, 22, 13, 24};
    input("T = 2, C = 1, x = 1 2 3 4, positions = 10 20; x and positions are views, whose strides are not C");
    ask_case((Mat){x, 4, 1, 1}, (Mat){positions, 2, 1, 1});
    check_mat("the batch", got_mat(), (Mat){expected, 4, 1, 1}, 1e-6);
    Rng rng = check_rng();
    check_case(&rng, 1, 1, 3);
    check_case(&rng, 8, 4, 16);
    check_case(&rng, 5, 1, 2);
    check_case(&rng, 1, 6, 2);
    check_case(&rng, 3, 70, 300);
    check_case(&rng, 300, 2, 5);
    check_case(&rng, 1, 2053, 2), check_case(&rng, 701, 3, 3), check_case(&rng, 2, 2, 2053);
    for (int i = 0; i < (hidden() ? 40 : 6); i++)
        check_case(&rng, 1 + (int)(rng_bits(&rng) % 6), 1 + (int)(rng_bits(&rng) % 7), 1 + (int)(rng_bits(&rng) % 12));
}
