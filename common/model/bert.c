#include "model/bert.h"
#include "base/error.h"
#include "base/memory.h"
#include "math/fast/vecmath.h"

Trace bert_trace_new(const Bert *bert, int n) {
    const BertConfig *c = &bert->config;
    return trace_new(n, c->layers, c->heads, c->width, c->inner);
}

/* ---- embeddings ---- */

/* One row of a table into out [width]. */
static void look_up(const Bert *bert, const Tensor *table, int row, float *out) {
    size_t width = (size_t)bert->config.width;
    tensor_floats(table, bert->path, (size_t)row * width, width, out);
}

/* The rows that were looked up are checked here because only here are they read; ids is NULL for rows 0, 1, 2, ... One
 * bad number is enough. */
static void check_rows(const Bert *bert, const Tensor *table, Mat rows, const int *ids) {
    size_t width = (size_t)rows.cols;
    for (int i = 0; i < rows.rows; i++) {
        size_t bad = vec_first_nonfinite(mat_row(rows, i), width);
        if (bad == width) continue;
        bert_bad_number(bert, table, (size_t)(ids ? ids[i] : i) * width + bad, mat_row(rows, i)[bad]);
        return;
    }
}

/* hidden[0] = layer norm of (word + position + segment). */
static void embed(const Bert *bert, const int *ids, const int *types, const Mat *places, Trace *t) {
    for (int i = 0; i < t->n; i++) {
        float *sum = mat_row(t->scratch, i);
        look_up(bert, bert->words, ids[i], mat_row(t->word, i));
        look_up(bert, bert->positions, i, mat_row(t->position, i));
        if (places) mat_copy(mat_rows(t->position, i, 1), mat_rows(*places, i, 1));
        look_up(bert, bert->types, types[i], mat_row(t->segment, i));
        vec_add(sum, mat_row(t->word, i), mat_row(t->segment, i), (size_t)t->width);
        vec_add(sum, sum, mat_row(t->position, i), (size_t)t->width);
    }
    check_rows(bert, bert->words, t->word, ids);
    if (!places) check_rows(bert, bert->positions, t->position, NULL);
    check_rows(bert, bert->types, t->segment, types);
    layer_norm_forward(NULL, t->hidden[0], t->scratch, bert->embedding_norm);
}

/* ---- layers ---- */

static void run_layer(const BertLayer *layer, Workers *workers, Activation activation, Run run, Trace *t, int l) {
    Mat x = t->hidden[l];
    Attention *a = &t->attention[l];
    a->mask = run_mask(run, l, (Mask){0});
    const LinearJob qkv[] = {{a->q, layer->query}, {a->k, layer->key}, {a->v, layer->value}};
    if (!run_knows_qkv(run, l)) linear_forward_all(workers, qkv, 3, x, ACTIVATION_NONE);
    attention_forward_with(workers, *a, t->context[l], t->maps[l]);
    trace_silence(t->context[l], t->heads, run_heads_off(run, l, t->heads));
    linear_forward(workers, t->scratch, t->context[l], layer->mix, ACTIVATION_NONE);
    add_norm_forward(workers, t->attended[l], x, t->scratch, layer->after_attention);
    linear_forward(workers, t->inner[l], t->attended[l], layer->widen, activation);
    linear_forward(workers, t->scratch, t->inner[l], layer->narrow, ACTIVATION_NONE);
    add_norm_forward(workers, t->hidden[l + 1], t->attended[l], t->scratch, layer->after_feed_forward);
}

void bert_forward(const Bert *bert, Workers *workers, const int *ids, const int *types, Run run, Trace *trace) {
    const BertConfig *c = &bert->config;
    trace_check_input(trace, ids, c->vocab, c->positions);
    trace_check_types(trace, types, c->types);
    embed(bert, ids, types, run.places, trace);
    for (int l = 0; l < trace->layers; l++)
        if (!trace_take(trace, run, l)) run_layer(&bert->layers[l], workers, bert->config.activation, run, trace, l);
}

/* ---- the masked-language-model head ---- */

/* logits[:, first..) = x times those rows of the decoder. Half-precision rows are decoded a part at a time, so that the
 * largest matrix of the model never lies in memory twice. */
static void decode_part(const Bert *bert, Workers *workers, Mat logits, Mat x, int first, int rows, float *room) {
    const Tensor *decoder = bert->mlm_decoder;
    size_t width = (size_t)bert->config.width;
    const float *in_place = tensor_in_place(decoder);
    float *weights = room;
    if (in_place) weights = (float *)(size_t)(in_place + (size_t)first * width); /* only read from */
    else tensor_floats(decoder, bert->path, (size_t)first * width, (size_t)rows * width, room);
    Linear layer = {{weights, rows, (int)width, (int)width}, bert->mlm_bias ? bert->mlm_bias + first : NULL};
    linear_forward(workers, mat_cols(logits, first, rows), x, layer, ACTIVATION_NONE);
}

/* The decoder's rows are not looked at when the model is loaded. A bad number in one spoils that word's logit at every
 * place, so the logits of the first place tell. */
static void check_decoder(const Bert *bert, Mat logits) {
    size_t width = (size_t)bert->config.width, vocab = (size_t)bert->config.vocab;
    size_t id = vec_first_nonfinite(mat_row(logits, 0), vocab);
    if (id == vocab) return;
    float *row = memory_new(width, sizeof *row, "a row of the decoder");
    tensor_floats(bert->mlm_decoder, bert->path, id * width, width, row);
    size_t bad = vec_first_nonfinite(row, width);
    if (bad < width) bert_bad_number(bert, bert->mlm_decoder, id * width + bad, row[bad]);
    memory_free(row); /* a finite row: the sentence's own numbers are bad, and that has been said */
}

Mat bert_mlm_logits(const Bert *bert, Workers *workers, const Trace *trace) {
    enum { PART = 4096 };
    int n = trace->n, vocab = bert->config.vocab, width = bert->config.width;
    Mat x = mat_new(n, width), logits = mat_new(n, vocab);
    float *room = tensor_in_place(bert->mlm_decoder)
                      ? NULL
                      : memory_new((size_t)PART * (size_t)width, sizeof *room, "the decoder");
    linear_forward(workers, x, trace->hidden[trace->layers], bert->mlm_transform, bert->config.activation);
    layer_norm_forward(workers, x, x, bert->mlm_norm);
    for (int first = 0; first < vocab; first += PART)
        decode_part(bert, workers, logits, x, first, vocab - first < PART ? vocab - first : PART, room);
    memory_free(room);
    mat_free(&x);
    check_decoder(bert, logits);
    return logits;
}
