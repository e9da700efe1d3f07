#include "base/error.h"
#include "base/memory.h"
#include "base/plural.h"
#include "math/fast/vecmath.h"
#include "model/bert.h"
#include "weights/foreign.h"
#include "weights/prefix.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* Finding the tensors of a BERT in a file. Names follow Hugging Face's; what is missing is collected first, so that
 * the error can say how much of a BERT this file is. */
typedef struct {
    Bert *bert;
    const char *prefix; /* "" or "bert.": of the names in messages */
    String missing;     /* the first few names */
    int missing_count;
    const Tensor **used; /* [used_count] what a forward pass reads, to be checked for bad numbers */
    const float **used_data;
    int used_count;
} Loader;

static const char OURS[] = "bert.", WORDS[] = "embeddings.word_embeddings.weight",
                  PLACES[] = "embeddings.position_embeddings.weight", DECODER[] = "cls.predictions.decoder.weight";

static const Tensor *find(const Loader *loader, const char *name) {
    return prefix_find(&loader->bert->file, OURS, name);
}

static void missing(Loader *loader, const char *name) {
    enum { SHOWN = 5 };
    if (loader->missing_count++ < SHOWN)
        string_add(&loader->missing, "%s%s%s", loader->missing_count > 1 ? ", " : "", loader->prefix, name);
}

/* rows x cols, or [cols] when rows is 0. */
static void check_shape(const Loader *loader, const Tensor *tensor, int rows, int cols) {
    bool fits = rows ? tensor->axes == 2 && tensor->shape[0] == (size_t)rows && tensor->shape[1] == (size_t)cols
                     : tensor->axes == 1 && tensor->shape[0] == (size_t)cols;
    char expected[64], shape[128];
    if (fits) return;
    snprintf(expected, sizeof expected, rows ? "[%d, %d]" : "[%.0d%d]", rows, cols);
    fail(EXIT_DATA, "%s: %s is %s, config.json says %s. Try: the config.json that came with these weights",
         loader->bert->path, tensor->name, tensor_shape_text(tensor, shape), expected);
}

/* The numbers of a tensor: where the file has them when they are floats in this machine's form, else a decoded copy
 * that the model owns. They are noted, to be checked when all are found. Only to be read from, though a Mat cannot say
 * so: the file is mapped for reading. */
static float *numbers(Loader *loader, const Tensor *tensor) {
    Bert *bert = loader->bert;
    const float *data = tensor_in_place(tensor);
    if (!data) {
        float *copy = bert_own(bert, tensor->count, tensor->name);
        tensor_floats(tensor, bert->path, 0, tensor->count, copy);
        data = copy;
    }
    loader->used[loader->used_count] = tensor;
    loader->used_data[loader->used_count++] = data;
    return (float *)(size_t)data;
}

static const Tensor *table(Loader *loader, const char *name, int rows, int cols) {
    const Tensor *tensor = find(loader, name);
    if (!tensor) missing(loader, name);
    else check_shape(loader, tensor, rows, cols);
    return tensor;
}

static float *vector_of(Loader *loader, const char *name, int size) {
    const Tensor *tensor = table(loader, name, 0, size);
    return tensor ? numbers(loader, tensor) : NULL;
}

static Linear linear_of(Loader *loader, const char *name, int out, int in) {
    char full[256];
    snprintf(full, sizeof full, "%s.weight", name);
    const Tensor *tensor = table(loader, full, out, in);
    Linear layer = {{NULL, out, in, in}, NULL};
    if (tensor) layer.weight.data = numbers(loader, tensor);
    snprintf(full, sizeof full, "%s.bias", name);
    layer.bias = vector_of(loader, full, out);
    return layer;
}

/* Files from TensorFlow call the two vectors gamma and beta, and some have renamed one of them. */
static float *norm_vector(Loader *loader, const char *name, const char *old, const char *new) {
    char full[256];
    snprintf(full, sizeof full, "%s.%s", name, old);
    if (!find(loader, full)) snprintf(full, sizeof full, "%s.%s", name, new);
    return vector_of(loader, full, loader->bert->config.width);
}

static LayerNorm norm_of(Loader *loader, const char *name) {
    return (LayerNorm){norm_vector(loader, name, "gamma", "weight"), norm_vector(loader, name, "beta", "bias"),
                       loader->bert->config.norm_eps};
}

static BertLayer layer_of(Loader *loader, int l) {
    const BertConfig *c = &loader->bert->config;
    char name[8][96];
    const char *const parts[8] = {
        "attention.self.query",       "attention.self.key", "attention.self.value", "attention.output.dense",
        "attention.output.LayerNorm", "intermediate.dense", "output.dense",         "output.LayerNorm"};
    for (int i = 0; i < 8; i++) snprintf(name[i], sizeof name[i], "encoder.layer.%d.%s", l, parts[i]);
    return (BertLayer){.query = linear_of(loader, name[0], c->width, c->width),
                       .key = linear_of(loader, name[1], c->width, c->width),
                       .value = linear_of(loader, name[2], c->width, c->width),
                       .mix = linear_of(loader, name[3], c->width, c->width),
                       .after_attention = norm_of(loader, name[4]),
                       .widen = linear_of(loader, name[5], c->inner, c->width),
                       .narrow = linear_of(loader, name[6], c->width, c->inner),
                       .after_feed_forward = norm_of(loader, name[7])};
}

/* Its decoder is usually absent, because it is the word embeddings. A bias that stands there twice is the decoder's:
 * transformers adds that one. */
static void load_mlm(Loader *loader) {
    static const char transform[] = "cls.predictions.transform.dense.weight";
    Bert *bert = loader->bert;
    const BertConfig *c = &bert->config;
    bert->has_mlm = find(loader, transform) != NULL;
    if (!bert->has_mlm) {
        prefix_warn_of_lost(&bert->file, bert->path, "the masked language model's head", transform);
        return;
    }
    const char *prefix = loader->prefix;
    loader->prefix = "";
    bert->mlm_transform = linear_of(loader, "cls.predictions.transform.dense", c->width, c->width);
    bert->mlm_norm = norm_of(loader, "cls.predictions.transform.LayerNorm");
    bert->mlm_decoder = find(loader, DECODER);
    bool own_bias = find(loader, "cls.predictions.decoder.bias") != NULL;
    bert->mlm_bias = vector_of(loader, own_bias ? "cls.predictions.decoder.bias" : "cls.predictions.bias", c->vocab);
    if (bert->mlm_decoder) check_shape(loader, bert->mlm_decoder, c->vocab, c->width);
    if (!bert->mlm_decoder && !c->has_tied_decoder)
        warn("%s: config.json says tie_word_embeddings false, but there is no %s: the word embeddings take its place",
             bert->path, DECODER);
    if (!bert->mlm_decoder) bert->mlm_decoder = bert->words;
    loader->prefix = prefix;
}

/* Of tied matrices some writers keep only the decoder. */
static bool words_are_the_decoder(const Bert *bert) {
    return bert->config.has_tied_decoder && !prefix_find(&bert->file, OURS, WORDS) &&
           prefix_find(&bert->file, OURS, PLACES) && prefix_find(&bert->file, OURS, DECODER);
}

/* Which family is this? BERT files name their tensors with no prefix or with `bert.`; others are refused by name. They
 * are looked for first, because some have embeddings of the same name. */
static const char *find_prefix(const Bert *bert) {
    static const struct {
        const char *tensor, *family;
    } others[] = {{"roberta.embeddings.word_embeddings.weight", "RoBERTa"},
                  {"distilbert.embeddings.word_embeddings.weight", "DistilBERT"},
                  {"transformer.layer.0.attention.q_lin.weight", "DistilBERT"},
                  {"electra.embeddings.word_embeddings.weight", "ELECTRA"},
                  {"embeddings_project.weight", "ELECTRA"},
                  {"albert.embeddings.word_embeddings.weight", "ALBERT"},
                  {"encoder.embedding_hidden_mapping_in.weight", "ALBERT"},
                  {"deberta.embeddings.word_embeddings.weight", "DeBERTa"},
                  {"encoder.rel_embeddings.weight", "DeBERTa"},
                  {"mpnet.embeddings.word_embeddings.weight", "MPNet"},
                  {"encoder.relative_attention_bias.weight", "MPNet"},
                  {"wte.weight", "GPT-2"},
                  {"transformer.wte.weight", "GPT-2"},
                  {"model.embed_tokens.weight", "Llama"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (safetensors_find(&bert->file, others[i].tensor))
            fail(EXIT_DATA,
                 "%s: these are the weights of a %s (expected a BERT's, as config.json says). Try: the files that came "
                 "together, or data/fetch.sh minilm",
                 bert->path, others[i].family);
    const Tensor *first = prefix_find(&bert->file, OURS, words_are_the_decoder(bert) ? PLACES : WORDS);
    prefix_warn_of_both(&bert->file, bert->path, OURS, WORDS);
    if (first) return strncmp(first->name, OURS, strlen(OURS)) == 0 ? OURS : "";
    prefix_refuse(&bert->file, bert->path, OURS, WORDS);
    fail(EXIT_DATA,
         "%s: no tensor is called embeddings.word_embeddings.weight, with or without bert. in front, so this is no "
         "BERT. Try: data/fetch.sh minilm",
         bert->path);
}

/* ---- are the numbers numbers? ---- */

typedef struct {
    const Loader *loader;
    atomic_int first_bad; /* the lowest index of a tensor with a bad number, or used_count */
} Check;

static void check_piece(void *context, int piece, int worker) {
    Check *check = context;
    const Tensor *tensor = check->loader->used[piece];
    (void)worker;
    if (vec_first_nonfinite(check->loader->used_data[piece], tensor->count) == tensor->count) return;
    int seen = atomic_load(&check->first_bad);
    while (piece < seen && !atomic_compare_exchange_weak(&check->first_bad, &seen, piece)) {
    }
}

static void check_numbers(const Loader *loader, Workers *workers) {
    Check check = {loader, loader->used_count};
    workers_run(workers, loader->used_count, check_piece, &check);
    int bad = atomic_load(&check.first_bad);
    if (bad == loader->used_count) return;
    const Tensor *tensor = loader->used[bad];
    size_t at = vec_first_nonfinite(loader->used_data[bad], tensor->count);
    bert_bad_number(loader->bert, tensor, at, loader->used_data[bad][at]);
}

void bert_bad_number(const Bert *bert, const Tensor *tensor, size_t at, float value) {
    if (bert->allow_nonfinite)
        warn("%s: %s has %g at element %zu: what follows from it means nothing", bert->path, tensor->name,
             (double)value, at);
    else
        fail(EXIT_DATA,
             "%s: %s has %g at element %zu (expected finite numbers). Try: fetch the model again, or --allow-nonfinite",
             bert->path, tensor->name, (double)value, at);
}

/* ---- the whole model ---- */

static size_t count_parameters(const Safetensors *file) {
    size_t count = 0;
    for (int i = 0; i < file->count; i++) {
        TensorType type = file->tensors[i].type;
        if (type == TYPE_F32 || type == TYPE_F16 || type == TYPE_BF16 || type == TYPE_F64)
            count += file->tensors[i].count;
    }
    return count;
}

static void load_all(Loader *loader) {
    Bert *bert = loader->bert;
    const BertConfig *c = &bert->config;
    bert->words = table(loader, words_are_the_decoder(bert) ? DECODER : WORDS, c->vocab, c->width);
    bert->positions = table(loader, PLACES, c->positions, c->width);
    bert->types = table(loader, "embeddings.token_type_embeddings.weight", c->types, c->width);
    bert->embedding_norm = norm_of(loader, "embeddings.LayerNorm");
    bert->layers = memory_new((size_t)c->layers, sizeof *bert->layers, "the layers");
    for (int l = 0; l < c->layers && loader->missing_count < 100; l++) bert->layers[l] = layer_of(loader, l);
    load_mlm(loader);
    char more[96];
    snprintf(more, sizeof more, "encoder.layer.%d.attention.self.query.weight", c->layers);
    if (find(loader, more))
        warn("%s: config.json says %d layer%s, but the file has more, which are not used", bert->path, c->layers,
             PLURAL(c->layers));
    if (loader->missing_count)
        fail(EXIT_DATA,
             "%s: %d%s tensor%s that config.json asks for %s missing: %s%s. Try: the config.json that came with these "
             "weights, or fetch the model again",
             bert->path, loader->missing_count, loader->missing_count >= 100 ? " or more" : "",
             PLURAL(loader->missing_count), loader->missing_count == 1 ? "is" : "are", loader->missing.text,
             loader->missing_count > 5 ? ", ..." : "");
}

Bert bert_load(const char *folder, Workers *workers, bool allow_nonfinite) {
    Bert bert = {.config = bert_config_read(folder), .allow_nonfinite = allow_nonfinite};
    bert.path = foreign_weights_path(folder);
    bert.file = safetensors_open(bert.path);
    bert.parameters = count_parameters(&bert.file);
    Loader loader = {.bert = &bert, .prefix = find_prefix(&bert)};
    loader.used = memory_new((size_t)bert.file.count, sizeof *loader.used, "the weights");
    loader.used_data = memory_new((size_t)bert.file.count, sizeof *loader.used_data, "the weights");
    load_all(&loader);
    check_numbers(&loader, workers);
    memory_free(loader.used);
    memory_free(loader.used_data);
    string_free(&loader.missing);
    return bert;
}

float *bert_own(Bert *bert, size_t count, const char *what) {
    float *numbers = memory_new(count, sizeof *numbers, what);
    bert->owned = memory_for_more(bert->owned, (size_t)bert->owned_count, sizeof *bert->owned, "the weights");
    bert->owned[bert->owned_count++] = numbers;
    return numbers;
}

void bert_free(Bert *bert) {
    for (int i = 0; i < bert->owned_count; i++) memory_free(bert->owned[i]);
    memory_free(bert->owned);
    memory_free(bert->layers);
    memory_free(bert->path);
    safetensors_close(&bert->file);
    *bert = (Bert){0};
}
