/* grid - all heads of a model in one picture: a small map for each (layer, head), layers down, heads across.
 * Drawn in stages 12, 17, 18; a mask gallery (10) is the same picture with other names.
 *
 * One gnuplot plot of one composed matrix: 144 heads take 0.15 s, where 144 plots would take three times as long. */
#ifndef SHOW_GRID_H
#define SHOW_GRID_H
#include "show/heat.h"

typedef struct {
    const char *const *row_names, *const
                                      *col_names; /* [rows], [cols] what stands on the outer axes; NULL: 0, 1, 2, ... */
    const char *row_axis, *col_axis;              /* NULL: "layer", "head" */
    const char *const *tokens;                    /* [maps[0].rows] listed in small type below; NULL: none */
    const char *const *keys; /* [maps[0].cols] listed too, when the columns are other tokens than the rows; NULL */
    const bool *hidden;      /* [maps[0].rows * maps[0].cols] hidden in every map, in grey; NULL: none */
    const bool *const
        *hidden_each; /* [rows * cols] for each map its own (an entry may be NULL), instead of `hidden`; NULL */
    Scale scale;      /* one for all maps */
    const char *bar;  /* what the colour bar measures; NULL: "weight" */
    const char *each; /* what stands in each map, where it is not queries by keys; NULL */
    const char *grey; /* what a hidden cell means; NULL: "forbidden by the mask, which is not a weight of 0" */
} GridOptions;

/* Draws maps[row * cols + col], all of one shape; nothing in a terminal. Maps of more than 64 tokens are shown by the
 * largest weight of each block. Data: NAME.dat, the composed matrix. Errors: figure_finish. */
void grid_draw(Sheet sheet, const Mat *maps, int rows, int cols, GridOptions options);
#endif
