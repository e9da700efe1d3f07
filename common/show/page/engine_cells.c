/* engine_cells - what the page asks of cells one by one, as maps of yes and no: which the mask allows, which are in
 * reach, which are the strongest. Told in stages/10_masks and 20_atlas. */
#include "base/memory.h"
#include "base/ranked.h"
#include "show/page/engine.h"

#include <string.h>

/* (n, n) 1 where a layer's mask allows. */
EXPORT(engine_cells) float *engine_cells(Engine *e, int layer) {
    Mask mask = engine_mask_in(e, layer);
    for (int i = 0, at = 0; i < e->n; i++)
        for (int j = 0; j < e->n; j++) e->map[at++] = mask_allows(mask, i, j);
    return e->map;
}

/* (n, n) 1 / (1 + layers until a query knows of a key): 1 itself, a half after one layer; 0 where `depth` layers are
 * not enough. */
EXPORT(engine_reached) float *engine_reached(Engine *e, int depth) {
    if (!e->reach.n) e->reach = reach_new(e->mask, e->n);
    for (size_t at = 0; at < (size_t)e->n * (size_t)e->n; at++) {
        int layers = e->reach.first[at];
        e->map[at] = layers >= 0 && layers <= depth ? 1 / (1 + (float)layers) : 0;
    }
    return e->map;
}

/* (n, n) 1 for the fewest cells of each row whose weights make up so many per cent of 1. */
EXPORT(engine_top) float *engine_top(Engine *e, int layer, int head, int percent) {
    Mat map = engine_shown(e, layer, head);
    Ranked *cell = memory_new((size_t)e->n, sizeof *cell, "a row");
    memset(e->full, 0, (size_t)e->n * (size_t)e->n * sizeof *e->full);
    for (int i = 0; i < e->n; i++) {
        double left = percent / 100.;
        for (int j = 0; j < e->n; j++) cell[j] = (Ranked){(double)mat_at(map, i, j), j};
        ranked_sort(cell, (size_t)e->n);
        for (int k = 0; k < e->n && left > 0 && cell[k].size > 0; left -= cell[k++].size)
            e->full[(size_t)i * (size_t)e->n + (size_t)cell[k].at] = 1;
    }
    memory_free(cell);
    return e->full;
}
