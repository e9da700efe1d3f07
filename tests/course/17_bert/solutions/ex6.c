/* Exercise 17.6: attention, add and norm; feed-forward, add and norm. */
#include "course.h"
#include "attention/attention.h"
#include "model/bert.h"
#include <math.h>

void encoder_layer(Mat x, Mat maps, const BertLayer *layer, int heads) {
    int n = x.rows, C = x.cols;
    Mat q = mat_new(n, C), k = mat_new(n, C), v = mat_new(n, C), context = mat_new(n, C), change = mat_new(n, C);
    Mat wide = mat_new(n, layer->widen.weight.rows);
    linear_forward(NULL, q, x, layer->query, ACTIVATION_NONE);
    linear_forward(NULL, k, x, layer->key, ACTIVATION_NONE);
    linear_forward(NULL, v, x, layer->value, ACTIVATION_NONE);
    attention_forward(attention_of(q, k, v, heads, (Mask){0}), context, maps);
    linear_forward(NULL, change, context, layer->mix, ACTIVATION_NONE);
    add_norm_forward(NULL, x, x, change, layer->after_attention);
    linear_forward(NULL, wide, x, layer->widen, ACTIVATION_GELU_ERF);
    linear_forward(NULL, change, wide, layer->narrow, ACTIVATION_NONE);
    add_norm_forward(NULL, x, x, change, layer->after_feed_forward);
    mat_free(&q), mat_free(&k), mat_free(&v), mat_free(&context), mat_free(&change), mat_free(&wide);
}
