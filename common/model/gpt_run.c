#include "model/gpt_run.h"
#include "attention/positions.h"
#include "base/memory.h"
#include "model/gpt_block.h"

#include <assert.h>

/* ---- a whole text ---- */

Trace gpt_trace_new(const Gpt *gpt, int n) {
    const GptConfig *c = &gpt->config;
    Trace t = trace_new(n, c->layers, c->heads, c->width, c->inner);
    t.norm_first = true;
    return t;
}

static GptBlock block_of(const Trace *t, int l) {
    return (GptBlock){.input = t->hidden[l],
                      .attention = t->attention[l],
                      .maps = t->maps[l],
                      .context = t->context[l],
                      .middle = t->attended[l],
                      .output = t->hidden[l + 1],
                      .inner = t->inner[l],
                      .scratch = t->scratch};
}

void gpt_trace(const Gpt *gpt, Workers *workers, const int *ids, Run run, Trace *t) {
    trace_check_input(t, ids, gpt->config.vocab, gpt->config.context);
    embedding_forward(t->word, gpt->weights.words, ids);
    gpt_embed(gpt, t->hidden[0], ids, 0);
    for (int i = 0; i < t->n; i++)
        for (int c = 0; c < t->width; c++)
            mat_row(t->position, i)[c] = mat_at(t->hidden[0], i, c) - mat_at(t->word, i, c);
    if (run.places) {
        mat_copy(t->position, *run.places), mat_copy(t->hidden[0], t->word);
        positions_add(t->hidden[0], *run.places, 0);
    }
    mat_free(&t->bias);
    t->bias = gpt_bias(&gpt->config, t->n, 0);
    for (int l = 0; l < t->layers; l++) {
        Mask mask = run_mask(run, l, gpt->trained.rule);
        Attention *a = &t->attention[l], asked = gpt_attention(&gpt->config, mask);
        a->mask = asked.mask, a->scale = asked.scale, a->bias = t->bias;
        if (trace_take(t, run, l)) continue;
        GptBlock block = block_of(t, l);
        block.knows_qkv = run_knows_qkv(run, l);
        gpt_block_forward(gpt, workers, l, &block, run_heads_off(run, l, t->heads));
    }
    Mat last = t->hidden[t->layers]; /* as transformers shows it: after the last norm */
    layer_norm_forward(workers, last, last, gpt->weights.last);
}

Mat gpt_logits(const Gpt *gpt, Workers *workers, const Trace *t) {
    Mat logits = mat_new(t->n, gpt->config.vocab);
    linear_forward(workers, logits, t->hidden[t->layers], gpt_head(gpt), ACTIVATION_NONE);
    return logits;
}

/* ---- a text that grows ---- */

enum { READ_ROWS = 32 }; /* tokens that a prompt is read by: enough that reading the weights is no longer the cost */

static void room_free(GptCache *cache) {
    mats_free((Mat *[]){&cache->stream, &cache->output, &cache->q, &cache->context, &cache->middle, &cache->inner,
                        &cache->scratch, NULL});
    memory_free(cache->maps);
}

/* Room to read `rows` tokens at a time; what is in the cache stays. */
static void room_for(const Gpt *gpt, GptCache *cache, int rows) {
    const GptConfig *c = &gpt->config;
    if (rows <= cache->rows) return;
    room_free(cache);
    cache->rows = rows;
    Mat *all[] = {&cache->stream, &cache->output, &cache->q, &cache->context, &cache->middle, &cache->scratch};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) *all[i] = mat_new(rows, c->width);
    cache->inner = mat_new(rows, c->inner);
    size_t cells;
    if (!size_multiply((size_t)c->heads * (size_t)rows, (size_t)cache->room, &cells)) cells = SIZE_MAX;
    cache->maps = memory_new(cells, sizeof *cache->maps, "the cache's maps");
}

GptCache gpt_cache_new(const Gpt *gpt, int room) {
    const GptConfig *c = &gpt->config;
    GptCache cache = {.room = room};
    cache.k = memory_new((size_t)c->layers, sizeof *cache.k, "the cache");
    cache.v = memory_new((size_t)c->layers, sizeof *cache.v, "the cache");
    for (int l = 0; l < c->layers; l++) cache.k[l] = mat_new(room, c->width), cache.v[l] = mat_new(room, c->width);
    room_for(gpt, &cache, 1);
    return cache;
}

void gpt_cache_free(GptCache *cache, const Gpt *gpt) {
    for (int l = 0; l < gpt->config.layers; l++) mat_free(&cache->k[l]), mat_free(&cache->v[l]);
    memory_free(cache->k), memory_free(cache->v);
    room_free(cache);
    *cache = (GptCache){0};
}

/* n tokens in one pass; their stream ends in cache->stream. */
static void read_rows(const Gpt *gpt, Workers *workers, GptCache *cache, const int *ids, int n, Mask mask) {
    const GptConfig *c = &gpt->config;
    int seen = cache->n + n;
    Mat bias = gpt_bias(c, n, cache->n);
    GptBlock b = {.input = mat_rows(cache->stream, 0, n),
                  .attention = gpt_attention(c, mask),
                  .maps = {cache->maps, c->heads * n, seen, seen},
                  .context = mat_rows(cache->context, 0, n),
                  .middle = mat_rows(cache->middle, 0, n),
                  .output = mat_rows(cache->output, 0, n),
                  .inner = mat_rows(cache->inner, 0, n),
                  .scratch = mat_rows(cache->scratch, 0, n)};
    b.attention.q = mat_rows(cache->q, 0, n), b.attention.bias = bias, b.attention.first = cache->n;
    gpt_embed(gpt, b.input, ids, cache->n);
    for (int l = 0; l < c->layers; l++) {
        b.attention.k = mat_rows(cache->k[l], 0, seen), b.attention.v = mat_rows(cache->v[l], 0, seen);
        gpt_block_forward(gpt, workers, l, &b, NULL);
        mat_copy(b.input, b.output);
    }
    mat_free(&bias);
    cache->n = seen;
}

void gpt_read(const Gpt *gpt, Workers *workers, GptCache *cache, const int *ids, int n, Mask mask, float *logits) {
    assert(n >= 1 && n <= cache->room - cache->n);
    int piece = n;
    for (int done = 0; done < n; done += piece) {
        int together =
            mask.prefix - cache->n > READ_ROWS ? mask.prefix - cache->n : READ_ROWS; /* a prefix sees itself */
        piece = n - done < together ? n - done : together;
        room_for(gpt, cache, piece);
        read_rows(gpt, workers, cache, ids + done, piece, mask);
    }
    if (!logits) return;
    Mat last = mat_rows(cache->stream, piece - 1, 1), normed = mat_rows(cache->scratch, 0, 1);
    layer_norm_forward(NULL, normed, last, gpt->weights.last);
    linear_forward(workers, (Mat){logits, 1, gpt->config.vocab, gpt->config.vocab}, normed, gpt_head(gpt),
                   ACTIVATION_NONE);
}
