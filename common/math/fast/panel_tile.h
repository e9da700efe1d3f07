/* panel_tile - as many sums as the registers hold, over one panel (math/fast/panel): one step of k loads two vectors of
 * the panel and multiplies them by one number of each row of x, so that nothing is folded. Equal to: what stands at
 * panel_tile, as double loops. */
#ifndef MATH_FAST_PANEL_TILE_H
#define MATH_FAST_PANEL_TILE_H
#include "math/fast/panel.h"
#include <stdbool.h>

#ifdef __AVX512F__
enum { PANEL_ROWS = 12 }; /* 24 sums of 32 registers */
#else
enum { PANEL_ROWS = 6 }; /* 12 sums of 16 registers */
#endif

/* What the cache is asked for while a tile computes, one line at each step: at[j * along + (j % rows) * step]. A line
 * holds 16 numbers, so of up to 16 rows that take turns no line is missed. */
typedef struct {
    const float *at;
    size_t along, rows, step; /* rows is a power of two */
} Ahead;

/* The number of x in row r at step j is x[r * x_row + j * x_step]: so x may lie on its side. */
typedef struct {
    float *out;
    const float *x, *panel, *bias; /* bias: where the sums of the panel's columns begin; NULL: at 0 */
    size_t out_row, x_row, x_step, n;
    bool add;
    Ahead ahead;
} PanelTile;

/* out (rows, cols) = or += bias + x (rows, n) times the panel (n, cols), rows <= PANEL_ROWS, cols <= PANEL. */
void panel_tile(int rows, int cols, const PanelTile *t);
#endif
