#include "model/gpt_block.h"
#include "math/fast/vecmath.h"
#include "model/trace.h"

void gpt_embed(const Gpt *gpt, Mat x, const int *ids, int first) {
    Mat table = gpt->config.positions->trained ? gpt->weights.places : gpt->rows;
    embedding_forward(x, gpt->weights.words, ids);
    if (table.data) positions_add(x, table, first);
}

void gpt_turn(const GptConfig *config, Mat x, int first, bool back) {
    if (config->positions->turn) config->positions->turn(x, config->heads, first, back);
}

Attention gpt_attention(const GptConfig *config, Mask mask) {
    return (Attention){.heads = config->heads, .mask = mask, .scale = config->unscaled ? 1 : 0};
}

Mat gpt_bias(const GptConfig *config, int n, int first) {
    if (!config->positions->bias) return (Mat){0};
    Mat bias = mat_new(config->heads, first + 2 * n - 1);
    config->positions->bias(bias, n, first);
    return bias;
}

/* out += x: back into the stream. */
static void add_stream(Mat out, Mat x) {
    for (int i = 0; i < out.rows; i++) vec_add(mat_row(out, i), mat_row(out, i), mat_row(x, i), (size_t)out.cols);
}

/* q, k and v of the new rows. */
static void project(const Gpt *gpt, Workers *workers, const GptLayer *w, const GptBlock *b) {
    int n = b->input.rows, C = b->input.cols, first = b->attention.k.rows - n;
    Mat k = mat_rows(b->attention.k, first, n), v = mat_rows(b->attention.v, first, n);
    const LinearJob qkv[] = {{b->attention.q, {mat_rows(w->qkv.weight, 0, C), w->qkv.bias}},
                             {k, {mat_rows(w->qkv.weight, C, C), w->qkv.bias + C}},
                             {v, {mat_rows(w->qkv.weight, 2 * C, C), w->qkv.bias + 2 * C}}};
    layer_norm_forward(workers, b->scratch, b->input, w->before_attention);
    linear_forward_all(workers, qkv, 3, b->scratch, ACTIVATION_NONE);
    gpt_turn(&gpt->config, b->attention.q, first, false), gpt_turn(&gpt->config, k, first, false);
}

void gpt_block_forward(const Gpt *gpt, Workers *workers, int layer, const GptBlock *b, const bool *heads_off) {
    const GptLayer *w = &gpt->weights.layers[layer];
    if (!b->knows_qkv) project(gpt, workers, w, b);
    attention_forward_with(workers, b->attention, b->context, b->maps);
    trace_silence(b->context, b->attention.heads, heads_off);
    linear_forward(workers, b->middle, b->context, w->mix, ACTIVATION_NONE);
    add_stream(b->middle, b->input);
    layer_norm_forward(workers, b->scratch, b->middle, w->before_feed_forward);
    linear_forward(workers, b->inner, b->scratch, w->widen, gpt->config.activation);
    linear_forward(workers, b->output, b->inner, w->narrow, ACTIVATION_NONE);
    add_stream(b->output, b->middle);
}
