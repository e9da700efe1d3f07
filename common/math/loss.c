#include "math/loss.h"
#include "math/fast/vecmath.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Turns one row of logits into exp(logit - largest), and gives the loss and the sum of the row. */
static double row_loss(float *row, int n, int target, float *sum) {
    assert(target >= 0 && target < n);
    float top = vec_max(row, (size_t)n);
    double margin = (double)row[target] - (double)top;
    *sum = vec_exp(row, (size_t)n, top, 1);
    return log((double)*sum) - margin;
}

double cross_entropy_backward(Mat logits, const int *targets, float scale) {
    double loss = 0;
    for (int i = 0; i < logits.rows; i++) {
        float *row = mat_row(logits, i), sum;
        if (targets[i] == NO_TARGET) {
            memset(row, 0, (size_t)logits.cols * sizeof *row);
            continue;
        }
        loss += row_loss(row, logits.cols, targets[i], &sum);
        vec_scale(row, (size_t)logits.cols, scale / sum);
        row[targets[i]] -= scale;
    }
    return loss;
}

double cross_entropy(Mat logits, const int *targets) {
    double loss = 0;
    float sum;
    for (int i = 0; i < logits.rows; i++)
        if (targets[i] != NO_TARGET) loss += row_loss(mat_row(logits, i), logits.cols, targets[i], &sum);
    return loss;
}
