/* scatter - points in the plane with names: heads by how alike they are. A point's hue says one thing of it (its
 * layer), its marker another (its type). Drawn in stages/19_heads. */
#ifndef SHOW_SCATTER_H
#define SHOW_SCATTER_H
#include "show/figure.h"

typedef struct {
    const char *const *names; /* [points] beside each; NULL: none */
    const int *hue;           /* [points] 0 .. hues - 1 */
    const char *const *hues;  /* the legend's names of the hues */
    int hue_count;
    const int *marker;          /* [points] 0 .. markers - 1; NULL: all are 0 */
    const char *const *markers; /* what the markers mean; NULL: nothing */
    int marker_count;           /* at most SCATTER_MARKERS */
    const char *note;           /* at the bottom */
} ScatterOptions;
enum { SCATTER_MARKERS = 8 };

/* Where a name stands, its middle and its width; `wide` 0: it found no room. */
typedef struct {
    double x, y, wide;
} ScatterName;

/* placed [count] of the names beside points (count, 2), in their units, so that none hides a point or another name.
 * unit: how much of those is a pixel, where a letter has 6. Returns how many found no room. */
int scatter_names(ScatterName *placed, Mat points, const char *const *names, double unit);

/* The least and the most of the points on one axis, 0 or 1. */
void scatter_ends(Mat points, int axis, double *least, double *most);

/* Draws points (count, 2) with the same scale on both axes, which have no numbers: only distances mean something.
 * A name stands beside its point where it covers neither a point nor another name; one that finds no such place is
 * left out, and the picture says how many. Nothing in a terminal. Data: NAME.dat, a line a point: x, y, marker,
 * colour, name; and where the name is drawn, "" where it is not. */
void scatter_draw(Sheet sheet, Mat points, ScatterOptions options);
#endif
