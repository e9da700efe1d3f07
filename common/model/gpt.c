#include "model/gpt.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/room.h"
#include "weights/mask_json.h"

#include <stdint.h>
#include <string.h>

const PositionScheme *gpt_position(int place) {
    for (const PositionScheme *s = POSITION_SCHEMES; s < POSITION_SCHEMES + POSITION_SCHEME_COUNT; s++)
        if ((!s->trained || s->place == POSITIONS_INPUT) && place-- == 0) return s;
    return NULL;
}

char *gpt_position_words(void) {
    String words = {0};
    for (int i = 0; gpt_position(i); i++) string_add(&words, "%s%s", i ? "|" : "", gpt_position(i)->name);
    return words.text;
}

/* ---- sizes ---- */

/* *total += a * b * times; false when that does not fit. */
static bool add_product(size_t *total, int a, int b, int times) {
    size_t product;
    return size_multiply((size_t)a, (size_t)b, &product) && size_multiply(product, (size_t)times, &product) &&
           size_add(*total, product, total);
}

static bool count_matrices(const GptConfig *c, size_t *count) {
    *count = 0;
    return add_product(count, c->vocab, c->width, 1) &&
           (!c->positions->trained || add_product(count, c->context, c->width, 1)) &&
           add_product(count, 4 * c->width, c->width, c->layers) && /* queries, keys, values, and their mix */
           add_product(count, 2 * c->inner, c->width, c->layers);
}

bool gpt_count(const GptConfig *c, size_t *count) {
    return count_matrices(c, count) && add_product(count, 9 * c->width + c->inner, 1, c->layers) &&
           add_product(count, 2 * c->width, 1, 1) && *count < SIZE_MAX / sizeof(float);
}

/* The largest sizes keep every product above inside an int. */
static void check_size(const char *name, int size, int most) {
    if (size < 1 || size > most) fail(EXIT_DATA, "%s is %d (expected 1 to %d)", name, size, most);
}

static void check_config(const GptConfig *c) {
    check_size("the number of layers", c->layers, 1024);
    check_size("the width", c->width, 1 << 16);
    check_size("the number of heads", c->heads, 1024);
    check_size("the feed-forward width", c->inner, 1 << 20);
    check_size("the vocabulary", c->vocab, 1 << 24);
    check_size("the context", c->context, 1 << 20);
    if (c->width % c->heads != 0)
        fail(EXIT_DATA, "%d heads cannot share a width of %d equally. Try: a divisor of %d", c->heads, c->width,
             c->width);
}

/* ---- the one row of numbers ---- */

static Mat take_mat(float **at, int rows, int cols) {
    Mat m = {*at, rows, cols, cols};
    *at += (size_t)rows * (size_t)cols;
    return m;
}

static float *take(float **at, int n) {
    float *here = *at;
    *at += n;
    return here;
}

static LayerNorm take_norm(float **at, const GptConfig *c) {
    float *gain = take(at, c->width);
    return (LayerNorm){gain, take(at, c->width), c->norm_eps};
}

static void lay_out(const GptConfig *c, GptWeights *w) {
    float *at = w->numbers;
    w->words = take_mat(&at, c->vocab, c->width);
    w->places = take_mat(&at, c->positions->trained ? c->context : 0, c->width);
    for (int l = 0; l < c->layers; l++) {
        w->layers[l].qkv.weight = take_mat(&at, 3 * c->width, c->width);
        w->layers[l].mix.weight = take_mat(&at, c->width, c->width);
        w->layers[l].widen.weight = take_mat(&at, c->inner, c->width);
        w->layers[l].narrow.weight = take_mat(&at, c->width, c->inner);
    }
    for (int l = 0; l < c->layers; l++) { /* matrices are over: from here on nothing decays */
        GptLayer *layer = &w->layers[l];
        layer->before_attention = take_norm(&at, c);
        layer->qkv.bias = take(&at, 3 * c->width), layer->mix.bias = take(&at, c->width);
        layer->before_feed_forward = take_norm(&at, c);
        layer->widen.bias = take(&at, c->inner), layer->narrow.bias = take(&at, c->width);
    }
    w->last = take_norm(&at, c);
}

GptWeights gpt_weights_new(const Gpt *gpt) {
    GptWeights w = {0};
    w.numbers = memory_new(gpt->count, sizeof *w.numbers, "the parameters of the model");
    w.layers = memory_new((size_t)gpt->config.layers, sizeof *w.layers, "the layers");
    lay_out(&gpt->config, &w);
    return w;
}

void gpt_weights_free(GptWeights *weights) {
    memory_free(weights->numbers);
    memory_free(weights->layers);
    *weights = (GptWeights){0};
}

static void fill(float *at, int n, float value) {
    for (int i = 0; i < n; i++) at[i] = value;
}

Gpt gpt_new(GptConfig config) {
    check_config(&config);
    if (!config.positions) config.positions = position_scheme("learned");
    if (config.activation == ACTIVATION_NONE) config.activation = ACTIVATION_GELU_TANH;
    Gpt gpt = {.config = config};
    if (!gpt_count(&config, &gpt.count) || !count_matrices(&config, &gpt.decayed))
        fail(EXIT_ENVIRONMENT, "out of memory (the number of parameters does not fit into %zu bits)",
             8 * sizeof(size_t));
    room_check((double)gpt.count * sizeof(float), "the parameters need", NULL);
    gpt.weights = gpt_weights_new(&gpt);
    for (int l = 0; l < config.layers; l++) {
        fill(gpt.weights.layers[l].before_attention.gain, config.width, 1);
        fill(gpt.weights.layers[l].before_feed_forward.gain, config.width, 1);
    }
    fill(gpt.weights.last.gain, config.width, 1);
    gpt_train_under(&gpt, (Mask){.causal = true});
    if (config.positions->rows) {
        gpt.rows = mat_new(config.context, config.width);
        config.positions->rows(gpt.rows, 0);
    }
    return gpt;
}

void gpt_free(Gpt *gpt) {
    gpt_weights_free(&gpt->weights);
    named_mask_free(&gpt->trained);
    mat_free(&gpt->rows), mat_free(&gpt->own_head);
    *gpt = (Gpt){0};
}

Linear gpt_head(const Gpt *gpt) {
    return (Linear){gpt->own_head.data ? gpt->own_head : gpt->weights.words, NULL};
}

static bool *copy_flags(const bool *flags, size_t count) {
    if (!flags) return NULL;
    bool *copy = memory_new(count, sizeof *copy, "the model's mask");
    memcpy(copy, flags, count * sizeof *copy);
    return copy;
}

void gpt_train_under(Gpt *gpt, Mask mask) {
    size_t n = (size_t)mask.tokens;
    if (mask.picture && mask.tokens > MASK_JSON_MOST)
        fail(EXIT_DATA, "a drawn mask of %d tokens (expected at most %d, which config.json has room for)", mask.tokens,
             MASK_JSON_MOST);
    NamedMask named = {.rule = mask};
    named.rule.global_at = named.global_at = copy_flags(mask.global_at, n);
    named.rule.picture = named.picture = copy_flags(mask.picture, n * n);
    named_mask_free(&gpt->trained);
    gpt->trained = named;
}

static void draw(Mat m, Rng *rng, float deviation) {
    rng_normal(rng, m.data, (size_t)m.rows * (size_t)m.cols, 0, deviation);
}

void gpt_randomise(Gpt *gpt, Rng *rng, float deviation) {
    GptWeights *w = &gpt->weights;
    draw(w->words, rng, deviation);
    draw(w->places, rng, deviation);
    for (int l = 0; l < gpt->config.layers; l++) {
        draw(w->layers[l].qkv.weight, rng, deviation);
        draw(w->layers[l].mix.weight, rng, deviation);
        draw(w->layers[l].widen.weight, rng, deviation);
        draw(w->layers[l].narrow.weight, rng, deviation);
    }
}

void gpt_check_writes(const Gpt *gpt, const char *folder) {
    const char *why = !gpt->trained.rule.causal ? "see what comes later" : gpt->config.fills_gaps ? "fill gaps" : NULL;
    if (why)
        fail(EXIT_DATA,
             "%s: this model was trained to %s, so it cannot write (expected one that learnt what comes next). "
             "Try: 15_training --objective next, or 17_bert --model %s",
             folder, why, folder);
}
