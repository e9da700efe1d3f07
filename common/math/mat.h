/* mat - matrices as views: a pointer, a shape and a stride. A head is a column view of q, not a copy. Products go to
 * OpenBLAS. Told in stages/06_embeddings; `stride` is what BLAS calls the leading dimension. */
#ifndef MATH_MAT_H
#define MATH_MAT_H
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    float *data; /* element (i, j) is data[i * stride + j] */
    int rows, cols, stride;
} Mat;

/* A zeroed rows x cols matrix that you own; mat_free takes only what mat_new returned, never a view. */
Mat mat_new(int rows, int cols);
void mat_free(Mat *m);
void mats_free(Mat *const *all); /* up to a NULL: mats_free((Mat *[]){&q, &k, &v, NULL}) */

static inline float *mat_row(Mat m, int i) {
    return m.data + (size_t)i * (size_t)m.stride;
}
static inline float mat_at(Mat m, int i, int j) {
    return mat_row(m, i)[j];
}

/* Views: borrowed, valid as long as their owner. */
static inline Mat mat_cols(Mat m, int first, int n) {
    return (Mat){m.data + first, m.rows, n, m.stride};
}
static inline Mat mat_rows(Mat m, int first, int n) {
    return (Mat){mat_row(m, first), n, m.cols, m.stride};
}

/* out = alpha op(a) op(b) + beta out. nt: b transposed, (n,k) x (m,k)^T; tn: a transposed. Shapes are asserted. One
 * thread. */
void mat_mul(Mat out, float alpha, Mat a, Mat b, float beta);    /* out (n,m), a (n,k), b (k,m) */
void mat_mul_nt(Mat out, float alpha, Mat a, Mat b, float beta); /* out (n,m), a (n,k), b (m,k) */
void mat_mul_tn(Mat out, float alpha, Mat a, Mat b, float beta); /* out (n,m), a (k,n), b (k,m) */

void mat_copy(Mat out, Mat a); /* same shape */
void mat_fill(Mat m, float value);
float mat_max_abs(Mat m);         /* 0 for an empty matrix; NaN if there is one */
float mat_max_diff(Mat a, Mat b); /* max |a - b|; NaN counts as infinite */

/* What 'proven equal' means everywhere: max |a - b| <= allowed (1e-5), times the largest |b| where that is above 1. */
bool mat_agree(Mat a, Mat b, float allowed, float *difference);
#endif
