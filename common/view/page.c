#include "view/page.h"
#include "base/json.h"
#include "base/memory.h"
#include "model/sampling.h"
#include "view/find.h"

#include <math.h>
#include <string.h>

/* ---- q, k and v: one head behind the other, as one look reads them ---- */

typedef enum { PART_Q, PART_K, PART_V } HeadPart;

static Mat part_of(const Attention *a, HeadPart part) {
    return part == PART_Q ? a->q : part == PART_K ? a->k : a->v;
}

/* [layers, heads, n, d_head]. You free it. */
static float *heads_apart(const Trace *t, HeadPart part) {
    size_t d = (size_t)(t->width / t->heads), n = (size_t)t->n;
    float *all = memory_new((size_t)t->layers * n * (size_t)t->width, sizeof *all, "the page's heads"), *at = all;
    for (int l = 0; l < t->layers; l++)
        for (int h = 0; h < t->heads; h++)
            for (int i = 0; i < t->n; i++, at += d)
                memcpy(at, mat_row(part_of(&t->attention[l], part), i) + (size_t)h * d, d * sizeof *at);
    return all;
}

/* How far one head's weights are from the trace's when they come from q and k as the page will read them. */
static double worst_of_head(const Trace *t, int layer, int head, const float *q, const float *k) {
    int d = t->width / t->heads, rows = t->attention[layer].bias.rows / t->heads;
    size_t from = (size_t)(layer * t->heads + head) * (size_t)t->n * (size_t)d;
    Mat map = mat_new(t->n, t->n);
    Attention a = t->attention[layer];
    a.q = (Mat){(float *)(size_t)(q + from), t->n, d, d}, a.k = (Mat){(float *)(size_t)(k + from), t->n, d, d};
    a.heads = 1, a.scale = attention_scale(&t->attention[layer]);
    if (a.bias.data) a.bias = mat_rows(a.bias, head * rows, rows);
    attention_maps(a, map);
    double worst = (double)mat_max_diff(map, trace_map(t, layer, head));
    mat_free(&map);
    return worst;
}

/* Of maps alone: q and k of one zero, and the logarithm of each weight as its bias, which the softmax turns back into
 * the map, under any mask. A weight of 0 stays one. */
static void add_maps(Block *block, String *page, const Trace *t) {
    size_t each = (size_t)t->heads * (size_t)t->n * (size_t)t->n;
    float *logs = memory_new((size_t)t->layers * each, sizeof *logs, "the page's maps");
    for (int l = 0; l < t->layers; l++)
        for (size_t i = 0; i < each; i++) logs[(size_t)l * each + i] = fmaxf(logf(t->maps[l].data[i]), -1e30f);
    Shape shape = {{(size_t)t->layers, (size_t)t->heads * (size_t)t->n, (size_t)t->n}, 3};
    block_add(block, "bias", PACK_FLOATS, shape, logs, 1);
    string_add(page, ",\"precision\":\"maps\",\"weights_within\":0");
    memory_free(logs);
}

static Shape heads_shape(const Trace *t) {
    return (Shape){{(size_t)t->layers, (size_t)t->heads, (size_t)t->n, (size_t)(t->width / t->heads)}, 4};
}

static Packing to_look_at(const PagePlan *plan) {
    return plan->exact ? PACK_FLOATS : PACK_BYTES;
}

static void add_values(Block *block, const Trace *t, const PagePlan *plan) {
    float *v = heads_apart(t, PART_V);
    block_add(block, "v", to_look_at(plan), heads_shape(t), v, (size_t)t->layers * (size_t)t->heads);
    memory_free(v);
}

/* All of q [count] and k as they are, and how far a weight is then from the trace's at most. */
static void add_exact_heads(Block *block, String *page, const Trace *t, const float *q, const float *k, double within) {
    block_add(block, "q", PACK_FLOATS, heads_shape(t), q, 1);
    block_add(block, "k", PACK_FLOATS, heads_shape(t), k, 1);
    string_add(page, ",\"precision\":\"float32\",\"weights_within\":%.3g", within);
}

/* One head of q and k as they are, beside the steps that would move its weights. */
static void add_exact_head(Block *block, const Trace *t, int layer, int head, const float *q, const float *k) {
    size_t n = (size_t)t->n, d = (size_t)(t->width / t->heads), from = (size_t)(layer * t->heads + head) * n * d;
    const float *const parts[] = {q + from, k + from};
    for (int p = 0; p < 2; p++) {
        char *name = text_format("%c.%d.%d", "qk"[p], layer, head);
        block_add(block, name, PACK_FLOATS, (Shape){{n, d}, 2}, parts[p], 1);
        memory_free(name);
    }
}

/* As int16 with a scale for each head. A head in which that would move a weight by more than 9e-5 also travels as it
 * is; where most heads would, all do. */
static void add_packed_heads(Block *block, String *page, const Trace *t, const float *q, const float *k) {
    const double most = 9e-5;
    Shape shape = heads_shape(t);
    size_t count = shape_count(shape), parts = (size_t)t->layers * (size_t)t->heads;
    float *steps_q = memory_new(count, sizeof *q, "the page's heads");
    float *steps_k = memory_new(count, sizeof *k, "the page's heads");
    bool *exact = memory_new(parts, sizeof *exact, "the page's heads");
    memcpy(steps_q, q, count * sizeof *q), memcpy(steps_k, k, count * sizeof *k);
    block_round(PACK_SHORTS, steps_q, count, parts), block_round(PACK_SHORTS, steps_k, count, parts);
    double within = 0;
    size_t moved = 0;
    for (size_t at = 0; at < parts; at++) {
        int layer = (int)at / t->heads, head = (int)at % t->heads;
        double worst = worst_of_head(t, layer, head, steps_q, steps_k);
        exact[at] = worst > most;
        moved += exact[at];
        within = fmax(within, exact[at] ? worst_of_head(t, layer, head, q, k) : worst);
    }
    memory_free(steps_q), memory_free(steps_k);
    if (2 * moved > parts) {
        add_exact_heads(block, page, t, q, k, within);
        memory_free(exact);
        return;
    }
    block_add(block, "q", PACK_SHORTS, shape, q, parts);
    block_add(block, "k", PACK_SHORTS, shape, k, parts);
    string_add(page, ",\"precision\":\"int16\",\"weights_within\":%.3g,\"exact\":[", within);
    const char *comma = "";
    for (int at = 0; at < (int)parts; at++) {
        if (!exact[at]) continue;
        add_exact_head(block, t, at / t->heads, at % t->heads, q, k);
        string_add(page, "%s[%d,%d]", comma, at / t->heads, at % t->heads);
        comma = ",";
    }
    string_add(page, "]");
    memory_free(exact);
}

static void add_heads(Block *block, String *page, const Trace *t, bool exact) {
    float *q = heads_apart(t, PART_Q), *k = heads_apart(t, PART_K);
    if (exact) add_exact_heads(block, page, t, q, k, 0); /* the same numbers on the same machine */
    else add_packed_heads(block, page, t, q, k);
    memory_free(q), memory_free(k);
}

static void add_bias(Block *block, const Trace *t) {
    const Mat bias = t->attention[0].bias;
    if (!bias.data) return;
    bool same = true; /* in all layers: ALiBi; Shaw's depends on the queries */
    for (int l = 1; l < t->layers; l++) same = same && t->attention[l].bias.data == bias.data;
    int layers = same ? 1 : t->layers;
    Mat all = mat_new(layers * bias.rows, bias.cols);
    for (int l = 0; l < layers; l++) mat_copy(mat_rows(all, l * bias.rows, bias.rows), t->attention[l].bias);
    Shape shape = {{(size_t)layers, (size_t)bias.rows, (size_t)bias.cols}, 3};
    block_add(block, "bias", PACK_FLOATS, shape, all.data, 1);
    mat_free(&all);
}

/* ---- the text's way through the model, to look at ---- */

static void add_rows(Block *block, const char *name, Mat m, const PagePlan *plan) {
    block_add(block, name, to_look_at(plan), (Shape){{(size_t)m.rows, (size_t)m.cols}, 2}, m.data, (size_t)m.rows);
}

static void add_layer(Block *block, const char *word, int layer, Mat m, const PagePlan *plan) {
    char *name = text_format("%s.%d", word, layer);
    add_rows(block, name, m, plan);
    memory_free(name);
}

/* What a half of a layer adds, before it is added. */
static void add_added(Block *block, const char *word, int layer, const Reading *r, Added by, const PagePlan *plan) {
    Mat added = model_added(r->reader->model, r->reader->workers, &r->trace, layer, by);
    add_layer(block, word, layer, added, plan);
    mat_free(&added);
}

/* value_norm [layers, heads, n]: the lengths of the value vectors. */
static void add_norms(Block *block, const Trace *t) {
    Mat norms = mat_new(t->layers * t->heads, t->n);
    int d = t->width / t->heads;
    for (int l = 0; l < t->layers; l++)
        for (int h = 0; h < t->heads; h++)
            for (int i = 0; i < t->n; i++) {
                double sum = 0;
                for (int c = h * d; c < (h + 1) * d; c++) sum += pow((double)mat_at(t->attention[l].v, i, c), 2);
                mat_row(norms, l * t->heads + h)[i] = (float)sqrt(sum);
            }
    Shape shape = {{(size_t)t->layers, (size_t)t->heads, (size_t)t->n}, 3};
    block_add(block, "value_norm", PACK_FLOATS, shape, norms.data, 1);
    mat_free(&norms);
}

/* moved [layers, 2, n] */
static void add_moves(Block *block, const Trace *t) {
    Mat moved = mat_new(2 * t->layers, t->n);
    for (int l = 0; l < t->layers; l++) layer_moves(t, l, mat_rows(moved, 2 * l, 2));
    block_add(block, "moved", PACK_FLOATS, (Shape){{(size_t)t->layers, 2, (size_t)t->n}, 3}, moved.data, 1);
    mat_free(&moved);
}

static void add_strips(Block *block, String *page, const Reading *r, const PagePlan *plan) {
    const Trace *t = &r->trace;
    Mat sum = mat_new(t->n, t->width);
    for (int i = 0; i < t->n; i++)
        for (int c = 0; c < t->width; c++)
            mat_row(sum, i)[c] = mat_at(t->word, i, c) + mat_at(t->position, i, c) + mat_at(t->segment, i, c);
    add_rows(block, "word", t->word, plan), add_rows(block, "position", t->position, plan);
    add_rows(block, "segment", t->segment, plan), add_rows(block, "embedded", sum, plan);
    mat_free(&sum);
    string_add(page, ",\"anatomy_layers\":[");
    for (int i = 0; i < plan->layers; i++) {
        int l = plan->layer[i];
        add_layer(block, "context", l, t->context[l], plan), add_layer(block, "attended", l, t->attended[l], plan);
        add_added(block, "mixed", l, r, ADDED_BY_ATTENTION, plan);
        add_layer(block, "inner", l, t->inner[l], plan);
        add_added(block, "fed", l, r, ADDED_BY_FEED_FORWARD, plan);
        string_add(page, i ? ",%d" : "%d", l);
    }
    string_add(page, "],\"inner_width\":%d,\"norm_first\":%s", t->inner_width, t->norm_first ? "true" : "false");
}

/* ---- what it would say ---- */

enum { GUESSES = 5 };

static void add_label(String *page, const Reader *reader, int id) {
    char *label = reader_label(reader, id);
    json_add_text(page, label, strlen(label));
    memory_free(label);
}

/* guess_id I32, guess_logit, guess_exp = exp(logit - the largest) and guess_share [n, 5], the likeliest first;
 * guess_sum [n]: the sum of all exps, of which a guess has its share. */
static void add_guesses(Block *block, String *page, const Reading *r) {
    const Model *model = r->reader->model;
    if (!model || !model_card(model).guesses) {
        string_add(page, ",\"guesses\":null");
        return;
    }
    Mat logits = model_logits(model, r->reader->workers, &r->trace);
    int n = logits.rows, top = logits.cols < GUESSES ? logits.cols : GUESSES;
    int *ids = memory_new((size_t)n * (size_t)top, sizeof *ids, "the guesses");
    Mat best = mat_new(n, top), exps = mat_new(n, top), shares = mat_new(n, top), sums = mat_new(1, n);
    bool gaps = model_bert(model) || model_gpt(model)->config.fills_gaps;
    string_add(page, ",\"guesses\":{\"kind\":\"%s\",\"top\":%d,\"tokens\":[", gaps ? "mlm" : "next", top);
    for (int i = 0; i < n; i++) {
        const float *row = mat_row(logits, i);
        int *at = ids + (size_t)i * (size_t)top, found = sampling_likeliest(at, top, row, logits.cols);
        for (int g = 0; g < found; g++) {
            mat_row(best, i)[g] = row[at[g]];
            string_add(page, g ? "," : i ? ",[" : "[");
            add_label(page, r->reader, at[g]);
        }
        double sum = 0;
        for (int id = 0; id < logits.cols; id++) sum += exp((double)row[id] - (double)row[at[0]]);
        sums.data[i] = (float)sum;
        for (int g = 0; g < found; g++) {
            double part = exp((double)row[at[g]] - (double)row[at[0]]);
            mat_row(exps, i)[g] = (float)part, mat_row(shares, i)[g] = (float)(part / sum);
        }
        string_add(page, "]");
    }
    string_add(page, "]}");
    Shape shape = {{(size_t)n, (size_t)top}, 2};
    block_add_ints(block, "guess_id", shape, ids);
    block_add(block, "guess_logit", PACK_FLOATS, shape, best.data, 1);
    block_add(block, "guess_exp", PACK_FLOATS, shape, exps.data, 1);
    block_add(block, "guess_share", PACK_FLOATS, shape, shares.data, 1);
    block_add(block, "guess_sum", PACK_FLOATS, (Shape){{(size_t)n}, 1}, sums.data, 1);
    memory_free(ids), mat_free(&best), mat_free(&exps), mat_free(&shares);
    mat_free(&sums), mat_free(&logits);
}

/* twin [measures, layers, heads]: the measures of the same form with random weights, on the same text. */
static void add_twin(Block *block, const Reading *r) {
    Null twin = null_new(r, TWIN_SEED);
    Shape shape = {{(size_t)measure_count(), (size_t)twin.table.layers, (size_t)twin.table.heads}, 3};
    float *values = memory_new(shape_count(shape), sizeof *values, "the twin's measures");
    for (size_t i = 0; i < shape_count(shape); i++) values[i] = (float)twin.table.value[i];
    block_add(block, "twin", PACK_FLOATS, shape, values, 1);
    memory_free(values), null_free(&twin);
}

void page_add_reading(Block *block, String *page, const Reading *r, PagePlan plan) {
    const Trace *t = &r->trace;
    page_say_model(page, r, plan);
    page_say_tokens(page, r);
    if (t->attention[0].q.data) add_heads(block, page, t, plan.exact), add_bias(block, t);
    else add_maps(block, page, t);
    if (t->attention[0].v.data) add_values(block, t, &plan), add_norms(block, t);
    for (int l = 0; t->hidden && l <= t->layers; l++) add_layer(block, "hidden", l, t->hidden[l], &plan);
    if (r->reader->model) add_moves(block, t), add_strips(block, page, r, &plan);
    add_guesses(block, page, r);
    if (plan.why && r->reader->model) page_add_why(block, page, r, plan);
    if (plan.twin && r->reader->model) add_twin(block, r);
    string_add(page, ",\"state\":{\"layer\":%d,\"head\":%d%s%s}", plan.one_layer, plan.one_head, plan.state ? "," : "",
               plan.state ? plan.state : "");
}
