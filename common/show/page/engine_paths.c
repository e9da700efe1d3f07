/* engine_paths - what the page asks of several rows, words or layers together: the mean of rows, whole words for
 * pieces, rollout and flow. Answers as engine.c does, under the mask. Told in stages/19_heads and 20_atlas. */
#include "attention/flow.h"
#include "attention/rollout.h"
#include "base/memory.h"
#include "show/page/engine.h"

#include <string.h>

/* [n] the mean of the marked queries' rows. */
EXPORT(engine_together) float *engine_together(Engine *e, int layer, int head, const unsigned char *queries) {
    Mat map = engine_shown(e, layer, head);
    int count = 0;
    memset(e->row, 0, (size_t)e->n * sizeof *e->row);
    for (int i = 0; i < e->n; i++) count += queries[i] != 0;
    for (int i = 0; i < e->n; i++)
        for (int j = 0; queries[i] && j < e->n; j++) e->row[j] += mat_at(map, i, j) / (float)count;
    return e->row;
}

/* (n, n) whole words for pieces: what a word's pieces get is added up, what they give is averaged, so that the rows of
 * words sum to 1. Stands in the cells of the words' first pieces, which begins [n] marks; the others are 0. */
EXPORT(engine_words) float *engine_words(Engine *e, int layer, int head, const unsigned char *begins) {
    Mat map = engine_shown(e, layer, head), out = {e->full, e->n, e->n, e->n};
    memset(out.data, 0, (size_t)e->n * (size_t)e->n * sizeof *out.data);
    for (int i = 0; i < e->n;) {
        int end = i + 1;
        while (end < e->n && !begins[end]) end++;
        for (int piece = i; piece < end; piece++)
            for (int j = 0, word = 0; j < e->n; j++) {
                if (begins[j]) word = j;
                mat_row(out, i)[word] += mat_at(map, piece, j) / (float)(end - i);
            }
        i = end;
    }
    return out.data;
}

/* (n, n) attention through layers 0 to `layer`: rolled out, or as the largest flow, in shares of 1, with evened columns
 * first, as 19_heads --flow has it. */
EXPORT(engine_rollout) float *engine_rollout(Engine *e, int layer, int flows) {
    int n = e->n, count = layer + 1;
    Mat maps = mat_new(e->heads * n, n), *mix = memory_new((size_t)count, 2 * sizeof *mix, "the rollout");
    Mat *rolled = mix + count, out = {e->map, n, n, n};
    for (int l = 0; l < count; l++) {
        mix[l] = mat_new(n, n), rolled[l] = mat_new(n, n);
        for (int h = 0; h < e->heads; h++) engine_map(e, l, h, engine_mask_in(e, l), mat_row(maps, h * n));
        rollout_mix(mix[l], maps, e->heads);
        if (flows) rollout_even_field(mix[l], engine_mask_in(e, l));
    }
    if (flows) {
        Flow *flow = flow_new(mix, count, NULL);
        flow_rows(flow, NULL, 0, out);
        flow_free(flow);
        map_shares(out);
    } else {
        rollout_roll(rolled, mix, count);
        mat_copy(out, rolled[layer]);
    }
    for (int l = 0; l < count; l++) mat_free(&mix[l]), mat_free(&rolled[l]);
    mat_free(&maps), memory_free(mix);
    return e->map;
}
