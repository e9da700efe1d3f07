/* strips - long rows of signed numbers as colours: embeddings, queries, keys and values, feed-forward activity. Blue
 * is positive, orange negative, white 0. Drawn in stages 06, 07, 14, 17. */
#ifndef SHOW_STRIPS_H
#define SHOW_STRIPS_H
#include "show/figure.h"

typedef struct {
    const char *title; /* above it */
    Mat values;        /* (rows, width): a row a token */
    double most; /* the value of the full colour; 0: the magnitude that 99.5 % of the strip's values do not reach */
} Strip;

typedef struct {
    const char *const *rows; /* [values.rows] names, the same for all strips; NULL numbers them */
    const char *columns;     /* what the columns are; NULL: "dimension" */
} StripsOptions;

/* Draws up to FIGURE_DATA strips below each other, each with its own colour bar; under it are the scale and the
 * largest value. More than 1100 columns are shown by the largest magnitude of neighbours, and the picture says so.
 * Data: NAME_0.dat, NAME_1.dat, ... */
void strips_draw(Sheet sheet, const Strip *strips, int count, StripsOptions options);
#endif
