#include "model/trace.h"
#include "attention/mask_cost.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/plural.h"
#include "base/room.h"

#include <math.h>
#include <stdio.h>

static Mat *list_new(int count, int rows, int cols) {
    Mat *mats = memory_new((size_t)count, sizeof *mats, "a trace");
    for (int i = 0; i < count; i++) mats[i] = mat_new(rows, cols);
    return mats;
}

static void list_free(Mat **mats, int count) {
    for (int i = 0; *mats && i < count; i++) mat_free(&(*mats)[i]);
    memory_free(*mats);
    *mats = NULL;
}

/* All of it is written at once, so a machine that has not so much room would end the program with its answer half
 * computed, or itself. */
static void check_room(double n, double layers, double heads, double width, double inner) {
    const double bytes = sizeof(float) * n * (width * (5 + 6 * layers) + layers * (heads * n + inner)), small = 16e6;
    if (bytes < small) return; /* a text that is sampled makes a thousand traces, and each would read two files */
    char what[96];
    snprintf(what, sizeof what, "with a pass over %.0f tokens, all maps kept, this comes to", n);
    room_check(bytes + room_most_used(), what, "a shorter text");
}

Trace trace_new(int n, int layers, int heads, int width, int inner_width) {
    check_room(n, layers, heads, width, inner_width);
    Trace t = {.n = n, .layers = layers, .heads = heads, .width = width, .inner_width = inner_width};
    t.word = mat_new(n, width), t.position = mat_new(n, width), t.segment = mat_new(n, width);
    t.hidden = list_new(layers + 1, n, width);
    t.attention = memory_new((size_t)layers, sizeof *t.attention, "a trace");
    for (int l = 0; l < layers; l++)
        t.attention[l] = attention_of(mat_new(n, width), mat_new(n, width), mat_new(n, width), heads, (Mask){0});
    t.maps = list_new(layers, heads * n, n);
    t.context = list_new(layers, n, width);
    t.attended = list_new(layers, n, width);
    t.inner = list_new(layers, n, inner_width);
    t.scratch = mat_new(n, width);
    return t;
}

void trace_free(Trace *t) {
    mats_free((Mat *[]){&t->word, &t->position, &t->segment, &t->bias, &t->scratch, NULL});
    list_free(&t->hidden, t->layers + 1);
    for (int l = 0; t->attention && l < t->layers; l++)
        mat_free(&t->attention[l].q), mat_free(&t->attention[l].k), mat_free(&t->attention[l].v);
    memory_free(t->attention);
    Mat **all[] = {&t->maps, &t->context, &t->attended, &t->inner};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) list_free(all[i], t->layers);
    *t = (Trace){0};
}

Mat trace_map(const Trace *trace, int layer, int head) {
    return attention_map(trace->maps[layer], trace->n, head);
}

/* softmax over fewer keys is the same weights, divided by what is left of them. */
static void share_out(Mat maps, Mat all, Mask mask) {
    for (int row = 0; row < maps.rows; row++) {
        double left = 0;
        for (int j = 0; j < maps.cols; j++)
            if (mask_allows(mask, row % maps.cols, j)) left += (double)mat_at(all, row, j);
        for (int j = 0; j < maps.cols && left > 0; j++)
            if (mask_allows(mask, row % maps.cols, j))
                mat_row(maps, row)[j] = (float)((double)mat_at(all, row, j) / left);
    }
}

Mat trace_maps_under(const Trace *trace, int layer, Mask mask) {
    Mat maps = mat_new(trace->heads * trace->n, trace->n);
    if (!trace->attention[layer].q.data) {
        share_out(maps, trace->maps[layer], mask);
        return maps;
    }
    Attention masked = trace->attention[layer];
    masked.mask = mask;
    attention_maps(masked, maps);
    return maps;
}

/* Text of any size and ids of any vocabulary come this way. */
void trace_check_input(const Trace *t, const int *ids, int vocab, int context) {
    if (t->n < 1 || t->n > context)
        fail(EXIT_DATA, "%d token%s, model takes %d. Try: pass --truncate", t->n, PLURAL(t->n), context);
    for (int i = 0; i < t->n; i++)
        if (ids[i] < 0 || ids[i] >= vocab)
            fail(EXIT_DATA,
                 "token %d has id %d, but the model knows 0 to %d. Try: the vocabulary that came with the model", i,
                 ids[i], vocab - 1);
}

void trace_check_types(const Trace *t, const int *types, int kinds) {
    for (int i = 0; i < t->n; i++)
        if (types[i] < 0 || types[i] >= kinds)
            fail(EXIT_DATA, "token %d is of segment %d, but the model has %d segment%s", i, types[i], kinds,
                 PLURAL(kinds));
}

bool trace_take(Trace *t, Run run, int l) {
    if (!run_knows_qkv(run, l)) return false;
    const Attention *known = &run.known->attention[l];
    mat_copy(t->attention[l].q, known->q), mat_copy(t->attention[l].k, known->k), mat_copy(t->attention[l].v, known->v);
    if (l == run.from) return false;
    t->attention[l].mask = known->mask;
    mat_copy(t->maps[l], run.known->maps[l]), mat_copy(t->context[l], run.known->context[l]);
    mat_copy(t->attended[l], run.known->attended[l]), mat_copy(t->inner[l], run.known->inner[l]);
    mat_copy(t->hidden[l + 1], run.known->hidden[l + 1]);
    return true;
}

void trace_silence(Mat context, int heads, const bool *off) {
    int d_head = context.cols / heads;
    for (int h = 0; off && h < heads; h++)
        if (off[h]) mat_fill(mat_cols(context, h * d_head, d_head), 0);
}

/* ---- does it look right? ---- */

/* How far a row is from looking at its `allowed` keys equally: 0 is perfectly even, 1 is twice its share, or none. */
static double unevenness(const float *row, Mask mask, int n, int query, int allowed) {
    double most = 0;
    for (int key = 0; key < n; key++)
        if (mask_allows(mask, query, key)) most = fmax(most, fabs((double)row[key] * allowed - 1));
    return most;
}

void trace_check(const Trace *trace, Mask mask, const char *model) {
    const double row_tolerance = 1e-4, even = 0.1;
    int uneven_heads = 0, judged = 0;
    for (int l = 0; l < trace->layers; l++)
        for (int h = 0; h < trace->heads; h++) {
            Mat map = trace_map(trace, l, h);
            double most = 0;
            for (int i = 0; i < trace->n; i++) {
                double sum = 0;
                for (int j = 0; j < trace->n; j++) sum += (double)mat_at(map, i, j);
                int allowed = mask_row_count(mask, trace->n, i);
                if (!(fabs(sum - (allowed ? 1 : 0)) <= row_tolerance)) /* NaN is caught by the "not" */
                    fail(EXIT_DATA,
                         "%s: layer %d head %d: the weights of token %d sum to %g (expected %d). "
                         "Try: fetch the model again",
                         model, l, h, i, sum, allowed ? 1 : 0);
                if (allowed > 2) most = fmax(most, unevenness(mat_row(map, i), mask, trace->n, i, allowed)), judged++;
            }
            uneven_heads += most > even;
        }
    if (judged && uneven_heads == 0)
        warn("%s: ALL HEADS ARE UNIFORM: every token looks at every other equally. "
             "This is what a model shows whose weights were not trained or not loaded",
             model);
}
