#include "view/export.h"
#include "base/error.h"
#include "weights/mask_json.h"
#include "weights/safetensors.h"

#include <stdio.h>
#include <string.h>

static float *stack_maps(const Reading *r) {
    const Trace *t = &r->trace;
    size_t each = (size_t)t->heads * (size_t)t->n * (size_t)t->n;
    float *all = memory_new((size_t)t->layers * each, sizeof *all, "the attention maps");
    Shown shown = shown_new();
    for (int l = 0; l < t->layers; l++)
        memcpy(all + (size_t)l * each, shown_layer(&shown, r, l).data, each * sizeof *all);
    shown_free(&shown);
    return all;
}

static float *stack_hidden(const Trace *t) {
    size_t each = (size_t)t->n * (size_t)t->hidden[0].cols;
    float *all = memory_new((size_t)(t->layers + 1) * each, sizeof *all, "the hidden states");
    for (int l = 0; l <= t->layers; l++) memcpy(all + (size_t)l * each, t->hidden[l].data, each * sizeof *all);
    return all;
}

static int64_t *wide(const int *numbers, int n) {
    int64_t *all = memory_new((size_t)n, sizeof *all, "the ids");
    for (int i = 0; i < n; i++) all[i] = numbers[i];
    return all;
}

/* Layer by layer; NULL when there is none. */
static float *stack(const Trace *t, const Mat *(*of)(const Attention *), int width, const char *what) {
    size_t each = (size_t)t->n * (size_t)width;
    if (!of(&t->attention[0])->data) return NULL;
    float *all = memory_new((size_t)t->layers * each, sizeof *all, what);
    for (int l = 0; l < t->layers; l++) memcpy(all + (size_t)l * each, of(&t->attention[l])->data, each * sizeof *all);
    return all;
}

static const Mat *query_of(const Attention *a) {
    return &a->q;
}

static const Mat *key_of(const Attention *a) {
    return &a->k;
}

static const Mat *value_of(const Attention *a) {
    return &a->v;
}

/* ---- what is said of them ---- */

/* Tokens as the vocabulary's file spells them. You free it. */
static char *tokens_text(const Reading *r) {
    String list = {0}, token = {0};
    for (int i = 0; i < r->encoding.n; i++) {
        token.length = 0;
        if (r->spelled) string_add(&token, "%s", r->spelled[i]);
        else tokenizer_token(r->reader->tokenizer, r->encoding.ids[i], &token);
        string_add(&list, i ? ", " : "[");
        json_add_text(&list, token.text, token.length);
    }
    string_add(&list, "]");
    string_free(&token);
    return list.text;
}

/* The mask of the maps as they are written; one that hides nothing is none. A picture may have been drawn for more
 * tokens than there are. You free it. */
static char *mask_text(const Reading *r) {
    String text = {0};
    Mask mask = r->mask.rule;
    int n = r->trace.n, side = mask.tokens;
    if (mask_count(mask, n) == (long long)n * n) mask = (Mask){0}, side = 0;
    bool *picture = NULL;
    if (mask.picture && side > n) {
        picture = memory_new((size_t)n * (size_t)n, sizeof *picture, "a drawn mask");
        for (int i = 0; i < n; i++)
            memcpy(picture + (size_t)i * (size_t)n, mask.picture + (size_t)i * (size_t)side, (size_t)n);
        mask.picture = picture;
    }
    if (side > n) mask.tokens = n;
    if (mask.picture && n > MASK_JSON_MOST)
        fail(EXIT_DATA, "a drawn mask of %d tokens has no room in a file (expected %d at most)", n, MASK_JSON_MOST);
    string_add(&text, "{");
    mask_json_add(&text, mask);
    string_add(&text, "}");
    memory_free(picture);
    return text.text;
}

/* ---- the file ---- */

enum { MOST_TENSORS = 9 };
typedef struct {
    TensorOut tensor[MOST_TENSORS];
    int count;
} Tensors;

/* Nothing is written of what there is none. */
static void add(Tensors *list, TensorOut tensor) {
    if (tensor.data) list->tensor[list->count++] = tensor;
}

static void write_tensors(const Reading *r, const Tensors *list, const char *path) {
    char *tokens = tokens_text(r), *mask = mask_text(r), *heads = text_format("%d", r->trace.heads);
    char *scale = text_format("%.9g", (double)attention_scale(&r->trace.attention[0]));
    bool scaled = r->trace.attention[0].q.data != NULL;
    const Metadata notes[] = {{"tokens", tokens}, {"heads", heads}, {"mask", mask}, {"scale", scale}};
    safetensors_write_with(file_or_output(path), list->tensor, list->count, notes, scaled ? 4 : 3);
    memory_free(tokens), memory_free(mask), memory_free(heads), memory_free(scale);
}

void reading_export(const Reading *r, const char *path) {
    const Trace *t = &r->trace;
    const Model *model = r->reader->model;
    size_t n = (size_t)t->n, layers = (size_t)t->layers, heads = (size_t)t->heads, width = (size_t)t->width;
    bool guesses = model && model_card(model).guesses;
    int64_t *ids = wide(r->encoding.ids, t->n), *types = wide(r->encoding.types, t->n);
    float *hidden = t->hidden ? stack_hidden(t) : NULL, *maps = stack_maps(r);
    float *q = stack(t, query_of, t->width, "the queries"), *k = stack(t, key_of, t->width, "the keys");
    float *v = stack(t, value_of, t->width, "the values");
    Mat logits = guesses ? model_logits(model, r->reader->workers, t) : (Mat){0};
    bool pairs = t->bias.data && t->bias.rows != t->heads; /* each pair has its own, or each distance */
    Tensors out = {0};
    add(&out, (TensorOut){"input_ids", TYPE_I64, {n}, 1, r->has_ids ? ids : NULL});
    add(&out, (TensorOut){"token_type_ids", TYPE_I64, {n}, 1, r->has_types ? types : NULL});
    add(&out,
        (TensorOut){"hidden_states", TYPE_F32, {layers + 1, n, hidden ? (size_t)t->hidden[0].cols : 0}, 3, hidden});
    add(&out, (TensorOut){"attentions", TYPE_F32, {layers, heads, n, n}, 4, maps});
    add(&out, (TensorOut){"q", TYPE_F32, {layers, n, width}, 3, q});
    add(&out, (TensorOut){"k", TYPE_F32, {layers, n, width}, 3, k});
    add(&out, (TensorOut){"v", TYPE_F32, {layers, n, width}, 3, v});
    add(&out, (TensorOut){"bias", TYPE_F32, {heads, pairs ? n : 2 * n - 1, n}, pairs ? 3 : 2, t->bias.data});
    bool is_bert = model && model_bert(model);
    add(&out, (TensorOut){is_bert ? "mlm_logits" : "logits", TYPE_F32, {n, (size_t)logits.cols}, 2, logits.data});
    write_tensors(r, &out, path);
    mat_free(&logits);
    memory_free(ids), memory_free(types), memory_free(hidden), memory_free(maps);
    memory_free(q), memory_free(k), memory_free(v);
}

void view_write_tsv(View *v, const char *path) {
    int n = v->reading->trace.n;
    FileWriter file = file_create(file_or_output(path));
    fprintf(file.stream, "layer\thead\tfrom\tto\tweight\n");
    for (int l = 0; l < v->layers; l++)
        for (int h = 0; h < v->heads; h++) {
            Mat map = shown_map(&v->shown, v->reading, v->layer[l], v->head[h]);
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++)
                    fprintf(file.stream, "%d\t%d\t%d\t%d\t%.9g\n", v->layer[l], v->head[h], i, j,
                            (double)mat_at(map, i, j));
        }
    file_commit(&file);
}

void matrix_write(const char *path, Mat m) {
    FileWriter file = file_create(file_or_output(path));
    for (int i = 0; i < m.rows; i++)
        for (int j = 0; j < m.cols; j++)
            fprintf(file.stream, "%.9g%c", (double)mat_at(m, i, j), j + 1 < m.cols ? '\t' : '\n');
    file_commit(&file);
}
