/* Exercise 09.6: project, compare, share out, mix. */
#include "course.h"
#include "math/mat.h"
#include <math.h>

/* y (n, d) = x (n, C) w^T */
static void project(Mat y, Mat x, Mat w) {
    for (int i = 0; i < x.rows; i++)
        for (int e = 0; e < w.rows; e++) {
            double sum = 0;
            for (int c = 0; c < x.cols; c++) sum += (double)mat_at(x, i, c) * (double)mat_at(w, e, c);
            mat_row(y, i)[e] = (float)sum;
        }
}

static void softmax(float *row, int n) {
    double sum = 0;
    float top = row[0];
    for (int j = 1; j < n; j++)
        if (row[j] > top) top = row[j];
    for (int j = 0; j < n; j++) sum += exp((double)row[j] - (double)top);
    for (int j = 0; j < n; j++) row[j] = (float)(exp((double)row[j] - (double)top) / sum);
}

void one_head(Mat out, Mat map, Mat x, Mat wq, Mat wk, Mat wv) {
    int n = x.rows, d = wq.rows;
    Mat q = mat_new(n, d), k = mat_new(n, d), v = mat_new(n, d);
    project(q, x, wq);
    project(k, x, wk);
    project(v, x, wv);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            double score = 0;
            for (int c = 0; c < d; c++) score += (double)mat_at(q, i, c) * (double)mat_at(k, j, c);
            mat_row(map, i)[j] = (float)(score / sqrt(d));
        }
        softmax(mat_row(map, i), n);
        for (int c = 0; c < d; c++) {
            double sum = 0;
            for (int j = 0; j < n; j++) sum += (double)mat_at(map, i, j) * (double)mat_at(v, j, c);
            mat_row(out, i)[c] = (float)sum;
        }
    }
    mat_free(&q), mat_free(&k), mat_free(&v);
}
