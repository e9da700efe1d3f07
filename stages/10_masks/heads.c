/* heads - whose maps are masked: random heads as in stage 09; or, when the course has come that far, a layer of a
 * pretrained BERT (17) or of a GPT that was trained in 15. */
#include "base/error.h"
#include "base/memory.h"
#include "base/plural.h"
#include "math/paper.h"
#include "tool.h"

#include <math.h>
#include <string.h>

static const char *const MODEL_TEXT = "The lamp in the old tower went dark because it had no oil";

/* ---- random heads ---- */

/* Stage 08's head without weights: q = k = v = x. Its scores were not divided by sqrt(d), so q is made larger. */
static void head_without_weights(Heads *h) {
    Mat x = h->toy.x, copies[3] = {mat_new(x.rows, x.cols), mat_new(x.rows, x.cols), mat_new(x.rows, x.cols)};
    for (int i = 0; i < 3; i++) mat_copy(copies[i], x);
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) mat_row(copies[0], i)[c] *= sqrtf((float)x.cols);
    h->random.attention = attention_of(copies[0], copies[1], copies[2], 1, (Mask){0});
}

/* Head by head, and of each Q, K and V in turn: one head is the head of stage 09. */
static void random_heads(Heads *h, const Choices *ask) {
    int d = ask->head_width;
    Rng rng = rng_seed(ask->common.seed);
    h->random = toy_heads_new(h->toy.x, h->toy.x, ask->random_heads, d, (ToyWeights)ask->weights, &rng, d);
    toy_heads_project(&h->random);
}

static void open_random(Heads *h, const Choices *ask) {
    bool plain = ask->weights == WEIGHTS_NONE;
    h->n = h->toy.n, h->heads = plain ? 1 : ask->random_heads;
    h->words = h->toy.words;
    if (plain) head_without_weights(h);
    else random_heads(h, ask);
    h->attention = h->random.attention;
    h->title = plain ? text_format("dot products without weights (stage 08)")
                     : text_format("%s random head%s (stage 09), seed %llu", h->heads == 1 ? "a" : "several",
                                   PLURAL(h->heads), (unsigned long long)ask->common.seed);
}

/* ---- a model's layer ---- */

/* The maps that will be kept: those without a mask, and each of --compare's, between commas. */
static int sets_to_keep(const Choices *ask) {
    int masks = 2;
    for (const char *at = ask->compare; at && (at = strchr(at, ',')) != NULL; at++) masks++;
    return masks;
}

static void open_model(Heads *h, const Choices *ask) {
    h->reader = reader_open(ask->model, ask->common.threads, false);
    h->reading = reading_open(&h->reader, options_input(&ask->common, MODEL_TEXT), (Bytes){0},
                              (ReadingPlan){.advice = "a shorter text"});
    ModelCard card = model_card(h->reader.model);
    if (ask->layer >= card.layers)
        fail(EXIT_USAGE, "--layer %d: %s has layers 0 to %d", ask->layer, ask->model, card.layers - 1);
    h->layer = ask->layer;
    h->n = h->reading.encoding.n, h->heads = card.heads, h->words = h->reading.labels;
    heads_check_room(h, sets_to_keep(ask));
    reading_pass(&h->reading);
    h->is_causal = card.trained.causal;
    h->attention = h->reading.trace.attention[h->layer];
    h->title = text_format("%s, layer %d", ask->model, h->layer);
}

/* ---- both ---- */

void heads_check_room(const Heads *h, int sets) {
    double bytes = (double)sets * h->heads * h->n * h->n * sizeof(float), most = 1e9;
    if (bytes > most)
        fail(EXIT_DATA,
             "%d tokens and %d heads: the maps of %d masks take %.1f GB (expected 1 at most). Try: a shorter text",
             h->n, h->heads, sets, bytes / 1e9);
}

static void finish_heads(Heads *h, const Choices *ask) {
    heads_check_room(h, 1);
    h->maps = mat_new(h->heads * h->n, h->n);
    h->context = mat_new(h->n, h->attention.q.cols);
    h->chosen = options_ranges("head", ask->heads, h->heads, &h->chosen_count);
    attention_forward_with(h->workers, h->attention, h->context, h->maps);
}

Heads *heads_open(const Choices *ask) {
    Heads *h = memory_new(1, sizeof *h, "the heads");
    h->in_model = ask->scope == SCOPE_MODEL;
    if (ask->model) {
        open_model(h, ask);
        h->workers = h->reader.workers;
    } else {
        h->workers = h->own_workers = workers_new(ask->common.threads);
        h->toy = toy_read(&ask->common, ask->width);
        open_random(h, ask);
    }
    finish_heads(h, ask);
    return h;
}

Heads *heads_of_text(const Choices *ask, const char *text) {
    Heads *h = memory_new(1, sizeof *h, "the heads");
    h->toy = toy_text(text, strlen(text), ask->width, ask->common.seed);
    open_random(h, ask);
    finish_heads(h, ask);
    return h;
}

void heads_close(Heads *h) {
    toy_heads_free(&h->random);
    toy_free(&h->toy);
    trace_free(&h->masked);
    if (h->reader.model) reading_free(&h->reading), reader_free(&h->reader);
    mat_free(&h->maps), mat_free(&h->context);
    memory_free(h->chosen), memory_free(h->title);
    workers_free(h->own_workers);
    memory_free(h);
}

/* A pass under a mask has a trace of its own: the q and k of the pass without one are still needed. */
void heads_under(Heads *h, Mask mask, Mat maps, Mat context) {
    Attention masked = h->attention;
    masked.mask = mask;
    if (!h->in_model) {
        attention_forward_with(h->workers, masked, context, maps);
        return;
    }
    const Encoding *e = &h->reading.encoding;
    if (!h->masked.n) h->masked = model_trace_new(h->reader.model, h->n);
    model_run(h->reader.model, h->workers, e->ids, e->types, (Run){.mask = mask}, &h->masked);
    mat_copy(maps, h->masked.maps[h->layer]);
    mat_copy(context, h->masked.context[h->layer]);
}

Mat head_columns(const Heads *h, Mat m, int head) {
    int d = m.cols / h->heads;
    return mat_cols(m, head * d, d);
}

Paper heads_bias(const Heads *h, int head) {
    Paper bias = paper_new(h->n, h->n);
    for (int i = 0; i < h->n && h->attention.bias.data; i++)
        for (int j = 0; j < h->n; j++) bias.at[i][j] = attention_bias_row(&h->attention, head, i)[j];
    return bias;
}
