#include "math/rows.h"
#include "math/fast/row_tiles.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool to_openblas;

/* Before main, while there is one thread: so nobody reads the environment while another changes it, and the answer is
 * the same for the whole run. */
__attribute__((constructor)) static void decide(void) {
    const char *asked = getenv("BLAS");
    if (asked && (strcmp(asked, "0") == 0 || strcmp(asked, "1") == 0)) to_openblas = asked[0] == '1';
    else to_openblas = !tiles_fit_processor();
}

/* ---- the products as OpenBLAS computes them ---- */

enum { ROWS_EACH = 64 }; /* of out, where a mask leaves work out: fewer save more of it, more are computed faster */

static void weights_by_openblas(Mat out, Mat x, Mat w, const float *bias) {
    for (int i = 0; bias && i < out.rows; i++) memcpy(mat_row(out, i), bias, (size_t)out.cols * sizeof *bias);
    mat_mul_nt(out, 1, x, w, bias ? 1 : 0);
}

static void within_by_openblas(Mat out, Mat x, Mat w, const RowRange *columns) {
    for (int row = 0; row < out.rows; row += ROWS_EACH) {
        int rows = out.rows - row < ROWS_EACH ? out.rows - row : ROWS_EACH;
        RowRange wanted = columns ? rows_range(columns, row, rows, w.rows) : (RowRange){0, w.rows};
        int count = wanted.end > wanted.first ? wanted.end - wanted.first : 0;
        if (count == 0) continue;
        mat_mul_nt(mat_cols(mat_rows(out, row, rows), wanted.first, count), 1, mat_rows(x, row, rows),
                   mat_rows(w, wanted.first, count), 0);
    }
}

/* x lies: (k, n). */
static void times_by_openblas(Mat out, Mat x, bool lies, Mat w, float keep, const RowRange *steps) {
    for (int row = 0; row < out.rows; row += ROWS_EACH) {
        int rows = out.rows - row < ROWS_EACH ? out.rows - row : ROWS_EACH;
        RowRange needs = steps ? rows_range(steps, row, rows, w.rows) : (RowRange){0, w.rows};
        int first = needs.end > needs.first ? needs.first : 0, count = needs.end > first ? needs.end - first : 0;
        Mat part = mat_rows(out, row, rows), factor = mat_rows(w, first, count);
        if (lies) mat_mul_tn(part, 1, mat_cols(mat_rows(x, first, count), row, rows), factor, keep);
        else mat_mul(part, 1, mat_cols(mat_rows(x, row, rows), first, count), factor, keep);
    }
}

/* ---- the choice ---- */

void rows_times_weights(Mat out, Mat x, Mat w, const float *bias, int first, int end) {
    assert(out.rows == x.rows && out.cols == w.rows && x.cols == w.cols && first >= 0 && end <= w.rows);
    if (first >= end) return;
    out = mat_cols(out, first, end - first), w = mat_rows(w, first, end - first), bias = bias ? bias + first : NULL;
    if (to_openblas) weights_by_openblas(out, x, w, bias);
    else tiles_times_weights(out, x, w, bias);
}

void rows_times_weights_within(Mat out, Mat x, Mat w, const RowRange *columns) {
    assert(out.rows == x.rows && out.cols == w.rows && x.cols == w.cols);
    if (to_openblas) within_by_openblas(out, x, w, columns);
    else tiles_times_weights_within(out, x, w, columns);
}

void rows_times(Mat out, Mat x, Mat w, float keep, const RowRange *steps) {
    assert(out.rows == x.rows && out.cols == w.cols && x.cols == w.rows && (keep == 0 || keep == 1));
    if (to_openblas) times_by_openblas(out, x, false, w, keep, steps);
    else tiles_times(out, x, false, w, keep, steps);
}

void columns_times(Mat out, Mat x, Mat w, float keep, const RowRange *steps) {
    assert(out.rows == x.cols && out.cols == w.cols && x.rows == w.rows && (keep == 0 || keep == 1));
    if (to_openblas) times_by_openblas(out, x, true, w, keep, steps);
    else tiles_times(out, x, true, w, keep, steps);
}
