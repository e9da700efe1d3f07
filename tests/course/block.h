/* block - the truth about a block, for the judges of 12.5, 12.6, 17.6 and 18.2: number by number, in double, another
 * way than common/ goes. A row's part is made from rows that are finished, so it works for blocks that norm before and
 * for those that norm after. */
#ifndef COURSE_BLOCK_H
#define COURSE_BLOCK_H
#include "judge.h"
#include "attention/mask.h"
#include "math/layers.h"
#include "model/gpt.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_COLUMNS = 1200 };

/* ---- asking ---- */

static inline void give_norm(LayerNorm norm, int width) {
    give_floats(norm.gain, (size_t)width), give_floats(norm.bias, (size_t)width), give_double((double)norm.eps);
}

static inline void give_linear(Linear linear) {
    give_mat(linear.weight), give_floats(linear.bias, (size_t)linear.weight.rows);
}

/* A layer in the order in which block_run.h takes it. */
static inline void give_gpt_layer(const GptLayer *w, int width) {
    give_norm(w->before_attention, width), give_linear(w->qkv), give_linear(w->mix);
    give_norm(w->before_feed_forward, width), give_linear(w->widen), give_linear(w->narrow);
}

/* ---- the parts of one row ---- */

/* in [C] may be out. */
static inline void norm_row(double *out, const double *in, int C, LayerNorm norm) {
    double mean = 0, variance = 0;
    for (int c = 0; c < C; c++) mean += in[c] / C;
    for (int c = 0; c < C; c++) variance += pow(in[c] - mean, 2) / C;
    for (int c = 0; c < C; c++)
        out[c] = (in[c] - mean) / sqrt(variance + (double)norm.eps) * (double)norm.gain[c] + (double)norm.bias[c];
}

static inline void linear_row(double *out, const double *in, Linear l) {
    for (int o = 0; o < l.weight.rows; o++) {
        out[o] = (double)l.bias[o];
        for (int c = 0; c < l.weight.cols; c++) out[o] += in[c] * (double)mat_at(l.weight, o, c);
    }
}

/* context [C] of token i; row j of qkv [n][3C] holds q, k and v of token j. Each number by itself: the head's weights
 * are computed again for each of its columns. */
static inline void attend_row(double *context, const double *qkv, int i, int n, int C, int heads, Mask mask) {
    int d = C / heads;
    for (int c = 0; c < C; c++) {
        double top = -INFINITY, sum = 0, weighted = 0;
        for (int pass = 0; pass < 2; pass++) /* first the largest score, then the sums */
            for (int j = 0; j < n; j++) {
                if (!mask_allows(mask, i, j)) continue;
                double dot = 0;
                for (int e = c / d * d; e < c / d * d + d; e++) dot += qkv[i * 3 * C + e] * qkv[j * 3 * C + C + e];
                if (pass == 0) top = fmax(top, dot / sqrt(d));
                else sum += exp(dot / sqrt(d) - top), weighted += exp(dot / sqrt(d) - top) * qkv[j * 3 * C + 2 * C + c];
            }
        context[c] = sum > 0 ? weighted / sum : 0;
    }
}

static inline void gelu_row(double *x, int n, bool by_tanh) {
    for (int c = 0; c < n; c++)
        x[c] *= by_tanh ? 0.5 + 0.5 * tanh(0.7978845608028654 * (x[c] + 0.044715 * pow(x[c], 3)))
                        : 0.5 * erfc(-x[c] / sqrt(2));
}

static inline void add_row(double *x, const double *y, int n) {
    for (int c = 0; c < n; c++) x[c] += y[c];
}

static inline void row_of(double *out, Mat x, int i) {
    for (int c = 0; c < x.cols; c++) out[c] = (double)mat_at(x, i, c);
}

static inline void row_into(Mat out, int i, const double *row) {
    for (int c = 0; c < out.cols; c++) mat_row(out, i)[c] = (float)row[c];
}

/* ---- a pre-norm block under a mask: out (n, C) of x (n, C) ---- */

static inline void expect_block(Mat out, Mat x, const GptLayer *w, int heads, Mask mask) {
    int n = x.rows, C = x.cols, inner = w->widen.weight.rows;
    double *qkv = calloc((size_t)n * 3 * (size_t)C, sizeof *qkv);
    double row[MOST_COLUMNS], in[MOST_COLUMNS], wide[MOST_COLUMNS], change[MOST_COLUMNS];
    for (int i = 0; i < n; i++) {
        row_of(row, x, i);
        norm_row(in, row, C, w->before_attention);
        linear_row(&qkv[i * 3 * C], in, w->qkv);
    }
    for (int i = 0; i < n; i++) {
        row_of(row, x, i);
        attend_row(in, qkv, i, n, C, heads, mask);
        linear_row(change, in, w->mix);
        add_row(row, change, C);
        norm_row(in, row, C, w->before_feed_forward);
        linear_row(wide, in, w->widen);
        gelu_row(wide, inner, true);
        linear_row(change, wide, w->narrow);
        add_row(row, change, C);
        row_into(out, i, row);
    }
    free(qkv);
}
#endif
