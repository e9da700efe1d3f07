#include "model/twin.h"
#include "base/memory.h"

#include <string.h>

static const float DEVIATION = 0.02f;
static const char TWIN[] = "the random twin"; /* what the memory is for */

/* ---- BERT ---- */

static float *drawn(Bert *twin, Rng *rng, size_t count) {
    float *numbers = bert_own(twin, count, TWIN);
    rng_normal(rng, numbers, count, 0, DEVIATION);
    return numbers;
}

static Linear linear_like(Bert *twin, Rng *rng, Linear like) {
    Mat w = like.weight;
    Linear layer = {{NULL, w.rows, w.cols, w.cols}, NULL};
    layer.weight.data = drawn(twin, rng, (size_t)w.rows * (size_t)w.cols);
    if (like.bias) layer.bias = bert_own(twin, (size_t)w.rows, TWIN);
    return layer;
}

static LayerNorm norm_like(Bert *twin, LayerNorm like) {
    size_t width = (size_t)twin->config.width;
    LayerNorm norm = {bert_own(twin, width, TWIN), bert_own(twin, width, TWIN), like.eps};
    for (size_t c = 0; c < width; c++) norm.gain[c] = 1;
    return norm;
}

/* The same shape, with numbers of its own in place of the file's. */
static const Tensor *table_like(Bert *twin, Rng *rng, const Tensor *like) {
    Tensor *table = &twin->file.tensors[twin->file.count++];
    *table = *like;
    table->name = "of the random twin";
    table->type = TYPE_F32;
    table->bytes = table->count * sizeof(float);
    table->data = (const unsigned char *)drawn(twin, rng, table->count);
    return table;
}

static BertLayer layer_like(Bert *twin, Rng *rng, const BertLayer *like) {
    BertLayer layer;
    layer.query = linear_like(twin, rng, like->query);
    layer.key = linear_like(twin, rng, like->key);
    layer.value = linear_like(twin, rng, like->value);
    layer.mix = linear_like(twin, rng, like->mix);
    layer.after_attention = norm_like(twin, like->after_attention);
    layer.widen = linear_like(twin, rng, like->widen);
    layer.narrow = linear_like(twin, rng, like->narrow);
    layer.after_feed_forward = norm_like(twin, like->after_feed_forward);
    return layer;
}

static void draw_mlm(Bert *twin, Rng *rng, const Bert *bert) {
    twin->has_mlm = true;
    twin->mlm_transform = linear_like(twin, rng, bert->mlm_transform);
    twin->mlm_norm = norm_like(twin, bert->mlm_norm);
    bool tied = bert->mlm_decoder == bert->words;
    twin->mlm_decoder = tied ? twin->words : table_like(twin, rng, bert->mlm_decoder);
    if (bert->mlm_bias) twin->mlm_bias = bert_own(twin, (size_t)twin->config.vocab, TWIN);
}

Bert bert_twin(const Bert *bert, Rng *rng) {
    enum { TABLES = 4 };
    const BertConfig *c = &bert->config;
    Bert twin = {.config = *c, .parameters = bert->parameters, .path = text_copy(bert->path, strlen(bert->path))};
    twin.file.tensors = memory_new(TABLES, sizeof *twin.file.tensors, TWIN);
    twin.words = table_like(&twin, rng, bert->words);
    twin.positions = table_like(&twin, rng, bert->positions);
    twin.types = table_like(&twin, rng, bert->types);
    twin.embedding_norm = norm_like(&twin, bert->embedding_norm);
    twin.layers = memory_new((size_t)c->layers, sizeof *twin.layers, TWIN);
    for (int l = 0; l < c->layers; l++) twin.layers[l] = layer_like(&twin, rng, &bert->layers[l]);
    if (bert->has_mlm) draw_mlm(&twin, rng, bert);
    return twin;
}

/* ---- GPT ---- */

Gpt gpt_twin(const Gpt *gpt, Rng *rng) {
    Gpt twin = gpt_new(gpt->config);
    gpt_train_under(&twin, gpt->trained.rule);
    gpt_randomise(&twin, rng, DEVIATION);
    twin.tokens = gpt->tokens;
    if (gpt->own_head.data) {
        twin.own_head = mat_new(gpt->own_head.rows, gpt->own_head.cols);
        rng_normal(rng, twin.own_head.data, (size_t)twin.own_head.rows * (size_t)twin.own_head.cols, 0, DEVIATION);
    }
    return twin;
}
