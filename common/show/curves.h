/* curves - named series of points joined by lines: loss against steps, cosine through the layers, time against tokens.
 * Drawn in stages 03, 13, 15, 17, 19. */
#ifndef SHOW_CURVES_H
#define SHOW_CURVES_H
#include "show/figure.h"

typedef struct {
    const char *name;   /* in the legend */
    const float *x, *y; /* [n], borrowed; NaN in y makes a gap */
    int n;
    bool dashed; /* for a baseline */
} Curve;

typedef struct {
    const float *low, *high; /* [n] of its curve, borrowed */
} CurveBand;

typedef struct {
    const char *x_axis, *y_axis;
    bool log_x, log_y;        /* values <= 0 are then left out */
    double low, high;         /* of the y axis; both 0: what the points need */
    const char *const *names; /* [names_count] of x = 0, 1, 2, ... instead of numbers; NULL */
    int names_count;
    const CurveBand *bands; /* [count] pale bands around the curves; NULL: none */
} CurvesOptions;

/* Draws up to FIGURE_DATA curves (nothing in a terminal), with dots where there are at most 40 points. Data:
 * NAME_0.dat, ... (x and y,
 * and the band's ends, a point a line). */
void curves_draw(Sheet sheet, const Curve *curves, int count, CurvesOptions options);
#endif
