#include "math/layers_backward.h"
#include "math/rows.h"
#include "math/fast/vecgrad.h"
#include "math/fast/vecmath.h"

#include <assert.h>
#include <string.h>

/* out[j] = the sum of m's column j + keep * out[j]. */
static void column_sums(float *out, Mat m, float keep) {
    if (keep == 0) memset(out, 0, (size_t)m.cols * sizeof *out);
    for (int i = 0; i < m.rows; i++) vec_add(out, out, mat_row(m, i), (size_t)m.cols);
}

void linear_backward(Mat dx, Mat dweight, float *dbias, Mat dy, Mat x, Mat weight, float keep) {
    assert(keep == 0 || keep == 1);
    columns_times(dweight, dy, x, keep, NULL);
    if (dbias) column_sums(dbias, dy, keep);
    if (dx.data) rows_times(dx, dy, weight, 0, NULL);
}

void embedding_backward(Mat dtable, Mat dout, const int *ids) {
    assert(dout.cols == dtable.cols);
    for (int i = 0; i < dout.rows; i++) {
        assert(ids[i] >= 0 && ids[i] < dtable.rows);
        float *row = mat_row(dtable, ids[i]);
        vec_add(row, row, mat_row(dout, i), (size_t)dtable.cols);
    }
}

void layer_norm_backward(Mat dx, float *dgain, float *dbias, Mat dy, Mat x, LayerNorm norm) {
    assert(dx.rows == x.rows && dy.rows == x.rows && dx.cols == x.cols && dy.cols == x.cols);
    for (int i = 0; i < x.rows; i++)
        vec_normalise_backward(mat_row(dx, i), dgain, dbias, mat_row(dy, i), mat_row(x, i), norm.gain, (size_t)x.cols,
                               norm.eps);
}

void activation_forward(Mat y, Mat slope, Activation activation) {
    assert(y.rows == slope.rows && y.cols == slope.cols);
    for (int i = 0; i < y.rows; i++) vec_activate_keep(mat_row(y, i), mat_row(slope, i), (size_t)y.cols, activation);
}

void activation_backward(Mat dy, Mat slope, float *dbias, float keep) {
    assert(dy.rows == slope.rows && dy.cols == slope.cols && (keep == 0 || keep == 1));
    if (dbias && keep == 0) memset(dbias, 0, (size_t)dy.cols * sizeof *dbias);
    for (int i = 0; i < dy.rows; i++)
        if (dbias) vec_multiply_sum(mat_row(dy, i), dbias, mat_row(slope, i), (size_t)dy.cols);
        else vec_multiply(mat_row(dy, i), mat_row(slope, i), (size_t)dy.cols);
}

void softmax_backward(Mat d, Mat y, float scale) {
    assert(d.rows == y.rows && d.cols == y.cols);
    for (int i = 0; i < d.rows; i++) vec_softmax_backward(mat_row(d, i), mat_row(y, i), (size_t)d.cols, scale);
}

void dropout_forward(Mat x, Mat keep, double p, Rng *rng) {
    assert(x.rows == keep.rows && x.cols == keep.cols);
    for (int i = 0; i < x.rows; i++) {
        rng_dropout(rng, mat_row(keep, i), (size_t)x.cols, p);
        vec_multiply(mat_row(x, i), mat_row(keep, i), (size_t)x.cols);
    }
}

void dropout_backward(Mat dx, Mat keep) {
    activation_backward(dx, keep, NULL, 0); /* the same product, number by number */
}
