/* Exercise 14.6: out = map v, softmax, scores = q k^T / sqrt(d): each line backwards, the last one first. */
#include "course.h"
#include "math/mat.h"
#include <math.h>

/* Row i of the slopes along the scores, [m]. */
static void row_backward(double *dscores, Mat dout, Mat map, Mat v, int i) {
    double mean = 0;
    for (int j = 0; j < v.rows; j++) {
        double dweight = 0;
        for (int c = 0; c < v.cols; c++) dweight += (double)mat_at(dout, i, c) * (double)mat_at(v, j, c);
        dscores[j] = dweight;
        mean += dweight * (double)mat_at(map, i, j);
    }
    for (int j = 0; j < v.rows; j++) dscores[j] = (double)mat_at(map, i, j) * (dscores[j] - mean);
}

void head_backward(Mat dq, Mat dk, Mat dv, Mat dout, Mat map, Mat q, Mat k, Mat v) {
    double scale = 1 / sqrt(q.cols), dscores[k.rows];
    mat_fill(dq, 0), mat_fill(dk, 0), mat_fill(dv, 0);
    for (int i = 0; i < q.rows; i++) {
        row_backward(dscores, dout, map, v, i);
        for (int j = 0; j < k.rows; j++)
            for (int c = 0; c < q.cols; c++) {
                mat_row(dv, j)[c] += mat_at(map, i, j) * mat_at(dout, i, c);
                mat_row(dq, i)[c] += (float)(scale * dscores[j]) * mat_at(k, j, c);
                mat_row(dk, j)[c] += (float)(scale * dscores[j]) * mat_at(q, i, c);
            }
    }
}
