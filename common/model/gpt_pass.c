#include "model/gpt_pass.h"
#include "attention/attention_backward.h"
#include "attention/mask_table.h"
#include "attention/positions.h"
#include "base/memory.h"
#include "math/layers_backward.h"
#include "math/loss.h"
#include "math/fast/vecmath.h"
#include "model/gpt_block.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

enum { LOGITS = 1 << 17, FEWEST_ROWS = 16 }; /* half a megabyte of logits stays in the second-level cache */

/* ---- memory ---- */

static GptLayerPass layer_pass_new(const GptConfig *c, int sequences, int length, double dropout) {
    int rows = sequences * length, maps = sequences * c->heads * length;
    GptLayerPass p = {
        .input = mat_new(rows, c->width),
        .normed1 = mat_new(rows, c->width),
        .qkv = mat_new(rows, 3 * c->width),
        .context = mat_new(rows, c->width),
        .middle = mat_new(rows, c->width),
        .normed2 = mat_new(rows, c->width),
        .maps = mat_new(maps, length),
        .inner = mat_new(rows, c->inner),
        .slope = mat_new(rows, c->inner),
    };
    if (dropout > 0) {
        p.keep_map = mat_new(maps, length);
        p.keep_mix = mat_new(rows, c->width);
        p.keep_narrow = mat_new(rows, c->width);
    }
    return p;
}

static void layer_pass_free(GptLayerPass *p) {
    mats_free((Mat *[]){&p->input, &p->normed1, &p->qkv, &p->context, &p->middle, &p->normed2, &p->maps, &p->inner,
                        &p->slope, &p->keep_map, &p->keep_mix, &p->keep_narrow, NULL});
}

GptPass gpt_pass_new(const Gpt *gpt, int sequences, int length, double dropout) {
    const GptConfig *c = &gpt->config;
    assert((long long)sequences * c->heads * length <= INT_MAX); /* rows of the maps */
    assert(!gpt->own_head.data);                                 /* gradients are those of a tied head */
    int rows = sequences * length, part = LOGITS / c->vocab;
    if (part < FEWEST_ROWS) part = FEWEST_ROWS;
    GptPass pass = {.sequences = sequences, .length = length, .dropout = dropout};
    pass.layers = memory_new((size_t)c->layers, sizeof *pass.layers, "the layers of a pass");
    for (int l = 0; l < c->layers; l++) pass.layers[l] = layer_pass_new(c, sequences, length, dropout);
    pass.output = mat_new(rows, c->width), pass.normed = mat_new(rows, c->width);
    pass.logits = mat_new(part < rows ? part : rows, c->vocab);
    if (dropout > 0) pass.keep_input = mat_new(rows, c->width);
    pass.dstream = mat_new(rows, c->width), pass.dnarrow = mat_new(rows, c->width);
    pass.dwide = mat_new(rows, c->inner > c->width ? c->inner : c->width), pass.dqkv = mat_new(rows, 3 * c->width);
    pass.scratch = mat_new(length, length);
    pass.bias = gpt_bias(c, length, 0);
    pass.ranges = mask_ranges_new(length, length);
    mask_ranges_ask(&pass.ranges, pass.mask, 0);
    return pass;
}

void gpt_pass_free(GptPass *pass, const Gpt *gpt) {
    for (int l = 0; l < gpt->config.layers; l++) layer_pass_free(&pass->layers[l]);
    memory_free(pass->layers);
    mask_ranges_free(&pass->ranges);
    mats_free((Mat *[]){&pass->output, &pass->normed, &pass->logits, &pass->keep_input, &pass->dstream, &pass->dnarrow,
                        &pass->dwide, &pass->dqkv, &pass->scratch, &pass->bias, NULL});
    *pass = (GptPass){0};
}

/* ---- one sequence: where its numbers lie ---- */

/* Queries, keys and values of sequence s, in qkv or in its gradient: three column views. */
static Attention sequence_of(const Gpt *gpt, const GptPass *pass, Mat qkv, int s) {
    int C = gpt->config.width;
    Mat rows = mat_rows(qkv, s * pass->length, pass->length);
    Attention a = gpt_attention(&gpt->config, pass->mask);
    a.q = mat_cols(rows, 0, C), a.k = mat_cols(rows, C, C), a.v = mat_cols(rows, 2 * C, C);
    a.bias = pass->bias;
    return a;
}

/* Of head h of sequence s: its map, or dropout's factors for it. */
static Mat map_of(const Gpt *gpt, const GptPass *pass, Mat maps, int s, int h) {
    return mat_rows(maps, (s * gpt->config.heads + h) * pass->length, pass->length);
}

static Mat head_columns(const Gpt *gpt, const GptPass *pass, Mat m, int s, int h) {
    int d = gpt->config.width / gpt->config.heads;
    return mat_cols(mat_rows(m, s * pass->length, pass->length), h * d, d);
}

/* ---- forward ---- The first `rows` rows are in use; dropout NULL: none, whatever the pass has room for. */

/* At these sizes faster than OpenBLAS, which clears and packs first (stage 13). */
static void times(Mat out, Mat x, Linear layer) {
    rows_times_weights(out, x, layer.weight, layer.bias, 0, layer.weight.rows);
}

static void attend(const Gpt *gpt, GptPass *pass, GptLayerPass *p, int count, Rng *dropout) {
    for (int s = 0; s < count; s++) {
        Attention a = sequence_of(gpt, pass, p->qkv, s);
        gpt_turn(&gpt->config, a.q, 0, false), gpt_turn(&gpt->config, a.k, 0, false);
        for (int h = 0; h < a.heads; h++) {
            Mat map = map_of(gpt, pass, p->maps, s, h), weights = map;
            attention_weights(&a, h, map, &pass->ranges);
            if (dropout) { /* the map itself is needed again: drop from a copy */
                weights = pass->scratch;
                mat_copy(weights, map);
                dropout_forward(weights, map_of(gpt, pass, p->keep_map, s, h), pass->dropout, dropout);
            }
            rows_times(head_columns(gpt, pass, p->context, s, h), weights, attention_head(a, h).v, 0,
                       pass->ranges.keys);
        }
    }
}

/* out = x + dropout(out), the residual stream after attention or feed-forward. */
static void add_to_stream(Mat out, Mat x, Mat keep, double p, Rng *dropout) {
    if (dropout) dropout_forward(out, mat_rows(keep, 0, out.rows), p, dropout);
    for (int i = 0; i < out.rows; i++) vec_add(mat_row(out, i), mat_row(x, i), mat_row(out, i), (size_t)out.cols);
}

static void block_forward(const Gpt *gpt, GptPass *pass, int l, Mat output, int count, Rng *dropout) {
    GptLayerPass *p = &pass->layers[l];
    const GptLayer *w = &gpt->weights.layers[l];
    int rows = count * pass->length;
    Mat input = mat_rows(p->input, 0, rows), normed1 = mat_rows(p->normed1, 0, rows), qkv = mat_rows(p->qkv, 0, rows);
    Mat middle = mat_rows(p->middle, 0, rows), normed2 = mat_rows(p->normed2, 0, rows);
    Mat inner = mat_rows(p->inner, 0, rows), slope = mat_rows(p->slope, 0, rows);
    layer_norm_forward(NULL, normed1, input, w->before_attention);
    times(qkv, normed1, w->qkv);
    attend(gpt, pass, p, count, dropout);
    times(middle, mat_rows(p->context, 0, rows), w->mix);
    add_to_stream(middle, input, p->keep_mix, pass->dropout, dropout);
    layer_norm_forward(NULL, normed2, middle, w->before_feed_forward);
    times(inner, normed2, w->widen);
    activation_forward(inner, slope, gpt->config.activation);
    times(output, inner, w->narrow);
    add_to_stream(output, middle, p->keep_narrow, pass->dropout, dropout);
}

/* Where block l writes: into the input of the next one. */
static Mat output_of(const Gpt *gpt, const GptPass *pass, int l, int rows) {
    return mat_rows(l + 1 < gpt->config.layers ? pass->layers[l + 1].input : pass->output, 0, rows);
}

static void forward(const Gpt *gpt, GptPass *pass, const int *ids, int count, Mask mask, Rng *dropout) {
    int T = pass->length, rows = count * T;
    assert(count >= 1 && count <= pass->sequences);
    if (!mask_equal(mask, pass->mask)) {
        pass->mask = mask;
        mask_ranges_ask(&pass->ranges, mask, 0);
    }
    Mat input = mat_rows(pass->layers[0].input, 0, rows);
    for (int s = 0; s < count; s++) gpt_embed(gpt, mat_rows(input, s * T, T), ids + (size_t)s * (size_t)T, 0);
    if (dropout) dropout_forward(input, mat_rows(pass->keep_input, 0, rows), pass->dropout, dropout);
    for (int l = 0; l < gpt->config.layers; l++)
        block_forward(gpt, pass, l, output_of(gpt, pass, l, rows), count, dropout);
    layer_norm_forward(NULL, mat_rows(pass->normed, 0, rows), mat_rows(pass->output, 0, rows), gpt->weights.last);
}

double gpt_loss(const Gpt *gpt, GptPass *pass, const int *ids, const int *targets, int count, Mask mask) {
    forward(gpt, pass, ids, count, mask, NULL);
    int rows = count * pass->length;
    double loss = 0;
    for (int first = 0; first < rows; first += pass->logits.rows) {
        int n = rows - first < pass->logits.rows ? rows - first : pass->logits.rows;
        Mat logits = mat_rows(pass->logits, 0, n);
        times(logits, mat_rows(pass->normed, first, n), (Linear){gpt->weights.words, NULL});
        loss += cross_entropy(logits, targets + first);
    }
    return loss;
}

/* ---- backward ---- */

/* logits = normed words^T, part by part: the loss, dnormed, and the head's share of the words' gradient. */
static double head_backward(const Gpt *gpt, GptPass *pass, Mat dnormed, Mat dwords, float keep, const int *targets,
                            float scale) {
    double loss = 0;
    for (int first = 0; first < dnormed.rows; first += pass->logits.rows) {
        int n = dnormed.rows - first < pass->logits.rows ? dnormed.rows - first : pass->logits.rows;
        Mat logits = mat_rows(pass->logits, 0, n), normed = mat_rows(pass->normed, first, n);
        times(logits, normed, (Linear){gpt->weights.words, NULL});
        loss += cross_entropy_backward(logits, targets + first, scale);
        linear_backward(mat_rows(dnormed, first, n), dwords, NULL, logits, normed, gpt->weights.words,
                        first > 0 ? 1 : keep);
    }
    return loss;
}

static void attend_backward(const Gpt *gpt, GptPass *pass, const GptLayerPass *p, Mat dcontext, int count,
                            bool dropout) {
    for (int s = 0; s < count; s++) {
        Attention a = sequence_of(gpt, pass, p->qkv, s), d = sequence_of(gpt, pass, pass->dqkv, s);
        for (int h = 0; h < a.heads; h++) {
            Mat keep = dropout ? map_of(gpt, pass, p->keep_map, s, h) : (Mat){0};
            Attention dhead = attention_head(d, h);
            attention_head_backward(attention_head(a, h), map_of(gpt, pass, p->maps, s, h), keep,
                                    head_columns(gpt, pass, dcontext, s, h), dhead.q, dhead.k, dhead.v, pass->scratch,
                                    0, &pass->ranges);
        }
        gpt_turn(&gpt->config, d.q, 0, true), gpt_turn(&gpt->config, d.k, 0, true);
    }
}

static void norm_backward(Mat dx, LayerNorm gradient, Mat dy, Mat x, LayerNorm norm) {
    layer_norm_backward(dx, gradient.gain, gradient.bias, dy, x, norm);
}

/* The gradient of what was added to the stream: the stream's own, but for dropout's zeros. */
static Mat added(GptPass *pass, Mat dstream, Mat keep, bool dropout) {
    if (!dropout) return dstream;
    Mat d = mat_rows(pass->dnarrow, 0, dstream.rows);
    mat_copy(d, dstream);
    dropout_backward(d, mat_rows(keep, 0, d.rows));
    return d;
}

/* dstream arrives as the gradient of the block's output and leaves as that of its input. */
static void block_backward(const Gpt *gpt, GptPass *pass, GptLayer *g, int l, Mat dstream, float keep, int count,
                           bool dropout) {
    GptLayerPass *p = &pass->layers[l];
    const GptLayer *w = &gpt->weights.layers[l];
    int rows = dstream.rows;
    Mat wide = mat_rows(pass->dwide, 0, rows), dqkv = mat_rows(pass->dqkv, 0, rows);
    Mat dwide = mat_cols(wide, 0, gpt->config.inner), dcontext = mat_cols(wide, 0, gpt->config.width);
    Mat dnarrow = mat_rows(pass->dnarrow, 0, rows);
    Mat d = added(pass, dstream, p->keep_narrow, dropout);
    linear_backward(dwide, g->narrow.weight, g->narrow.bias, d, mat_rows(p->inner, 0, rows), w->narrow.weight, keep);
    activation_backward(dwide, mat_rows(p->slope, 0, rows), g->widen.bias, keep);
    linear_backward(dnarrow, g->widen.weight, NULL, dwide, mat_rows(p->normed2, 0, rows), w->widen.weight, keep);
    norm_backward(dstream, g->before_feed_forward, dnarrow, mat_rows(p->middle, 0, rows), w->before_feed_forward);
    d = added(pass, dstream, p->keep_mix, dropout); /* dwide has done its work: its room is dcontext's */
    linear_backward(dcontext, g->mix.weight, g->mix.bias, d, mat_rows(p->context, 0, rows), w->mix.weight, keep);
    attend_backward(gpt, pass, p, dcontext, count, dropout);
    linear_backward(dnarrow, g->qkv.weight, g->qkv.bias, dqkv, mat_rows(p->normed1, 0, rows), w->qkv.weight, keep);
    norm_backward(dstream, g->before_attention, dnarrow, mat_rows(p->input, 0, rows), w->before_attention);
}

/* Gradients that are only ever added to: norms and places. The rest is written by products. */
static void clear_sums(const GptConfig *c, GptWeights *g) {
    size_t row = (size_t)c->width * sizeof(float);
    memset(g->places.data, 0, (size_t)g->places.rows * row);
    for (int l = 0; l < c->layers; l++) {
        memset(g->layers[l].before_attention.gain, 0, row), memset(g->layers[l].before_attention.bias, 0, row);
        memset(g->layers[l].before_feed_forward.gain, 0, row), memset(g->layers[l].before_feed_forward.bias, 0, row);
    }
    memset(g->last.gain, 0, row), memset(g->last.bias, 0, row);
}

double gpt_learn(const Gpt *gpt, GptPass *pass, GptWeights *g, float keep, const int *ids, const int *targets,
                 int count, Mask mask, float scale, Rng *dropout) {
    int T = pass->length, rows = count * T;
    bool drops = dropout && pass->dropout > 0;
    if (keep == 0) clear_sums(&gpt->config, g);
    forward(gpt, pass, ids, count, mask, drops ? dropout : NULL);
    Mat dnormed = mat_rows(pass->dnarrow, 0, rows), dstream = mat_rows(pass->dstream, 0, rows);
    double loss = head_backward(gpt, pass, dnormed, g->words, keep, targets, scale);
    mat_fill(dstream, 0);
    norm_backward(dstream, g->last, dnormed, mat_rows(pass->output, 0, rows), gpt->weights.last);
    for (int l = gpt->config.layers - 1; l >= 0; l--)
        block_backward(gpt, pass, &g->layers[l], l, dstream, keep, count, drops);
    if (drops) dropout_backward(dstream, mat_rows(pass->keep_input, 0, rows));
    embedding_backward(g->words, dstream, ids); /* tied: the head has written its share already */
    for (int s = 0; s < count && g->places.rows > 0; s++)
        positions_add_backward(g->places, mat_rows(dstream, s * T, T), 0);
    return loss;
}
