/* block_run - what the runners of 12.5, 12.6, 17.6 and 18.2 take of a layer, in the order in which block.h gives it. */
#ifndef COURSE_BLOCK_RUN_H
#define COURSE_BLOCK_RUN_H
#include "runner.h"
#include "math/layers.h"
#include "model/gpt.h"

static inline LayerNorm take_norm(const char *gain, const char *bias) {
    const float *g = keep_floats(gain, NULL), *b = keep_floats(bias, NULL);
    return (LayerNorm){(float *)(size_t)g, (float *)(size_t)b, (float)take_double()};
}

static inline Linear take_linear(const char *weight, const char *bias) {
    Mat w = keep_mat(weight);
    return (Linear){w, (float *)(size_t)keep_floats(bias, NULL)};
}

static inline GptLayer take_gpt_layer(void) {
    GptLayer layer;
    layer.before_attention = take_norm("before_attention.gain", "before_attention.bias");
    layer.qkv = take_linear("qkv.weight", "qkv.bias");
    layer.mix = take_linear("mix.weight", "mix.bias");
    layer.before_feed_forward = take_norm("before_feed_forward.gain", "before_feed_forward.bias");
    layer.widen = take_linear("widen.weight", "widen.bias");
    layer.narrow = take_linear("narrow.weight", "narrow.bias");
    return layer;
}
#endif
