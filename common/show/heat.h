/* heat - one attention map as a large labelled picture: who looks (rows, "from") at whom (columns, "to").
 * First drawn in stages/08_dot_product. For all heads of a model at once see grid.h. */
#ifndef SHOW_HEAT_H
#define SHOW_HEAT_H
#include "show/scale.h"

typedef struct {
    const char *const *from, *const *to; /* [m.rows], [m.cols] names; NULL numbers them */
    const char *from_axis, *to_axis;     /* NULL: "from (query)", "to (key)" */
    const char *bar;                     /* what the colour bar measures; NULL: "weight"; "": no bar */
    const bool *hidden;                  /* [m.rows * m.cols] hatched: the mask forbids them; NULL: none */
    Scale scale;
    bool values; /* print each number in its cell (up to 64 x 64) */
} HeatOptions;

/* Draws m (queries, keys), any shape from 1 x 1. Beyond 80 rows or columns only every k-th is named, and beyond 1024 a
 * dot is the largest cell of a block; the picture says so. Data: NAME.dat, a line a query. Errors: figure_finish. */
void heat_draw(Sheet sheet, Mat m, HeatOptions options);
#endif
