/* same - heads and block of main.c by common/. */
#include "attention/attention.h"
#include "math/init.h"
#include "model/gpt_block.h"
#include "show/table.h"
#include "tool.h"

#include <stdio.h>

/* ---- part one: several heads ---- */

ToyHeads heads_seeded(const Choices *ask, Mat from, Mat to, Mask mask, bool whole) {
    int d = ask->head_width;
    Rng rng = rng_seed(ask->common.seed);
    ToyHeads h = toy_heads_new(from, to, ask->heads, d, TOY_LINEAR, &rng, whole ? ask->heads * d : d);
    h.attention.mask = mask;
    toy_heads_run(&h);
    return h;
}

/* The three matrices stacked are one of 3 H d rows, its result three views. */
Mat heads_fused(const ToyHeads *h) {
    const Attention *a = &h->attention;
    int n = h->from.rows, rows = h->wq.rows;
    Mat stacked = mat_new(3 * rows, h->from.cols), qkv = mat_new(n, 3 * rows), out = mat_new(n, rows);
    Mat maps = mat_new(h->maps.rows, n);
    mat_copy(mat_rows(stacked, 0, rows), h->wq);
    mat_copy(mat_rows(stacked, rows, rows), h->wk);
    mat_copy(mat_rows(stacked, 2 * rows, rows), h->wv);
    linear_forward(NULL, qkv, h->from, (Linear){stacked, NULL}, ACTIVATION_NONE);
    attention_forward(attention_of(mat_cols(qkv, 0, rows), mat_cols(qkv, rows, rows), mat_cols(qkv, 2 * rows, rows),
                                   a->heads, a->mask),
                      out, maps);
    mat_free(&stacked), mat_free(&qkv), mat_free(&maps);
    return out;
}

void tell_module(const Choices *ask) {
    const Toy *toy = &ask->toy;
    int width = ask->out_width, d = width / ask->heads;
    Rng rng = rng_seed(ask->common.seed);
    ToyHeads h = toy_heads_new(toy->x, toy->x, ask->heads, d, TOY_LINEAR, &rng, width);
    h.attention.mask = ask->own.rule;
    toy_heads_run(&h);
    Mat wo = mat_new(width, width), bias = mat_new(1, width), out = mat_new(toy->n, width);
    init_linear(&rng, wo, bias.data);
    linear_forward(NULL, out, h.out, (Linear){wo, bias.data}, ACTIVATION_NONE);
    char title[112];
    snprintf(title, sizeof title, "a module of width %d: %d heads of width %d, then the output matrix", width,
             ask->heads, d);
    table_print(stdout, out, (TableOptions){title, .rows = toy->words});
    mat_free(&wo), mat_free(&bias), mat_free(&out), toy_heads_free(&h);
}

/* ---- part two: the block ---- */

static Gpt gpt_drawn(int heads, int width, uint64_t seed) {
    Rng rng = rng_seed(seed);
    Gpt gpt = gpt_new((GptConfig){.layers = 1,
                                  .heads = heads,
                                  .width = width,
                                  .inner = 4 * width,
                                  .vocab = 1,
                                  .context = 1,
                                  .positions = position_scheme("none"),
                                  .norm_eps = 1e-5f});
    GptLayer *w = gpt.weights.layers;
    for (int part = 0; part < 3; part++) /* queries, keys, values */
        init_linear(&rng, mat_rows(w->qkv.weight, part * width, width), w->qkv.bias + (ptrdiff_t)part * width);
    init_linear(&rng, w->mix.weight, w->mix.bias);
    init_linear(&rng, w->widen.weight, w->widen.bias), init_linear(&rng, w->narrow.weight, w->narrow.bias);
    return gpt;
}

static void norms_draw(Gpt *gpt, uint64_t seed) {
    Rng rng = rng_seed(seed);
    GptLayer *w = gpt->weights.layers;
    float *rows[] = {w->before_attention.gain, w->before_attention.bias, w->before_feed_forward.gain,
                     w->before_feed_forward.bias};
    for (int i = 0; i < 4; i++) rng_normal(&rng, rows[i], (size_t)gpt->config.width, 0, 1);
}

Block block_new(const Choices *ask, bool draw_norms) {
    int n = ask->toy.n, heads = ask->heads, width = heads * (ask->head_width > 4 ? ask->head_width : 4);
    Block block = {.gpt = gpt_drawn(heads, width, ask->common.seed),
                   .x = toy_vectors(&ask->toy, width, ask->common.seed),
                   .middle = mat_new(n, width),
                   .out = mat_new(n, width)};
    if (draw_norms) norms_draw(&block.gpt, ask->common.seed);
    GptBlock b = {.input = block.x, .middle = block.middle, .output = block.out, .maps = mat_new(heads * n, n)};
    b.attention = gpt_attention(&block.gpt.config, ask->own.rule);
    b.attention.q = mat_new(n, width), b.attention.k = mat_new(n, width), b.attention.v = mat_new(n, width);
    b.context = mat_new(n, width), b.inner = mat_new(n, 4 * width), b.scratch = mat_new(n, width);
    gpt_block_forward(&block.gpt, NULL, 0, &b, NULL);
    mats_free(
        (Mat *[]){&b.maps, &b.attention.q, &b.attention.k, &b.attention.v, &b.context, &b.inner, &b.scratch, NULL});
    return block;
}

void block_free(Block *b) {
    gpt_free(&b->gpt), mat_free(&b->x), mat_free(&b->middle), mat_free(&b->out);
}
