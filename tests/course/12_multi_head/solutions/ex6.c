/* Exercise 12.6: norm, attention, add; norm, feed-forward, add. */
#include "course.h"
#include "attention/attention.h"
#include "model/gpt.h"

static void add(Mat x, Mat change) {
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) mat_row(x, i)[c] += mat_at(change, i, c);
}

void block(Mat x, const GptLayer *layer, int heads, Mask mask) {
    int n = x.rows, C = x.cols;
    Mat normed = mat_new(n, C), qkv = mat_new(n, 3 * C), context = mat_new(n, C), change = mat_new(n, C);
    Mat wide = mat_new(n, layer->widen.weight.rows), maps = mat_new(heads * n, n);
    Mat q = mat_cols(qkv, 0, C), k = mat_cols(qkv, C, C), v = mat_cols(qkv, 2 * C, C);
    layer_norm_forward(NULL, normed, x, layer->before_attention);
    linear_forward(NULL, qkv, normed, layer->qkv, ACTIVATION_NONE);
    attention_forward(attention_of(q, k, v, heads, mask), context, maps);
    linear_forward(NULL, change, context, layer->mix, ACTIVATION_NONE);
    add(x, change);
    layer_norm_forward(NULL, normed, x, layer->before_feed_forward);
    linear_forward(NULL, wide, normed, layer->widen, ACTIVATION_GELU_TANH);
    linear_forward(NULL, change, wide, layer->narrow, ACTIVATION_NONE);
    add(x, change);
    mat_free(&normed), mat_free(&qkv), mat_free(&context), mat_free(&change), mat_free(&wide), mat_free(&maps);
}
