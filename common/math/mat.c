#include "math/mat.h"
#include "math/fast/vecmath.h"
#include "base/memory.h"

#include <assert.h>
#include <cblas.h>
#include <math.h>
#include <string.h>

Mat mat_new(int rows, int cols) {
    assert(rows >= 0 && cols >= 0);
    size_t count = 0;
    if (!size_multiply((size_t)rows, (size_t)cols, &count)) count = (size_t)-1; /* memory_new refuses it */
    return (Mat){memory_new(count, sizeof(float), "a matrix"), rows, cols, cols};
}

void mat_free(Mat *m) {
    memory_free(m->data);
    *m = (Mat){0};
}

void mats_free(Mat *const *all) {
    for (; *all; all++) mat_free(*all);
}

/* Before main runs: is this the processor that the fast loops were built for? And our workers are the one level of
 * parallelism, so OpenBLAS is told to stay on the thread that calls it. */
__attribute__((constructor)) static void prepare(void) {
    vec_check_processor();
    openblas_set_num_threads(1);
}

/* The one door to OpenBLAS: a wrong leading dimension there only prints a line and leaves the result untouched, so the
 * shapes are asserted here. Empty products are ours, because BLAS wants leading dimensions of at least 1. */
static void multiply(Mat out, float alpha, Mat a, bool flip_a, Mat b, bool flip_b, float beta) {
    int inner = flip_a ? a.rows : a.cols;
    assert(out.rows == (flip_a ? a.cols : a.rows));
    assert(out.cols == (flip_b ? b.rows : b.cols));
    assert(inner == (flip_b ? b.cols : b.rows));
    assert(out.stride >= out.cols && a.stride >= a.cols && b.stride >= b.cols);
    if (out.rows == 0 || out.cols == 0) return;
    if (inner == 0) {
        for (int i = 0; i < out.rows; i++)
            for (int j = 0; j < out.cols; j++) mat_row(out, i)[j] = beta == 0 ? 0 : beta * mat_at(out, i, j);
        return;
    }
    cblas_sgemm(CblasRowMajor, flip_a ? CblasTrans : CblasNoTrans, flip_b ? CblasTrans : CblasNoTrans, out.rows,
                out.cols, inner, alpha, a.data, a.stride, b.data, b.stride, beta, out.data, out.stride);
}

void mat_mul(Mat out, float alpha, Mat a, Mat b, float beta) {
    multiply(out, alpha, a, false, b, false, beta);
}

void mat_mul_nt(Mat out, float alpha, Mat a, Mat b, float beta) {
    multiply(out, alpha, a, false, b, true, beta);
}

void mat_mul_tn(Mat out, float alpha, Mat a, Mat b, float beta) {
    multiply(out, alpha, a, true, b, false, beta);
}

void mat_copy(Mat out, Mat a) {
    assert(out.rows == a.rows && out.cols == a.cols);
    for (int i = 0; i < a.rows; i++) memmove(mat_row(out, i), mat_row(a, i), (size_t)a.cols * sizeof(float));
}

void mat_fill(Mat m, float value) {
    for (int i = 0; i < m.rows; i++)
        for (int j = 0; j < m.cols; j++) mat_row(m, i)[j] = value;
}

float mat_max_abs(Mat m) {
    float most = 0;
    for (int i = 0; i < m.rows; i++)
        for (int j = 0; j < m.cols; j++) {
            float size = fabsf(mat_at(m, i, j));
            if (isnan(size)) return size; /* a comparison with NaN is false, so it would go unseen */
            if (size > most) most = size;
        }
    return most;
}

float mat_max_diff(Mat a, Mat b) {
    assert(a.rows == b.rows && a.cols == b.cols);
    float most = 0;
    for (int i = 0; i < a.rows; i++)
        for (int j = 0; j < a.cols; j++) {
            float apart = fabsf(mat_at(a, i, j) - mat_at(b, i, j));
            if (isnan(apart)) return INFINITY;
            if (apart > most) most = apart;
        }
    return most;
}

bool mat_agree(Mat a, Mat b, float allowed, float *difference) {
    float largest = mat_max_abs(b);
    *difference = mat_max_diff(a, b);
    if (!isfinite(largest) || !isfinite(*difference)) return false; /* infinity <= 1e-5 * infinity would agree */
    return *difference <= allowed * (largest > 1 ? largest : 1);
}
