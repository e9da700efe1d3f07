#include "model/gpt_files.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/plural.h"
#include "math/fast/vecmath.h"
#include "text/tokenizer_folder.h"
#include "weights/config.h"
#include "weights/foreign.h"
#include "weights/mask_json.h"
#include "weights/prefix.h"
#include "weights/safetensors.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* ---- one list of all tensors, for writing and for reading ---- */

static const char OURS[] = "transformer.", WORDS[] = "wte.weight", HEAD[] = "lm_head.weight";

typedef struct {
    char name[64];       /* without OURS */
    Mat m;               /* where its numbers are; vectors have one row */
    bool vector, turned; /* turned: stored (in, out), so our (out, in) is its transpose */
} Entry;

typedef struct {
    Entry *entry; /* owned */
    int count;
} Entries;

static void add_entry(Entries *list, const char *name, Mat m, bool turned) {
    Entry *e = &list->entry[list->count++];
    snprintf(e->name, sizeof e->name, "%s", name);
    e->m = m;
    e->turned = turned;
}

static void add_vector(Entries *list, const char *name, float *at, int n) {
    add_entry(list, name, (Mat){at, 1, n, n}, false);
    list->entry[list->count - 1].vector = true;
}

static void add_norm(Entries *list, const char *name, LayerNorm norm, int width) {
    char full[64];
    snprintf(full, sizeof full, "%s.weight", name);
    add_vector(list, full, norm.gain, width);
    snprintf(full, sizeof full, "%s.bias", name);
    add_vector(list, full, norm.bias, width);
}

static void add_linear(Entries *list, int layer, const char *name, Linear linear) {
    char full[64];
    snprintf(full, sizeof full, "h.%d.%s.weight", layer, name);
    add_entry(list, full, linear.weight, true);
    snprintf(full, sizeof full, "h.%d.%s.bias", layer, name);
    add_vector(list, full, linear.bias, linear.weight.rows);
}

static void add_layer(Entries *list, const GptConfig *c, const GptLayer *w, int l) {
    char norm[32];
    snprintf(norm, sizeof norm, "h.%d.ln_1", l);
    add_norm(list, norm, w->before_attention, c->width);
    add_linear(list, l, "attn.c_attn", w->qkv);
    add_linear(list, l, "attn.c_proj", w->mix);
    snprintf(norm, sizeof norm, "h.%d.ln_2", l);
    add_norm(list, norm, w->before_feed_forward, c->width);
    add_linear(list, l, "mlp.c_fc", w->widen);
    add_linear(list, l, "mlp.c_proj", w->narrow);
}

static Entries entries_of(const Gpt *gpt) {
    enum { IN_LAYER = 12, OUTSIDE = 5 }; /* outside: words, places, the last norm, perhaps a head */
    Entries list = {memory_new((size_t)(gpt->config.layers * IN_LAYER + OUTSIDE), sizeof(Entry), "the tensors"), 0};
    add_entry(&list, WORDS, gpt->weights.words, false);
    if (gpt->config.positions->trained) add_entry(&list, "wpe.weight", gpt->weights.places, false);
    for (int l = 0; l < gpt->config.layers; l++) add_layer(&list, &gpt->config, &gpt->weights.layers[l], l);
    add_norm(&list, "ln_f", gpt->weights.last, gpt->config.width);
    return list;
}

static void turn(float *out, const float *in, int rows, int cols) { /* in (rows, cols) -> out (cols, rows) */
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++)
            out[(size_t)j * (size_t)rows + (size_t)i] = in[(size_t)i * (size_t)cols + (size_t)j];
}

/* ---- writing ---- */

static void write_config(const Gpt *gpt, const char *path) {
    const GptConfig *c = &gpt->config;
    String text = {0};
    string_add(&text, "{\n  \"architectures\": [\"GPT2LMHeadModel\"],\n  \"model_type\": \"gpt2\",\n");
    string_add(&text, "  \"vocab_size\": %d,\n  \"n_positions\": %d,\n  \"n_embd\": %d,\n", c->vocab, c->context,
               c->width);
    string_add(&text, "  \"n_layer\": %d,\n  \"n_head\": %d,\n  \"n_inner\": %d,\n", c->layers, c->heads, c->inner);
    string_add(&text, "  \"activation_function\": \"%s\",\n  \"layer_norm_epsilon\": %.9g,\n",
               config_activation_name(c->activation), (double)c->norm_eps);
    string_add(&text, "  \"attn_pdrop\": 0.0,\n  \"embd_pdrop\": 0.0,\n  \"resid_pdrop\": 0.0,\n");
    string_add(&text, "  \"bos_token_id\": null,\n  \"eos_token_id\": null,\n  \"tie_word_embeddings\": true,\n");
    string_add(&text, "  \"scale_attn_weights\": %s,\n", c->unscaled ? "false" : "true");
    string_add(&text, "  \"headlight\": {\"positions\": \"%s\", ", c->positions->name);
    mask_json_add(&text, gpt->trained.rule);
    if (gpt->tokens) string_add(&text, ", \"tokens\": \"%s\"", gpt->tokens);
    if (c->fills_gaps) string_add(&text, ", \"objective\": \"masked\"");
    string_add(&text, "}\n}\n");
    file_save(path, text.text, text.length);
    string_free(&text);
}

/* Positions that are a table, but no parameter, are written as one: transformers then computes the same. */
static Mat fixed_places(const Gpt *gpt) {
    Mat places = {0};
    if (gpt->rows.data || gpt->config.positions->place == POSITIONS_NOWHERE)
        places = mat_new(gpt->config.context, gpt->config.width);
    if (gpt->rows.data) mat_copy(places, gpt->rows);
    return places;
}

void gpt_save(const Gpt *gpt, const char *folder) {
    char *config = path_join(folder, "config.json"), *path = path_join(folder, "model.safetensors");
    write_config(gpt, config);
    Entries list = entries_of(gpt);
    Mat places = fixed_places(gpt);
    assert(!gpt->own_head.data); /* nobody trains one */
    if (places.data) add_entry(&list, "wpe.weight", places, false);
    TensorOut *out = memory_new((size_t)list.count, sizeof *out, "the tensors");
    char(*names)[80] = memory_new((size_t)list.count, sizeof *names, "the tensors' names");
    float *room = memory_new(gpt->count, sizeof *room, "turned matrices"), *at = room;
    for (int i = 0; i < list.count; i++) {
        const Entry *e = &list.entry[i];
        snprintf(names[i], sizeof names[i], "%s%s", OURS, e->name);
        size_t rows = (size_t)e->m.rows, cols = (size_t)e->m.cols;
        out[i] = (TensorOut){names[i], TYPE_F32, {rows, cols}, 2, e->m.data};
        if (e->vector) out[i].axes = 1, out[i].shape[0] = cols;
        if (!e->turned) continue;
        turn(at, e->m.data, e->m.rows, e->m.cols);
        out[i].shape[0] = cols, out[i].shape[1] = rows, out[i].data = at;
        at += rows * cols;
    }
    safetensors_write(path, out, list.count);
    memory_free(room), memory_free(names), memory_free(out), memory_free(list.entry);
    mat_free(&places);
    memory_free(path), memory_free(config);
}

/* ---- reading ---- */

static const PositionScheme *read_positions(const char *file, const json_t *ours) {
    const char *name = json_text(file, ours, "positions", "learned");
    for (int i = 0; gpt_position(i); i++)
        if (strcmp(name, gpt_position(i)->name) == 0) return gpt_position(i);
    fail(EXIT_DATA, "%s: positions is \"%.80s\" (expected one of %s)", file, name, gpt_position_words());
}

static void check_family(const char *file, const json_t *json) {
    const char *type = json_text(file, json, "model_type", "gpt2");
    if (strcmp(type, "gpt2") != 0)
        fail(EXIT_DATA, "%s: model_type is \"%.80s\" (expected gpt2). Try: stage 17 for a BERT", file, type);
}

/* transformers knows the sizes by the names of other families, too. */
static int size_of(const char *path, const json_t *json, const char *key, const char *other, int most) {
    const json_t *value = json_object_get(json, key);
    bool there = (value && !json_is_null(value)) || !json_object_get(json, other);
    return json_int_needed(path, json, there ? key : other, 1, most);
}

/* What config.json says beside the model's form. */
typedef struct {
    NamedMask mask;
    const char *tokens; /* NULL: nothing */
    bool tied;          /* the head is the words */
    bool by_layer;      /* the scores of layer l are divided by l + 1, too */
} Said;

static GptConfig read_config(const char *folder, Said *said) {
    char *path = path_join(folder, "config.json");
    json_t *json = json_read(path);
    check_family(path, json);
    GptConfig c = {
        .layers = size_of(path, json, "n_layer", "num_hidden_layers", 1024),
        .heads = size_of(path, json, "n_head", "num_attention_heads", 1024),
        .width = size_of(path, json, "n_embd", "hidden_size", 1 << 16),
        .vocab = json_int_needed(path, json, "vocab_size", 1, 1 << 24),
        .context = size_of(path, json, "n_positions", "max_position_embeddings", 1 << 20),
        .norm_eps = (float)json_real_at(path, json, "layer_norm_epsilon", 1e-30, 1, 1e-5),
        .activation = config_activation(path, json, "activation_function", "gelu_new"),
    };
    c.unscaled = !json_flag(path, json, "scale_attn_weights", true);
    said->tied = json_flag(path, json, "tie_word_embeddings", true);
    said->by_layer = json_flag(path, json, "scale_attn_by_inverse_layer_idx", false);
    c.inner = json_int(path, json, "n_inner", 1, 1 << 20, 4 * c.width);
    const json_t *ours = json_object_get(json, "headlight");
    c.positions = read_positions(path, ours);
    c.fills_gaps = strcmp(json_text(path, ours, "objective", "next"), "masked") == 0;
    said->mask = mask_json_read(path, ours, c.context);
    said->tokens = tokenizer_said(path, json);
    if (!*said->tokens) said->tokens = NULL;
    json_decref(json);
    memory_free(path);
    return c;
}

static void check_shape(const char *path, const Tensor *t, const Entry *e) {
    size_t rows = (size_t)(e->turned ? e->m.cols : e->m.rows), cols = (size_t)(e->turned ? e->m.rows : e->m.cols);
    bool fits =
        e->vector ? t->axes == 1 && t->shape[0] == cols : t->axes == 2 && t->shape[0] == rows && t->shape[1] == cols;
    char shape[128];
    if (fits) return;
    if (e->vector)
        fail(EXIT_DATA, "%s: %s has shape %s (expected [%zu], from config.json)", path, t->name,
             tensor_shape_text(t, shape), cols);
    fail(EXIT_DATA, "%s: %s has shape %s (expected [%zu, %zu], from config.json)", path, t->name,
         tensor_shape_text(t, shape), rows, cols);
}

static void read_entry(const Safetensors *file, const char *path, const Entry *e, float *room) {
    const Tensor *t = prefix_find(file, OURS, e->name);
    if (!t)
        fail(EXIT_DATA,
             "%s: there is no tensor %s%s (expected a GPT-2). Try: the config.json that came with these weights", path,
             OURS, e->name);
    check_shape(path, t, e);
    tensor_floats(t, path, 0, t->count, e->turned ? room : e->m.data);
    if (e->turned) turn(e->m.data, room, e->m.cols, e->m.rows);
    size_t bad = vec_first_nonfinite(e->m.data, t->count);
    if (bad < t->count)
        fail(EXIT_DATA, "%s: %s holds a weight that is %g (expected finite numbers). Try: an older checkpoint", path,
             t->name, (double)e->m.data[bad]);
}

/* A file may hold the head that config.json calls tied. transformers takes it as it stands, so that we do, too, unless
 * it is the words; of tied matrices some writers keep only the head. */
static void plan_head(Gpt *gpt, const Safetensors *file, const char *path, bool tied, Entries *list) {
    bool head = prefix_find(file, OURS, HEAD), words = prefix_find(file, OURS, WORDS);
    prefix_warn_of_both(file, path, OURS, WORDS);
    if (!words && !(head && tied)) prefix_refuse(file, path, OURS, WORDS);
    if (!head && !tied)
        warn("%s: config.json says tie_word_embeddings false, but there is no %s: the words take its place", path,
             HEAD);
    if (!words && head) snprintf(list->entry[0].name, sizeof list->entry[0].name, "%s", HEAD);
    if (!words || !head) return;
    gpt->own_head = mat_new(gpt->config.vocab, gpt->config.width);
    add_entry(list, HEAD, gpt->own_head, false);
}

static void judge_head(Gpt *gpt, const char *path) {
    Mat words = gpt->weights.words, head = gpt->own_head;
    if (memcmp(words.data, head.data, (size_t)words.rows * (size_t)words.cols * sizeof *words.data) == 0)
        mat_free(&gpt->own_head);
    else
        warn("%s: config.json says tie_word_embeddings, but %s is not the words: it counts, as for transformers", path,
             HEAD);
}

static void read_entries(const Safetensors *file, const char *path, const Entries *list) {
    size_t most = 1;
    for (int i = 0; i < list->count; i++) {
        size_t count = (size_t)list->entry[i].m.rows * (size_t)list->entry[i].m.cols;
        if (list->entry[i].turned && count > most) most = count;
    }
    float *room = memory_new(most, sizeof *room, "a turned matrix");
    for (int i = 0; i < list->count; i++) read_entry(file, path, &list->entry[i], room);
    memory_free(room);
}

static void warn_of_layers(const Safetensors *file, const char *path, int layers) {
    char more[48];
    snprintf(more, sizeof more, "h.%d.ln_1.weight", layers);
    if (prefix_find(file, OURS, more))
        warn("%s: config.json says %d layer%s, but the file has more, which are not used", path, layers,
             PLURAL(layers));
}

/* Scores are q . k, so that queries which are smaller from the start are all that it takes, here and in every split of
 * a score. The biases belong to the queries. */
static void divide_queries_by_layer(Gpt *gpt) {
    int C = gpt->config.width;
    for (int l = 1; l < gpt->config.layers; l++) {
        Linear qkv = gpt->weights.layers[l].qkv;
        for (size_t i = 0; i < (size_t)C * (size_t)C; i++) qkv.weight.data[i] /= (float)(l + 1);
        for (int i = 0; i < C; i++) qkv.bias[i] /= (float)(l + 1);
    }
}

Gpt gpt_load(const char *folder) {
    Said said;
    GptConfig config = read_config(folder, &said);
    char *path = foreign_weights_path(folder);
    Safetensors file = safetensors_open(path);
    Gpt gpt = gpt_new(config);
    gpt_train_under(&gpt, said.mask.rule);
    gpt.tokens = said.tokens;
    named_mask_free(&said.mask);
    Entries list = entries_of(&gpt);
    plan_head(&gpt, &file, path, said.tied, &list);
    read_entries(&file, path, &list);
    if (gpt.own_head.data && said.tied) judge_head(&gpt, path);
    if (said.by_layer) divide_queries_by_layer(&gpt);
    warn_of_layers(&file, path, config.layers);
    memory_free(list.entry), memory_free(path);
    safetensors_close(&file);
    return gpt;
}
