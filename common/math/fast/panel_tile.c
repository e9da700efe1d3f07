#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize(                                                                                                  \
    "no-ivopts") /* gcc's choice of addresses in the loops below costs 15 to 25% at 4 to 11 rows (gcc 12) */
#endif
#include "math/fast/panel_tile.h"

#include <assert.h>

/* A whole panel wide, or half of one. */
INLINE void tile(int rows, bool half, const PanelTile *t) {
    const float *x = t->x, *panel = t->panel;
    float *out = t->out;
    size_t out_row = t->out_row, x_row = t->x_row, x_step = t->x_step, n = t->n;
    Ahead ahead = t->ahead;
    bool add = t->add;
    Lane low[PANEL_ROWS], high[PANEL_ROWS], low_bias = {0}, high_bias = {0};
    if (t->bias) low_bias = lane_load(t->bias);
    if (t->bias && !half) high_bias = lane_load(t->bias + LANES);
    UNROLL for (int r = 0; r < rows; r++) {
        low[r] = low_bias, high[r] = high_bias;
        __builtin_prefetch(out + (size_t)r * out_row, 1);
        if (!half) __builtin_prefetch(out + (size_t)r * out_row + LANES, 1);
    }
    for (size_t j = 0; j < n; j++, x += x_step, panel += PANEL, ahead.at += ahead.along) {
        Lane a = lane_load(panel), b = half ? a : lane_load(panel + LANES);
        __builtin_prefetch(ahead.at + (j & (ahead.rows - 1)) * ahead.step, 0, 2);
        UNROLL for (int r = 0; r < rows; r++) {
            float number = x[(size_t)r * x_row];
            low[r] += number * a;
            if (!half) high[r] += number * b;
        }
    }
    UNROLL for (int r = 0; r < rows; r++, out += out_row) {
        if (add) low[r] += lane_load(out);
        if (add && !half) high[r] += lane_load(out + LANES);
        lane_store(out, low[r]);
        if (!half) lane_store(out + LANES, high[r]);
    }
}

/* A tile of as many rows as are left: one unrolled loop for each number. */
INLINE void tile_any(int rows, bool half, const PanelTile *t) {
    switch (rows) {
    case 1: tile(1, half, t); break;
    case 2: tile(2, half, t); break;
    case 3: tile(3, half, t); break;
    case 4: tile(4, half, t); break;
    case 5: tile(5, half, t); break;
    case 6: tile(6, half, t); break;
#ifdef __AVX512F__
    case 7: tile(7, half, t); break;
    case 8: tile(8, half, t); break;
    case 9: tile(9, half, t); break;
    case 10: tile(10, half, t); break;
    case 11: tile(11, half, t); break;
    case 12: tile(12, half, t); break;
#endif
    default: assert(rows == 0);
    }
}

static __attribute__((noinline)) void whole_tile(int rows, const PanelTile *t) {
    tile_any(rows, false, t);
}

static __attribute__((noinline)) void half_tile(int rows, const PanelTile *t) {
    tile_any(rows, true, t);
}

/* Columns that fill neither a panel nor half of one: computed aside, and only those that exist are copied. */
static void narrow_tile(int rows, int cols, const PanelTile *t) {
    float sums[PANEL_ROWS * PANEL];
    PanelTile aside = *t;
    aside.out = sums, aside.out_row = PANEL, aside.add = false, aside.bias = NULL;
    if (cols <= LANES) half_tile(rows, &aside);
    else whole_tile(rows, &aside);
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < cols; c++) {
            float *out = t->out + (size_t)r * t->out_row + c, s = sums[r * PANEL + c];
            if (t->bias) s += t->bias[c];
            *out = t->add ? *out + s : s;
        }
}

void panel_tile(int rows, int cols, const PanelTile *t) {
    if (cols == PANEL) whole_tile(rows, t);
    else if (cols == LANES) half_tile(rows, t);
    else narrow_tile(rows, cols, t);
}
