/* One more token, with the keys and values of the earlier ones kept; and one whole text with everything kept. Declared
 * in gpt.h. */
#include "attention/positions.h"
#include "base/memory.h"
#include "math/layers_backward.h"
#include "math/fast/vecmath.h"
#include "model/gpt_block.h"

#include <assert.h>
#include <math.h>
#include <string.h>

GptCache gpt_cache_new(const Gpt *gpt, int room) {
    const GptConfig *c = &gpt->config;
    GptCache cache = {.room = room};
    cache.k = memory_new((size_t)c->layers, sizeof *cache.k, "the cache");
    cache.v = memory_new((size_t)c->layers, sizeof *cache.v, "the cache");
    for (int l = 0; l < c->layers; l++) cache.k[l] = mat_new(room, c->width), cache.v[l] = mat_new(room, c->width);
    cache.stream = mat_new(1, c->width), cache.normed = mat_new(1, c->width), cache.context = mat_new(1, c->width);
    cache.qkv = mat_new(1, 3 * c->width), cache.wide = mat_new(1, c->inner);
    cache.weights = memory_new((size_t)room, sizeof *cache.weights, "the cache");
    return cache;
}

void gpt_cache_free(GptCache *cache, const Gpt *gpt) {
    for (int l = 0; l < gpt->config.layers; l++) mat_free(&cache->k[l]), mat_free(&cache->v[l]);
    memory_free(cache->k), memory_free(cache->v), memory_free(cache->weights);
    mat_free(&cache->stream), mat_free(&cache->normed), mat_free(&cache->context);
    mat_free(&cache->qkv), mat_free(&cache->wide);
    *cache = (GptCache){0};
}

/* One head of the newest token: only the allowed keys are looked at. */
static void attend_one(const Gpt *gpt, GptCache *cache, int l, int h, Mask mask) {
    int d = gpt->config.width / gpt->config.heads, query = cache->n, n = query + 1;
    const float *q = cache->qkv.data + h * d;
    float *out = cache->context.data + h * d, *weights = cache->weights, top = -INFINITY, sum = 0;
    float slope = gpt->config.positions == GPT_ALIBI ? alibi_slope(h, gpt->config.heads) : 0;
    memset(out, 0, (size_t)d * sizeof *out);
    for (Span s = {0}; mask_next_span(mask, n, query, &s);)
        for (int j = s.first; j < s.end; j += s.step) {
            weights[j] =
                gpt_scale(gpt) * vec_dot(q, mat_row(cache->k[l], j) + h * d, (size_t)d) - slope * (float)(query - j);
            top = fmaxf(top, weights[j]);
        }
    for (Span s = {0}; mask_next_span(mask, n, query, &s);)
        for (int j = s.first; j < s.end; j += s.step) {
            const float *v = mat_row(cache->v[l], j) + h * d;
            float weight = expf(weights[j] - top);
            sum += weight;
            for (int c = 0; c < d; c++) out[c] += weight * v[c];
        }
    if (sum > 0) vec_scale(out, (size_t)d, 1 / sum);
}

static void block_step(const Gpt *gpt, Workers *workers, GptCache *cache, int l, Mask mask) {
    const GptLayer *w = &gpt->weights.layers[l];
    int width = gpt->config.width;
    layer_norm_forward(NULL, cache->normed, cache->stream, gpt_norm(gpt, w->gain1, w->bias1));
    linear_forward(workers, cache->qkv, cache->normed, (Linear){w->qkv, w->qkv_bias}, ACTIVATION_NONE);
    if (gpt->config.positions == GPT_ROPE) {
        rope_rotate(mat_cols(cache->qkv, 0, width), gpt->config.heads, cache->n, GPT_ROPE_BASE, false, false);
        rope_rotate(mat_cols(cache->qkv, width, width), gpt->config.heads, cache->n, GPT_ROPE_BASE, false, false);
    }
    mat_copy(mat_rows(cache->k[l], cache->n, 1), mat_cols(cache->qkv, width, width));
    mat_copy(mat_rows(cache->v[l], cache->n, 1), mat_cols(cache->qkv, 2 * width, width));
    for (int h = 0; h < gpt->config.heads; h++) attend_one(gpt, cache, l, h, mask);
    linear_forward(workers, cache->normed, cache->context, (Linear){w->mix, w->mix_bias}, ACTIVATION_NONE);
    vec_add(cache->stream.data, cache->stream.data, cache->normed.data, (size_t)width);
    layer_norm_forward(NULL, cache->normed, cache->stream, gpt_norm(gpt, w->gain2, w->bias2));
    linear_forward(workers, cache->wide, cache->normed, (Linear){w->widen, w->widen_bias}, ACTIVATION_GELU_TANH);
    linear_forward(workers, cache->normed, cache->wide, (Linear){w->narrow, w->narrow_bias}, ACTIVATION_NONE);
    vec_add(cache->stream.data, cache->stream.data, cache->normed.data, (size_t)width);
}

void gpt_step(const Gpt *gpt, Workers *workers, GptCache *cache, int id, Mask mask, float *logits) {
    assert(cache->n < cache->room);
    gpt_embed(gpt, cache->stream, &id, cache->n);
    for (int l = 0; l < gpt->config.layers; l++) block_step(gpt, workers, cache, l, mask);
    cache->n++;
    if (!logits) return;
    int vocab = gpt->config.vocab;
    layer_norm_forward(NULL, cache->normed, cache->stream,
                       gpt_norm(gpt, gpt->weights.last_gain, gpt->weights.last_bias));
    linear_forward(workers, (Mat){logits, 1, vocab, vocab}, cache->normed, (Linear){gpt->weights.words, NULL},
                   ACTIVATION_NONE);
}

/* ---- a Trace ---- */

Trace gpt_trace_new(const Gpt *gpt, int n) {
    const GptConfig *c = &gpt->config;
    return trace_new(n, c->layers, c->heads, c->width, c->inner);
}

static void trace_block(const Gpt *gpt, Workers *workers, Mask mask, Trace *t, int l) {
    const GptLayer *w = &gpt->weights.layers[l];
    int width = t->width, d = width / t->heads;
    Mat normed = t->scratch, *parts[] = {&t->q[l], &t->k[l], &t->v[l]};
    layer_norm_forward(workers, normed, t->hidden[l], gpt_norm(gpt, w->gain1, w->bias1));
    for (int i = 0; i < 3; i++)
        linear_forward(workers, *parts[i], normed,
                       (Linear){mat_rows(w->qkv, i * width, width), w->qkv_bias + i * width}, ACTIVATION_NONE);
    if (gpt->config.positions == GPT_ROPE) {
        rope_rotate(t->q[l], t->heads, 0, GPT_ROPE_BASE, false, false);
        rope_rotate(t->k[l], t->heads, 0, GPT_ROPE_BASE, false, false);
    }
    for (int h = 0; h < t->heads; h++) {
        Mat map = trace_map(t, l, h);
        gpt_map(gpt, map, mat_cols(t->q[l], h * d, d), mat_cols(t->k[l], h * d, d), h, mask, NULL, false);
        mat_mul(mat_cols(t->context[l], h * d, d), 1, map, mat_cols(t->v[l], h * d, d), 0);
    }
    linear_forward(workers, t->attended[l], t->context[l], (Linear){w->mix, w->mix_bias}, ACTIVATION_NONE);
    for (int i = 0; i < t->n; i++)
        vec_add(mat_row(t->attended[l], i), mat_row(t->attended[l], i), mat_row(t->hidden[l], i), (size_t)width);
    layer_norm_forward(workers, normed, t->attended[l], gpt_norm(gpt, w->gain2, w->bias2));
    linear_forward(workers, t->inner[l], normed, (Linear){w->widen, w->widen_bias}, ACTIVATION_GELU_TANH);
    linear_forward(workers, t->hidden[l + 1], t->inner[l], (Linear){w->narrow, w->narrow_bias}, ACTIVATION_NONE);
    for (int i = 0; i < t->n; i++)
        vec_add(mat_row(t->hidden[l + 1], i), mat_row(t->hidden[l + 1], i), mat_row(t->attended[l], i), (size_t)width);
}

void gpt_trace(const Gpt *gpt, Workers *workers, const int *ids, Mask mask, Trace *t, Mat logits) {
    embedding_forward(t->word, gpt->weights.words, ids);
    gpt_embed(gpt, t->hidden[0], ids, 0);
    for (int i = 0; i < t->n; i++)
        for (int c = 0; c < t->width; c++)
            mat_row(t->position, i)[c] = mat_at(t->hidden[0], i, c) - mat_at(t->word, i, c);
    for (int l = 0; l < t->layers; l++) trace_block(gpt, workers, mask, t, l);
    Mat last = t->hidden[t->layers]; /* as transformers shows it: after the last norm */
    layer_norm_forward(workers, last, last, gpt_norm(gpt, gpt->weights.last_gain, gpt->weights.last_bias));
    if (logits.data) linear_forward(workers, logits, last, (Linear){gpt->weights.words, NULL}, ACTIVATION_NONE);
}
