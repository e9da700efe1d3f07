#include "model/effects.h"
#include "attention/head_type.h"
#include "attention/mask_cost.h"
#include "attention/mask_table.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

const char *const EFFECT_NAME[EFFECTS] = {"lost", "moved", "type_flips", "final_cosine", "probability_change"};

Effects effects_new(const Model *model, Workers *workers, const int *layer, int layers, bool in_model) {
    ModelCard card = model_card(model);
    Effects e = {.model = model, .workers = workers, .layer = layer, .layers = layers, .heads = card.heads};
    e.in_model = in_model;
    e.unmasked = memory_new((size_t)card.layers, sizeof *e.unmasked, "the layers");
    for (int l = 0; l < card.layers; l++) e.unmasked[l] = true;
    e.first = layers ? layer[0] : 0;
    for (int l = 0; l < layers; l++) {
        e.unmasked[layer[l]] = false;
        if (layer[l] < e.first) e.first = layer[l];
    }
    e.plain_type = memory_new((size_t)layers * (size_t)card.heads, sizeof *e.plain_type, "the heads' types");
    return e;
}

static void free_room(Effects *e) {
    trace_free(&e->plain), trace_free(&e->masked);
    mat_free(&e->maps), mat_free(&e->context);
    memory_free(e->rows), memory_free(e->ids);
}

void effects_free(Effects *e) {
    free_room(e);
    memory_free(e->unmasked), memory_free(e->plain_type);
    *e = (Effects){0};
}

/* For texts of n tokens; nothing to do when the last one was as long. */
static void make_room(Effects *e, int n) {
    if (e->plain.n == n) return;
    free_room(e);
    e->plain = model_trace_new(e->model, n), e->masked = model_trace_new(e->model, n);
    e->maps = mat_new(e->heads * n, n), e->context = mat_new(n, e->plain.width);
    e->rows = memory_new((size_t)workers_count(e->workers) * (size_t)n, sizeof *e->rows, "the rows");
    e->ids = memory_new((size_t)n, sizeof *e->ids, "the tokens");
}

int effects_count(const Effects *e) {
    return EFFECTS_OF_HEAD * e->layers * e->heads + EFFECTS - EFFECTS_OF_HEAD;
}

int effect_at(const Effects *e, EffectKind kind, int layer, int head) {
    int of_heads = EFFECTS_OF_HEAD * e->layers * e->heads;
    if (kind >= EFFECTS_OF_HEAD) return of_heads + (int)kind - EFFECTS_OF_HEAD;
    return EFFECTS_OF_HEAD * (layer * e->heads + head) + (int)kind;
}

/* ---- the heads of one layer ---- */

typedef struct {
    Effects *e;
    const EffectText *text;
    Mask mask;
    int layer;         /* a place in e->layer */
    Mat maps, context; /* (heads * n, n), (n, width) under the mask */
    double *values;    /* [effects_count] */
} LayerWork;

static void effects_of_head(void *context, int head, int worker) {
    const LayerWork *w = context;
    const Effects *e = w->e;
    int n = e->plain.n, l = e->layer[w->layer], d_head = e->plain.width / e->heads;
    Mat before = e->plain.context[l];
    float *rows = e->rows + (size_t)worker * (size_t)n;
    mask_lost_mass(rows, trace_map(&e->plain, l, head), w->mask);
    w->values[effect_at(e, EFFECT_LOST, w->layer, head)] = rows_mean(rows, n);
    rows_moved(rows, mat_cols(w->context, head * d_head, d_head), mat_cols(before, head * d_head, d_head));
    w->values[effect_at(e, EFFECT_MOVED, w->layer, head)] = rows_mean(rows, n);
    int type = (int)head_type(attention_map(w->maps, n, head), w->mask, w->text->marks);
    w->values[effect_at(e, EFFECT_FLIPS, w->layer, head)] = type != e->plain_type[w->layer * e->heads + head];
}

static void effects_of_layers(Effects *e, const EffectText *text, Mask mask, double *values) {
    for (int place = 0; place < e->layers; place++) {
        int l = e->layer[place];
        LayerWork work = {e, text, mask, place, e->masked.maps[l], e->masked.context[l], values};
        if (!e->in_model) {
            Attention a = e->plain.attention[l];
            a.mask = mask, work.maps = e->maps, work.context = e->context;
            attention_forward_with(e->workers, a, e->context, e->maps);
        }
        workers_run(e->workers, e->heads, effects_of_head, &work);
    }
}

static void type_of_head(void *context, int piece, int worker) {
    const LayerWork *w = context;
    const Effects *e = w->e;
    (void)worker;
    Mat map = trace_map(&e->plain, e->layer[piece / e->heads], piece % e->heads);
    e->plain_type[piece] = (int)head_type(map, w->mask, w->text->marks);
}

/* ---- the model as a whole ---- */

static double cosine(const float *a, const float *b, int n) {
    double ab = 0, aa = 0, bb = 0;
    for (int c = 0; c < n; c++) {
        ab += (double)a[c] * (double)b[c];
        aa += (double)a[c] * (double)a[c], bb += (double)b[c] * (double)b[c];
    }
    if (aa == 0 || bb == 0) return aa == bb; /* no direction: the same only when both have none */
    return ab / sqrt(aa * bb);
}

static double final_cosine(const Effects *e) {
    Mat before = e->plain.hidden[e->plain.layers], after = e->masked.hidden[e->masked.layers];
    double sum = 0;
    for (int i = 0; i < before.rows; i++) sum += cosine(mat_row(before, i), mat_row(after, i), before.cols);
    return sum / before.rows;
}

static double probability_of(const float *logits, int n, int id) {
    double top = -INFINITY, sum = 0;
    for (int i = 0; i < n; i++) top = fmax(top, (double)logits[i]);
    for (int i = 0; i < n; i++) sum += exp((double)logits[i] - top);
    return exp((double)logits[id] - top) / sum;
}

/* The sum over rows first .. first + rows - 1 of the probability of right[0], right[1], ... A head looks at the last
 * hidden states and at nothing else, so it is given a part of them. */
static double sum_of_probabilities(const Effects *e, const Trace *t, int first, int rows, const int *right) {
    Mat part = mat_rows(t->hidden[t->layers], first, rows);
    Trace last = {.n = rows, .heads = t->heads, .width = t->width, .hidden = &part};
    Mat logits = model_logits(e->model, e->workers, &last);
    double sum = 0;
    for (int i = 0; i < rows; i++) sum += probability_of(mat_row(logits, i), logits.cols, right[i]);
    mat_free(&logits);
    return sum;
}

/* Of a GPT whose pass over the text is in t: the mean over what comes next. */
static double next_probability(const Effects *e, const Trace *t, const EffectText *text) {
    enum { ROWS = 32 }; /* a vocabulary of 50,257 takes 6 MB so */
    double sum = 0;
    for (int first = 0; first < text->n - 1; first += ROWS) {
        int rows = text->n - 1 - first < ROWS ? text->n - 1 - first : ROWS;
        sum += sum_of_probabilities(e, t, first, rows, text->ids + first + 1);
    }
    return text->n > 1 ? sum / (text->n - 1) : (double)NAN;
}

static Run run_under(const Effects *e, const Mask *mask) {
    return mask ? (Run){.mask = *mask, .unmasked = e->unmasked} : (Run){.mask = model_card(e->model).trained};
}

/* Of a BERT: the hidden word's, by a pass of its own, which takes the room of the masked one. */
static double hidden_probability(Effects *e, const EffectText *text, const Mask *mask) {
    if (text->word < 0 || text->mask_id < 0) return (double)NAN;
    memcpy(e->ids, text->ids, (size_t)text->n * sizeof *e->ids);
    e->ids[text->word] = text->mask_id;
    model_run(e->model, e->workers, e->ids, text->types, run_under(e, mask), &e->masked);
    return sum_of_probabilities(e, &e->masked, text->word, 1, text->ids + text->word);
}

/* After a pass over t (mask NULL: without one). */
static double right_probability(Effects *e, const Trace *t, const EffectText *text, const Mask *mask) {
    if (!model_card(e->model).guesses) return (double)NAN;
    return model_gpt(e->model) ? next_probability(e, t, text) : hidden_probability(e, text, mask);
}

/* Does the mask allow just what the model's own does? */
static bool changes_nothing(const Effects *e, Mask mask, int n) {
    Mask own = model_card(e->model).trained;
    return mask_equal(mask, own) || (mask_is_full(own) && mask_count(mask, n) == (long long)n * n);
}

static void nothing_changed(const Effects *e, double *values, double probability) {
    for (int i = 0; i < effects_count(e); i++) values[i] = 0;
    values[effect_at(e, EFFECT_COSINE, 0, 0)] = 1;
    if (isnan(probability)) values[effect_at(e, EFFECT_PROBABILITY, 0, 0)] = probability;
}

void effects_of(Effects *e, EffectText text, const Mask *masks, int count, double *values) {
    make_room(e, text.n);
    LayerWork plain = {.e = e, .text = &text, .mask = model_card(e->model).trained};
    model_run(e->model, e->workers, text.ids, text.types, run_under(e, NULL), &e->plain);
    workers_run(e->workers, e->layers * e->heads, type_of_head, &plain);
    double probability = right_probability(e, &e->plain, &text, NULL);
    for (int m = 0; m < count; m++) {
        double *of_mask = values + (size_t)m * (size_t)effects_count(e);
        if (changes_nothing(e, masks[m], text.n)) {
            nothing_changed(e, of_mask, probability);
            continue;
        }
        Run run = run_under(e, &masks[m]);
        run.known = &e->plain, run.from = e->first;
        model_run(e->model, e->workers, text.ids, text.types, run, &e->masked);
        of_mask[effect_at(e, EFFECT_COSINE, 0, 0)] = final_cosine(e);
        effects_of_layers(e, &text, masks[m], of_mask);
        double now = right_probability(e, &e->masked, &text, &masks[m]);
        of_mask[effect_at(e, EFFECT_PROBABILITY, 0, 0)] = now - probability;
    }
}
