/* engine - the library inside the page: what page.js asks of it, and nothing else. It holds one text's q, k and v of
 * all heads, and answers with memory that it owns, valid until the next question. Every number that the page shows
 * comes from here, and so from common/. Told in stages/20_atlas; engine.js is the other side. */
#include "attention/divergence.h"
#include "attention/mask_cost.h"
#include "attention/mask_options.h"
#include "attention/measures.h"
#include "attention/value_weighted.h"
#include "show/page/engine.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

EXPORT(engine_room) void *engine_room(size_t bytes) {
    return memory_new(bytes, 1, "the page");
}

EXPORT(engine_release) void engine_release(void *room) {
    memory_free(room);
}

/* The model's own scale, and how many rows and columns of bias there are for each layer that has some. */
EXPORT(engine_new)
Engine *engine_new(int layers, int heads, int n, int d, float scale, int bias_layers, int bias_rows, int bias_cols) {
    Engine *e = memory_new(1, sizeof *e, "the page");
    size_t all = (size_t)layers * (size_t)heads * (size_t)n * (size_t)d;
    *e = (Engine){.layers = layers, .heads = heads, .n = n, .d = d, .scale = scale, .bias_layers = bias_layers};
    e->temperature = 1;
    e->q = memory_new(all, sizeof *e->q, "the queries");
    e->k = memory_new(all, sizeof *e->k, "the keys");
    e->v = memory_new(all, sizeof *e->v, "the values");
    if (bias_layers) {
        e->bias = mat_new(bias_layers * bias_rows, bias_cols);
        e->warm = mat_new(bias_rows / heads, bias_cols);
    }
    e->ids = memory_new((size_t)n, sizeof *e->ids, "the ids");
    e->marks = memory_new((size_t)n, sizeof *e->marks, "the marks");
    e->apart = memory_new((size_t)layers, sizeof *e->apart, "the layers");
    e->map = memory_new((size_t)n * (size_t)n, sizeof *e->map, "a map");
    e->full = memory_new(measure_room(n), sizeof *e->full, "a map, and what is measured of it");
    e->measured = memory_new((size_t)measure_count(), sizeof *e->measured, "the measures");
    e->rows = memory_new((size_t)n, sizeof *e->rows, "a row");
    e->row = memory_new((size_t)(n + d + TERM_HEADS + OFFSETS), sizeof *e->row, "a row");
    return e;
}

EXPORT(engine_free) void engine_free(Engine *e) {
    void *parts[] = {e->q, e->k, e->v, e->ids, e->marks, e->map, e->full, e->row, e->measured, e->rows, e->apart};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) memory_free(parts[i]);
    mat_free(&e->bias), mat_free(&e->warm);
    reach_free(&e->reach);
    memory_free(e);
}

/* Where a part lies that the page fills: q, k, v, bias, ids, marks. */
EXPORT(engine_part) void *engine_part(Engine *e, int which) {
    void *parts[] = {e->q, e->k, e->v, e->bias.data, e->ids, e->marks};
    return parts[which];
}

/* out [count] = packed numbers times their scale: int16 as they are, bytes less 128; scale [parts], each for as many
 * numbers. view/page packs them. */
EXPORT(engine_unpack)
void engine_unpack(float *out, const void *packed, int size, int count, const float *scale, int parts) {
    const int16_t *wide = packed;
    const unsigned char *bytes = packed;
    int each = count / parts;
    for (int i = 0; i < count; i++) out[i] = (float)(size == 2 ? wide[i] : bytes[i] - 128) * scale[i / each];
}

/* Values travel as bytes, their lengths [layers, heads, n] exactly: each value is drawn out to its length, for one that
 * is nearly zero is mostly rounding. */
EXPORT(engine_stretch) void engine_stretch(Engine *e, const float *lengths) {
    size_t rows = (size_t)e->layers * (size_t)e->heads * (size_t)e->n, d = (size_t)e->d;
    for (size_t r = 0; r < rows; r++) {
        float *v = e->v + r * d;
        double sum = 0;
        for (size_t c = 0; c < d; c++) sum += (double)v[c] * (double)v[c];
        for (size_t c = 0; c < d && sum > 0; c++) v[c] = (float)((double)v[c] * (double)lengths[r] / sqrt(sum));
    }
}

/* ---- masks ---- */

EXPORT(engine_trained)
void engine_trained(Engine *e, int causal, int window, int dilation, int global, int sinks, int stride, int prefix,
                    int chunk, int valid, const bool *global_at, const bool *picture, int tokens) {
    e->trained =
        (Mask){causal, window, dilation, global, sinks, stride, prefix, chunk, valid, global_at, picture, tokens};
    e->mask = e->trained, e->asked = false;
    reach_free(&e->reach);
}

/* What was said of engine_trained holds in these layers [layers], and what is said of it next in the others: of a pass
 * whose mask was in some layers only. */
EXPORT(engine_apart) void engine_apart(Engine *e, const bool *layers) {
    e->own = e->trained;
    memcpy(e->apart, layers, (size_t)e->layers * sizeof *layers);
}

static Mask trained_in(const Engine *e, int layer) {
    return e->apart[layer] ? e->own : e->trained;
}

Mask engine_mask_in(const Engine *e, int layer) {
    return e->asked ? e->mask : trained_in(e, layer);
}

/* A knob below what makes sense for the kind becomes the least that does; one that is not given (-1) is chosen from n.
 * Returns what they are now, in the order of the parameters, -1 for those that the kind does not take. */
EXPORT(engine_mask)
int *engine_mask(Engine *e, int kind, int window, int dilation, int global, int sinks, int prefix, int chunk, int valid,
                 int causal) {
    MaskOptions options = mask_options_new(kind);
    options.kind = kind;
    options.said = (Mask){.causal = causal,
                          .window = window,
                          .dilation = dilation,
                          .global = global,
                          .sinks = sinks,
                          .stride = -1,
                          .prefix = prefix,
                          .chunk = chunk,
                          .valid = valid};
    mask_options_raise(&options);
    bool asked = kind != MASK_NONE || causal || valid > 0;
    if (e->trained.causal && asked) mask_options_make_causal(&options);
    options = mask_options_fill(&options, e->n);
    e->mask = asked ? mask_of_kind(options.kind, options.said) : e->trained;
    e->asked = asked;
    reach_free(&e->reach);
    const Mask *said = &options.said;
    int filled[] = {said->window, said->dilation, said->global, said->sinks, said->prefix, said->chunk, said->valid};
    memcpy(e->filled, filled, sizeof filled);
    return e->filled;
}

/* The mask is the one that the model ran under: each layer shows what it did then. */
EXPORT(engine_as_run) void engine_as_run(Engine *e) {
    e->asked = false;
}

/* For engine_why. */
EXPORT(engine_mask_now) const Mask *engine_mask_now(const Engine *e) {
    return &e->mask;
}

/* In a layer; -1: where the mask holds. */
EXPORT(engine_allowed) int engine_allowed(const Engine *e, int query, int key, int layer) {
    return mask_allows(layer < 0 ? e->mask : engine_mask_in(e, layer), query, key);
}

EXPORT(engine_reach) int engine_reach(Engine *e, int query, int key) {
    if (!e->reach.n) e->reach = reach_new(e->mask, e->n);
    return e->reach.first[(size_t)query * (size_t)e->n + (size_t)key];
}

/* Of this mask among any number of tokens: allowed pairs, products, bytes of maps, of allowed cells, of streaming. */
EXPORT(engine_cost) double *engine_cost(Engine *e, int n) {
    MaskCost cost = mask_cost(e->mask, n, e->heads, e->d);
    double numbers[] = {(double)cost.cells, cost.flops, cost.maps_bytes, cost.kept_bytes, cost.scratch_bytes};
    memcpy(e->cost, numbers, sizeof numbers);
    return e->cost;
}

/* ---- weights ---- */

/* From now on softmax((scale q k^T + bias) / temperature). */
EXPORT(engine_temperature) void engine_temperature(Engine *e, float temperature) {
    e->temperature = temperature;
}

static Attention head_of(const Engine *e, int layer, int head) {
    size_t from = ((size_t)layer * (size_t)e->heads + (size_t)head) * (size_t)e->n * (size_t)e->d;
    Attention a = {.heads = 1, .mask = engine_mask_in(e, layer), .scale = e->scale};
    a.q = (Mat){e->q + from, e->n, e->d, e->d};
    a.k = (Mat){e->k + from, e->n, e->d, e->d};
    a.v = (Mat){e->v + from, e->n, e->d, e->d};
    if (e->bias.data) {
        int rows = e->bias.rows / e->bias_layers / e->heads; /* of one head: 1 by distance, n by pair */
        a.bias = mat_rows(e->bias, ((e->bias_layers > 1 ? layer : 0) * e->heads + head) * rows, rows);
    }
    if (e->temperature == 1) return a;
    a.scale = attention_scale(&a) / e->temperature;
    for (int r = 0; a.bias.data && r < e->warm.rows; r++)
        for (int j = 0; j < e->warm.cols; j++) mat_row(e->warm, r)[j] = mat_at(a.bias, r, j) / e->temperature;
    if (a.bias.data) a.bias = e->warm;
    return a;
}

Mat engine_map(const Engine *e, int layer, int head, Mask mask, float *room) {
    Mat map = {room, e->n, e->n, e->n};
    Attention a = head_of(e, layer, head);
    a.mask = mask;
    attention_maps(a, map);
    return map;
}

Mat engine_shown(Engine *e, int layer, int head) {
    return engine_map(e, layer, head, engine_mask_in(e, layer), e->map);
}

EXPORT(engine_weights) float *engine_weights(Engine *e, int layer, int head) {
    return engine_shown(e, layer, head).data;
}

EXPORT(engine_full) float *engine_full(Engine *e, int layer, int head) {
    return engine_map(e, layer, head, trained_in(e, layer), e->full).data;
}

/* [n] the share of each row without mask that the mask forbids. */
EXPORT(engine_forbidden) float *engine_forbidden(Engine *e, int layer, int head) {
    mask_lost_mass(e->row, engine_map(e, layer, head, trained_in(e, layer), e->full), engine_mask_in(e, layer));
    return e->row;
}

/* (n, n) each weight times how many keys its query may look at: 1 is what chance would give. */
EXPORT(engine_lift) float *engine_lift(Engine *e, int layer, int head) {
    Mat map = engine_shown(e, layer, head);
    for (int i = 0; i < e->n; i++) {
        float allowed = (float)mask_row_count(engine_mask_in(e, layer), e->n, i), *row = mat_row(map, i);
        for (int j = 0; j < e->n; j++) row[j] *= allowed;
    }
    return map.data;
}

/* (n, n) each weight times the length of the value it fetches, rows made to sum to 1 again. */
EXPORT(engine_valued) float *engine_valued(Engine *e, int layer, int head) {
    Attention a = head_of(e, layer, head);
    Mat out = {e->full, e->n, e->n, e->n};
    attention_value_weighted(&a, 0, engine_shown(e, layer, head), out, NULL);
    return out.data;
}

/* [21] the mean weight at each distance key - query from -10 to 10. */
EXPORT(engine_fingerprint) float *engine_fingerprint(Engine *e, int layer, int head) {
    measure_offsets(engine_shown(e, layer, head), engine_mask_in(e, layer), OFFSETS / 2, e->row);
    return e->row;
}

/* [n] how much of its allowed rows' weight each key receives: the mean over the queries that may see it. */
EXPORT(engine_received) float *engine_received(Engine *e, int layer, int head) {
    Mat map = engine_shown(e, layer, head);
    for (int j = 0; j < e->n; j++) {
        double sum = 0;
        int queries = 0;
        for (int i = 0; i < e->n; i++)
            if (mask_allows(engine_mask_in(e, layer), i, j)) sum += (double)mat_at(map, i, j), queries++;
        e->row[j] = queries ? (float)(sum / queries) : 0;
    }
    return e->row;
}

/* The share of a head's weight, of all its rows, that falls on the marked cells (n, n). */
EXPORT(engine_share) double engine_share(Engine *e, int layer, int head, const unsigned char *cells) {
    Mat map = engine_shown(e, layer, head);
    double on = 0, all = 0;
    for (int i = 0; i < e->n; i++)
        for (int j = 0; j < e->n; j++) {
            double weight = (double)mat_at(map, i, j);
            all += weight;
            if (cells[(size_t)i * (size_t)e->n + (size_t)j]) on += weight;
        }
    return all > 0 ? on / all : 0;
}

/* One cell as a sum: [7 + d] score, scaled (with bias), bias, the row's largest scaled score, the row's sum of
 * exponentials, the weight, this cell's exponential; then the d products. A forbidden cell's weight is 0. */
EXPORT(engine_term) float *engine_term(Engine *e, int layer, int head, int query, int key) {
    Attention a = head_of(e, layer, head);
    const float *q = mat_row(a.q, query), *biases = attention_bias_row(&a, 0, query);
    float *out = e->row, scale = attention_scale(&a);
    double largest = 0, sum = 0, own = 0, scores = 0;
    bool any = false;
    for (int pass = 0; pass < 2; pass++)
        for (int j = 0; j < e->n; j++) {
            double score = 0;
            for (int c = 0; c < e->d; c++) score += (double)q[c] * (double)mat_row(a.k, j)[c];
            double scaled = score * (double)scale + (biases ? (double)biases[j] : 0);
            if (j == key) own = scaled, scores = score;
            if (!mask_allows(engine_mask_in(e, layer), query, j)) continue;
            if (pass) sum += exp(scaled - largest);
            else if (!any || scaled > largest) largest = scaled, any = true;
        }
    out[0] = (float)scores, out[1] = (float)own, out[2] = biases ? biases[key] : 0;
    out[3] = (float)largest, out[4] = (float)sum;
    bool seen = any && mask_allows(engine_mask_in(e, layer), query, key);
    out[6] = seen ? (float)exp(own - largest) : 0;
    out[5] = seen ? (float)(exp(own - largest) / sum) : 0;
    for (int c = 0; c < e->d; c++) out[TERM_HEADS + c] = q[c] * mat_row(a.k, key)[c];
    return out;
}

/* ---- measures, and all layers together ---- */

EXPORT(engine_measures) double *engine_measures(Engine *e, int layer, int head) {
    Measured one = {.map = engine_shown(e, layer, head),
                    .mask = engine_mask_in(e, layer),
                    .marks = e->marks,
                    .ids = e->ids,
                    .room = e->full};
    measure_all(&one, e->measured);
    return e->measured;
}

EXPORT(engine_measure_count) int engine_measure_count(void) {
    return measure_count();
}

/* What a measure says of itself: its name, formula, range, reading, reference. */
EXPORT(engine_measure_text) const char *engine_measure_text(int place, int which) {
    const Measure *m = measure_at(place);
    const char *texts[] = {m->name, m->formula, m->range, m->reading, m->reference};
    return texts[which];
}

EXPORT(engine_measure_plain) int engine_measure_plain(int place) {
    return measure_at(place)->plain;
}

/* Two maps (n, n), of this text or another of its length: [n] how differently they look, row by row; b - a. */
EXPORT(engine_divergence) double *engine_divergence(Engine *e, float *a, float *b) {
    map_row_divergence(e->rows, (Mat){a, e->n, e->n, e->n}, (Mat){b, e->n, e->n, e->n});
    return e->rows;
}

EXPORT(engine_difference) float *engine_difference(Engine *e, float *a, float *b) {
    map_difference((Mat){e->map, e->n, e->n, e->n}, (Mat){b, e->n, e->n, e->n}, (Mat){a, e->n, e->n, e->n});
    return e->map;
}
