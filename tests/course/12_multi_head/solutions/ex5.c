/* Exercise 12.5: project once, let each head have its columns, mix. */
#include "course.h"
#include "attention/mask.h"
#include "math/layers.h"
#include <math.h>

/* weights [n] of query i in one head: q and k (n, d) are the head's columns. */
static void weigh(double *weights, Mat q, Mat k, int i, Mask mask) {
    double top = -INFINITY, sum = 0;
    for (int j = 0; j < k.rows; j++) {
        weights[j] = -INFINITY;
        if (!mask_allows(mask, i, j)) continue;
        weights[j] = 0;
        for (int c = 0; c < q.cols; c++) weights[j] += (double)mat_at(q, i, c) * (double)mat_at(k, j, c) / sqrt(q.cols);
        if (weights[j] > top) top = weights[j];
    }
    for (int j = 0; j < k.rows; j++) {
        weights[j] = weights[j] > -INFINITY ? exp(weights[j] - top) : 0;
        sum += weights[j];
    }
    for (int j = 0; j < k.rows && sum > 0; j++) weights[j] /= sum;
}

void multi_head(Mat out, Mat x, Linear query, Linear key, Linear value, Linear mix, int heads, Mask mask) {
    int n = x.rows, C = x.cols, d = C / heads;
    Mat q = mat_new(n, C), k = mat_new(n, C), v = mat_new(n, C), context = mat_new(n, C);
    double weights[n];
    linear_forward(NULL, q, x, query, ACTIVATION_NONE);
    linear_forward(NULL, k, x, key, ACTIVATION_NONE);
    linear_forward(NULL, v, x, value, ACTIVATION_NONE);
    for (int h = 0; h < heads; h++)
        for (int i = 0; i < n; i++) {
            weigh(weights, mat_cols(q, h * d, d), mat_cols(k, h * d, d), i, mask);
            for (int c = h * d; c < (h + 1) * d; c++) {
                double sum = 0;
                for (int j = 0; j < n; j++) sum += weights[j] * (double)mat_at(v, j, c);
                mat_row(context, i)[c] = (float)sum;
            }
        }
    linear_forward(NULL, out, context, mix, ACTIVATION_NONE);
    mat_free(&q), mat_free(&k), mat_free(&v), mat_free(&context);
}
