/* bars - bars over names: one token's weights head by head, probabilities, norms, counts. Drawn from
 * stages/01_characters on.
 *
 * Several series stand in rows of their own above one row of names, all with the same scale: twelve heads side by side
 * in one cluster can be counted, in rows they can be compared. */
#ifndef SHOW_BARS_H
#define SHOW_BARS_H
#include "show/figure.h"

typedef struct {
    const char *const *names;  /* [values.cols] below the bars; NULL numbers them */
    const char *const *series; /* [values.rows] before the rows, "head 3"; NULL numbers them; unused for a single row */
    const int *hues;           /* [values.rows] which colour_hue each row has; NULL: 0, 1, 2, ... */
    const char *value_axis;    /* what a bar measures; NULL: "weight" */
    const bool *hidden; /* [values.rows * values.cols] hatched instead of a bar: forbidden by the mask; NULL: none */
    double most;        /* the value of a full bar; 0: the largest there is */
    int mark;           /* the column of the token that this is about, shaded; BARS_NONE */
} BarsOptions;
enum { BARS_NONE = -1 };

/* Draws values (series, names); in a terminal row by row. A bar may point down (negative values). A single row has
 * numbers on its bars and an axis; of several rows each has its largest value written on it. Data: NAME.dat. Errors:
 * figure_finish. */
void bars_draw(Sheet sheet, Mat values, BarsOptions options);
#endif
