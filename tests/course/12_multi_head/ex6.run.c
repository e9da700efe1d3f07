#include "runner.h"
#include "attention/mask.h"
#include "model/gpt.h"

extern void block(Mat x, const GptLayer *layer, int heads, Mask mask);

static LayerNorm take_norm(const char *gain, const char *bias) {
    const float *g = keep_floats(gain, NULL), *b = keep_floats(bias, NULL);
    return (LayerNorm){(float *)(size_t)g, (float *)(size_t)b, (float)take_double()};
}

static Linear take_linear(const char *weight, const char *bias) {
    Mat w = keep_mat(weight);
    return (Linear){w, (float *)(size_t)keep_floats(bias, NULL)};
}

void run_case(void) {
    Mat x = take_mat("x");
    GptLayer layer;
    layer.before_attention = take_norm("before_attention.gain", "before_attention.bias");
    layer.qkv = take_linear("qkv.weight", "qkv.bias");
    layer.mix = take_linear("mix.weight", "mix.bias");
    layer.before_feed_forward = take_norm("before_feed_forward.gain", "before_feed_forward.bias");
    layer.widen = take_linear("widen.weight", "widen.bias");
    layer.narrow = take_linear("narrow.weight", "narrow.bias");
    int heads = (int)take_int();
    block(x, &layer, heads, (Mask){.picture = keep_bools("mask.picture", NULL), .tokens = x.rows});
    hand_mat(x);
}
