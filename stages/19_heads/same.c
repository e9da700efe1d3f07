/* same - the other side of the lecture's proof: what common/ computes of the same things, in the lecture's order. */
#include "base/error.h"
#include "base/memory.h"
#include "model/split.h"
#include "tool.h"
#include "view/paths.h"

#include <string.h>

Paper maps_of(const Reading *r, int layer) {
    Shown shown = shown_new();
    Paper maps = paper_of(shown_layer(&shown, r, layer));
    shown_free(&shown);
    return maps;
}

void prove_measure(const HeadTable *t, const char *measure, Paper told) {
    Mat common = mat_new(t->layers, t->heads);
    for (int l = 0; l < t->layers; l++)
        for (int h = 0; h < t->heads; h++) mat_row(common, l)[h] = (float)head_value(t, measure_place(measure), l, h);
    prove_equal(measure, common, told);
    mat_free(&common);
}

void prove_rollout(const Reading *r, Paper told) {
    Mat common = paths_rollout(r);
    prove_equal("the rollout", common, told);
    mat_free(&common);
}

/* The first norm and one head's rows of q's and k's matrices: of a BERT the norm of the embeddings, of a GPT that of
 * block 0. */
static void find_weights(First *f, const Model *model, int head, int d) {
    const Bert *bert = model_bert(model);
    const Gpt *gpt = model_gpt(model);
    Linear query = bert ? bert->layers[0].query : gpt->weights.layers[0].qkv, key = bert ? bert->layers[0].key : query;
    int k_rows = bert ? 0 : gpt->config.width;
    f->norm = bert ? bert->embedding_norm : gpt->weights.layers[0].before_attention;
    f->query = (Linear){mat_rows(query.weight, head * d, d), query.bias + head * d};
    f->key = (Linear){mat_rows(key.weight, k_rows + head * d, d), key.bias + k_rows + head * d};
}

static Paper embedded(const Trace *t, int token) {
    Paper rows = paper_new(3, t->width);
    const Mat parts[] = {t->word, t->position, t->segment};
    for (int p = 0; p < 3; p++)
        for (int c = 0; c < t->width; c++) rows.at[p][c] = (double)mat_at(parts[p], token, c);
    return rows;
}

/* Parts that a model has not are zeros in the lecture, and missing in the split. */
static Mat split_of(const Reading *r, int head, int query, int key) {
    static const char *const order[] = {"token", "position", "segment", "biases"};
    Split split = split_new(r->reader->model, r->reader->workers, &r->trace, 0, head);
    double *value = memory_new((size_t)split.parts * (size_t)split.parts, sizeof *value, "a split");
    Mat table = mat_new(4, 4);
    split_table(&split, (Mask){0}, query, key, value, NULL);
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++)
            for (int p = 0; p < split.parts * split.parts; p++)
                if (strcmp(split.name[p / split.parts], order[a]) == 0 &&
                    strcmp(split.name[p % split.parts], order[b]) == 0)
                    mat_row(table, a)[b] = (float)value[p];
    memory_free(value), split_free(&split);
    return table;
}

First first_of(const Reading *r, int head, int query, int key) {
    const Trace *t = &r->trace;
    First f = {0};
    if (!r->reader->model) return f;
    const Gpt *gpt = model_gpt(r->reader->model);
    f.there = !gpt || !(gpt->config.positions->turn || gpt->config.unscaled);
    if (!f.there) {
        note("this model's scores are not q . k / sqrt(d_head) as it stands, so their split is not proven this time");
        return f;
    }
    if (head >= t->heads) head = t->heads - 1;
    if (query >= t->n) query = t->n - 1;
    if (key >= t->n) key = t->n - 1;
    find_weights(&f, r->reader->model, head, t->width / t->heads);
    f.asking = embedded(t, query), f.asked = embedded(t, key);
    f.table = split_of(r, head, query, key);
    return f;
}

void first_free(First *f) {
    paper_free(&f->asking), paper_free(&f->asked), mat_free(&f->table);
}
