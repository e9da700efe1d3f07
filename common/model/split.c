#include "model/split.h"
#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* ---- what a layer of either family reads and writes with; a norm without gain is not there ---- */

typedef struct {
    Linear query, key, mix, narrow;
    LayerNorm before, after_attention, after_feed_forward;
} Block;

static Block block_of(const Model *model, int layer) {
    const Bert *bert = model_bert(model);
    if (bert) {
        const BertLayer *w = &bert->layers[layer];
        return (Block){w->query, w->key, w->mix, w->narrow, {0}, w->after_attention, w->after_feed_forward};
    }
    const GptLayer *w = &model_gpt(model)->weights.layers[layer];
    int width = w->mix.weight.rows;
    return (Block){{mat_rows(w->qkv.weight, 0, width), w->qkv.bias},
                   {mat_rows(w->qkv.weight, width, width), w->qkv.bias + width},
                   w->mix,
                   w->narrow,
                   w->before_attention,
                   {0},
                   {0}};
}

/* ---- the parts by name ---- */

static bool has_position(const Model *model) {
    return !model_gpt(model) || model_gpt(model)->config.positions->place == POSITIONS_INPUT;
}

/* The embeddings that this model adds, into out: token, position, segment. */
static int embeddings_of(const Model *model, const Trace *t, Mat out[3]) {
    int count = 0;
    out[count++] = t->word;
    if (has_position(model)) out[count++] = t->position;
    if (model_bert(model)) out[count++] = t->segment;
    return count;
}

static void name_parts(Split *s, const Model *model, int layer, int heads) {
    int at = 0;
    s->name[at++] = text_format("token");
    if (has_position(model)) s->name[at++] = text_format("position");
    if (model_bert(model)) s->name[at++] = text_format("segment");
    for (int l = 0; l < layer; l++) {
        for (int h = 0; h < heads; h++) s->name[at++] = text_format("head %d.%d", l, h);
        s->name[at++] = text_format("feed-forward %d", l);
    }
    s->name[at++] = text_format("biases");
    assert(at == s->parts);
}

/* ---- one token ---- Parts that are yet to be written are zero, which every step leaves zero. */

typedef struct {
    Split *split;
    const Model *model;
    const Trace *trace;
    int layer, head;
    Mat turn;     /* (n, d_head * d_head) for each token what turning makes of (1, 0, 0, ...), (0, 1, 0, ...), ... */
    double *room; /* [workers][each] */
    size_t each;
} Work;

typedef struct {
    double *part; /* [parts][width], the biases last */
    double *whole, *input;
    int parts, width;
} Stream;

static double *part_of(const Stream *x, int part) {
    return x->part + (size_t)part * (size_t)x->width;
}

static void norm_parts(const Stream *x, LayerNorm norm) {
    int width = x->width;
    if (!norm.gain) return;
    /* 1. the whole vector's deviation */
    memset(x->whole, 0, (size_t)width * sizeof *x->whole);
    for (int p = 0; p < x->parts; p++)
        for (int c = 0; c < width; c++) x->whole[c] += part_of(x, p)[c];
    double mean = 0, variance = 0;
    for (int c = 0; c < width; c++) mean += x->whole[c] / width;
    for (int c = 0; c < width; c++) variance += (x->whole[c] - mean) * (x->whole[c] - mean) / width;
    double deviation = sqrt(variance + (double)norm.eps);
    /* 2. each part less its own mean */
    for (int p = 0; p < x->parts; p++) {
        double *part = part_of(x, p), own = 0;
        for (int c = 0; c < width; c++) own += part[c] / width;
        for (int c = 0; c < width; c++) part[c] = (part[c] - own) / deviation * (double)norm.gain[c];
    }
    /* 3. what the norm adds by itself */
    for (int c = 0; c < width; c++) part_of(x, x->parts - 1)[c] += (double)norm.bias[c];
}

/* out [weight.rows] = weight x; four sums, because one would wait for each addition. */
static void times(double *out, Mat weight, const double *x) {
    for (int r = 0; r < weight.rows; r++) {
        const float *w = mat_row(weight, r);
        double sum[4] = {0};
        int c = 0;
        for (; c + 4 <= weight.cols; c += 4)
            for (int lane = 0; lane < 4; lane++) sum[lane] += (double)w[c + lane] * x[c + lane];
        for (; c < weight.cols; c++) sum[0] += (double)w[c] * x[c];
        out[r] = sum[0] + sum[1] + sum[2] + sum[3];
    }
}

/* out = weight times a row of the trace. */
static void write_part(const Stream *x, int part, Mat weight, const float *row) {
    for (int c = 0; c < weight.cols; c++) x->input[c] = (double)row[c];
    times(part_of(x, part), weight, x->input);
}

static void add_biases(const Stream *x, const float *bias) {
    for (int c = 0; bias && c < x->width; c++) part_of(x, x->parts - 1)[c] += (double)bias[c];
}

/* What layer l adds to the stream; its first part is number `at`. */
static void write_layer(const Work *w, const Stream *x, int l, int at, int token) {
    const Trace *t = w->trace;
    Block block = block_of(w->model, l);
    int d = w->split->d_head;
    for (int h = 0; h < t->heads; h++)
        write_part(x, at + h, mat_cols(block.mix.weight, h * d, d), mat_row(t->context[l], token) + h * d);
    add_biases(x, block.mix.bias);
    norm_parts(x, block.after_attention);
    write_part(x, at + t->heads, block.narrow.weight, mat_row(t->inner[l], token));
    add_biases(x, block.narrow.bias);
    norm_parts(x, block.after_feed_forward);
}

/* out [parts][d_head]: this head's rows of q or k, and the turn of this token. */
static void ask(const Work *w, const Stream *x, Linear layer, int token, double *out) {
    int d = w->split->d_head, first = w->head * d;
    Mat rows = mat_rows(layer.weight, first, d);
    for (int p = 0; p < x->parts; p++, out += d) {
        double *straight = x->whole;
        times(straight, rows, part_of(x, p));
        for (int c = 0; p == x->parts - 1 && layer.bias && c < d; c++) straight[c] += (double)layer.bias[first + c];
        if (!w->turn.data) memcpy(out, straight, (size_t)d * sizeof *out);
        for (int r = 0; w->turn.data && r < d; r++)
            for (int c = 0; c < d; c++) out[r] += (double)mat_at(w->turn, token, c * d + r) * straight[c];
    }
}

static void split_token(void *context, int token, int worker) {
    const Work *w = context;
    Split *s = w->split;
    const Trace *t = w->trace;
    double *room = w->room + (size_t)worker * w->each;
    size_t all = (size_t)s->parts * (size_t)t->width, at = (size_t)token * (size_t)s->parts * (size_t)s->d_head;
    Stream x = {room, room + all, room + all + t->width, s->parts, t->width};
    Mat embedding[3];
    int count = embeddings_of(w->model, t, embedding);
    memset(room, 0, all * sizeof *room);
    for (int p = 0; p < count; p++)
        for (int c = 0; c < t->width; c++) part_of(&x, p)[c] = (double)mat_at(embedding[p], token, c);
    if (model_bert(w->model)) norm_parts(&x, model_bert(w->model)->embedding_norm);
    for (int l = 0; l < w->layer; l++) write_layer(w, &x, l, count + l * (t->heads + 1), token);
    Block block = block_of(w->model, w->layer);
    norm_parts(&x, block.before);
    ask(w, &x, block.query, token, s->q + at);
    ask(w, &x, block.key, token, s->k + at);
}

/* ---- all of them ---- */

/* Turning is linear: what it makes of the unit vectors says all. Each is a head of its own here. */
static Mat turn_of(const Model *model, int n, int d) {
    const Gpt *gpt = model_gpt(model);
    if (!gpt || !gpt->config.positions->turn) return (Mat){0};
    Mat turn = mat_new(n, d * d);
    for (int i = 0; i < n; i++)
        for (int c = 0; c < d; c++) mat_row(turn, i)[c * d + c] = 1;
    gpt->config.positions->turn(turn, d, 0, false);
    return turn;
}

static size_t product_of(int a, int b, int c) {
    size_t product;
    if (!size_multiply((size_t)a, (size_t)b, &product) || !size_multiply(product, (size_t)c, &product))
        return (size_t)-1; /* more than there is: memory_new says so */
    return product;
}

Split split_new(const Model *model, Workers *workers, const Trace *t, int layer, int head) {
    assert(layer >= 0 && layer < t->layers && head >= 0 && head < t->heads);
    Mat embedding[3];
    int parts = embeddings_of(model, t, embedding) + layer * (t->heads + 1) + 1;
    Split s = {.parts = parts, .n = t->n, .d_head = t->width / t->heads};
    s.scale = (double)attention_scale(&t->attention[layer]);
    s.name = memory_new((size_t)parts, sizeof *s.name, "the names of a score's parts");
    name_parts(&s, model, layer, t->heads);
    s.q = memory_new(product_of(t->n, parts, s.d_head), sizeof *s.q, "the parts of the queries");
    s.k = memory_new(product_of(t->n, parts, s.d_head), sizeof *s.k, "the parts of the keys");
    Work work = {.split = &s, .model = model, .trace = t, .layer = layer, .head = head};
    work.turn = turn_of(model, t->n, s.d_head);
    int longest = t->inner_width > t->width ? t->inner_width : t->width;
    work.each = product_of(parts + 1, t->width, 1) + (size_t)longest;
    int count = workers_count(workers);
    work.room = memory_new(work.each, (size_t)count * sizeof *work.room, "the parts of the stream");
    workers_run(workers, t->n, split_token, &work);
    memory_free(work.room);
    mat_free(&work.turn);
    return s;
}

void split_free(Split *s) {
    for (int p = 0; s->name && p < s->parts; p++) memory_free(s->name[p]);
    memory_free(s->name), memory_free(s->q), memory_free(s->k);
    *s = (Split){0};
}
