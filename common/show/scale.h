/* scale - which colour a number has: the ends of the colour bar, and the gnuplot lines that draw a matrix by it. */
#ifndef SHOW_SCALE_H
#define SHOW_SCALE_H
#include "show/colour.h"
#include "show/figure.h"

/* The first three in the order of a program's --scale fixed|fit|log. */
typedef enum {
    SCALE_FIXED,  /* 0 to 1: pictures can be compared with one another */
    SCALE_FIT,    /* from the smallest to the largest cell */
    SCALE_LOG,    /* 0.0001 to 1; smaller ones have the colour of 0.0001 */
    SCALE_SIGNED, /* -m to m, m the largest |cell|; orange and blue, white is 0 */
    SCALE_AMOUNT  /* from 0 to the largest cell: white is nothing, not the least of them */
} Scale;

/* What a scale means for these values: the ends of the colour bar. */
typedef struct {
    Palette palette;
    double low, high;
    bool log;
} Range;
Range scale_range(Scale scale, Mat m, const bool *hidden);
Range scale_range_of_all(Scale scale, const Mat *maps, const bool *const *hidden, int count); /* one for all of them */

/* The magnitude below which all but a share `tail` (0.005) of the finite values lie: few outliers should not turn the
 * rest pale. */
double scale_most(Mat m, double tail);

/* Adds gnuplot's palette and range for it. */
void scale_add(Figure *figure, Range range);

/* Adds `plot` of the matrix in the data file with that suffix (rows x cols, any shape from 1 x 1), without a newline,
 * so that more can be plotted over it. Holes (NaN) show what is behind: scale_add_hatch puts the hatched ground of
 * masked cells there. */
void scale_plot(Figure *figure, const char *suffix, int rows, int cols, Range range);
void scale_add_hatch(Figure *figure);

/* Adds the numbers in the cells to such a plot: white on dark cells, pale where they round to nothing and the cell is
 * light. On a logarithmic scale small numbers are written as powers (2e-03), since there 0.00 would say nothing. */
void scale_plot_values(Figure *figure, Range range, double points);
#endif
