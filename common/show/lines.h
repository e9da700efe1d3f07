/* lines - attention as lines between two columns of the same tokens: left looks (from, query), right is looked at (to,
 * key). The head view (Vig 2019) shows a weight as opacity, the flow view as width. Drawn in stages 12, 17, 18. */
#ifndef SHOW_LINES_H
#define SHOW_LINES_H
#include "show/figure.h"

typedef struct {
    const char *const *from, *const *to; /* [maps[0].rows], [maps[0].cols]; NULL numbers them */
    const char *const *names;            /* [count] the legend's names, "head 3"; NULL: no legend */
    const int *hues;    /* [count] which colour_hue each has (a head keeps its colour); NULL: 0, 1, 2, ... */
    const bool *hidden; /* [maps[0].rows * maps[0].cols] pairs without a line; NULL: none */
    int focus;          /* only this token's lines; LINES_ALL: everyone's */
    double threshold;   /* flow: weights below it have no ribbon; 0: all have one. 0.04 is a good one */
} LinesOptions;
enum { LINES_ALL = -1 };

/* Both draw nothing in a terminal. */

/* One line for each pair (i, j) and map, of opacity weight, each map in its own hue and beside the others'. Below an
 * opacity of 1/450 there is none, and of more than 8000 lines the faint ones are left out; the picture says from which
 * weight on. Data: NAME.dat. Errors: figure_finish. */
void lines_draw(Sheet sheet, const Mat *maps, int count, LinesOptions options);

/* One ribbon for each pair of one map, as wide as its weight, in the colour of the token that looks; the threshold and
 * how much of all weight it leaves out are on the picture. Data: NAME.dat. */
void flow_draw(Sheet sheet, Mat map, LinesOptions options);
#endif
