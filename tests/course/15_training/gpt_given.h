/* What 15.5's two halves say to each other: a small GPT by its form, its numbers, and a plan. */
#ifndef COURSE_GPT_GIVEN_H
#define COURSE_GPT_GIVEN_H
#include "math/optimizer.h"
#include "model/gpt.h"

static inline GptConfig form_of(int layers, int heads, int width, int vocab, int context) {
    return (GptConfig){.layers = layers,
                       .heads = heads,
                       .width = width,
                       .inner = 2 * width,
                       .vocab = vocab,
                       .context = context,
                       .norm_eps = 1e-5f};
}

static inline AdamW plan_of(double rate, double clip, int warmup) {
    return (AdamW){
        .rate = rate, .beta1 = 0.9, .beta2 = 0.99, .eps = 1e-3, .decay = 0.1, .clip = clip, .warmup = warmup};
}
#endif
