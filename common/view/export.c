#include "view/export.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

static const char *file_name(const char *path) {
    return strcmp(path, "-") == 0 ? "/dev/stdout" : path;
}

static float *stack_maps(const Reading *r) {
    const Trace *t = &r->trace;
    size_t each = (size_t)t->n * (size_t)t->n;
    float *all = memory_new((size_t)t->layers * (size_t)t->heads * each, sizeof *all, "the attention maps");
    Shown shown = shown_new();
    for (int l = 0; l < t->layers; l++)
        for (int h = 0; h < t->heads; h++)
            memcpy(all + ((size_t)l * (size_t)t->heads + (size_t)h) * each, shown_map(&shown, r, l, h).data,
                   each * sizeof *all);
    shown_free(&shown);
    return all;
}

static float *stack_hidden(const Trace *t) {
    size_t each = (size_t)t->n * (size_t)t->width;
    float *all = memory_new((size_t)(t->layers + 1) * each, sizeof *all, "the hidden states");
    for (int l = 0; l <= t->layers; l++) memcpy(all + (size_t)l * each, t->hidden[l].data, each * sizeof *all);
    return all;
}

static int64_t *wide(const int *numbers, int n) {
    int64_t *all = memory_new((size_t)n, sizeof *all, "the ids");
    for (int i = 0; i < n; i++) all[i] = numbers[i];
    return all;
}

void reading_export(const Reading *r, const char *path) {
    const Trace *t = &r->trace;
    const Model *model = r->reader->model;
    size_t n = (size_t)t->n, layers = (size_t)t->layers, heads = (size_t)t->heads, width = (size_t)t->width;
    bool is_bert = model_bert(model) != NULL, guesses = model_card(model).guesses;
    int64_t *ids = wide(r->encoding.ids, t->n), *types = wide(r->encoding.types, t->n);
    float *hidden = stack_hidden(t), *maps = stack_maps(r);
    Mat logits = guesses ? model_logits(model, r->reader->workers, t) : (Mat){0};
    TensorOut out[5];
    int count = 0;
    out[count++] = (TensorOut){"input_ids", TYPE_I64, {n}, 1, ids};
    if (is_bert) out[count++] = (TensorOut){"token_type_ids", TYPE_I64, {n}, 1, types};
    out[count++] = (TensorOut){"hidden_states", TYPE_F32, {layers + 1, n, width}, 3, hidden};
    out[count++] = (TensorOut){"attentions", TYPE_F32, {layers, heads, n, n}, 4, maps};
    if (guesses)
        out[count++] =
            (TensorOut){is_bert ? "mlm_logits" : "logits", TYPE_F32, {n, (size_t)logits.cols}, 2, logits.data};
    safetensors_write(file_name(path), out, count);
    mat_free(&logits);
    memory_free(ids), memory_free(types), memory_free(hidden), memory_free(maps);
}

void view_write_tsv(View *v, const char *path) {
    int n = v->reading->trace.n;
    FileWriter file = file_create(file_name(path));
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
