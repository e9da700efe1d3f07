/* layout - a figure in pixels of its PNG, (0, 0) top left: where texts, axes and colour bars go, and how much room a
 * text needs.
 *
 * gnuplot places everything by fractions of the canvas from the bottom left, and cuts labels that do not fit. Here a
 * figure first adds up the room that its own texts take, then asks for a canvas of that size. Type is in points: 12
 * points are 16 pixels. */
#ifndef SHOW_LAYOUT_H
#define SHOW_LAYOUT_H
#include "show/colour.h"
#include "show/figure.h"

enum { LAYOUT_EDGE = 26 }; /* pixels that stay free around everything */

typedef enum { TEXT_LEFT, TEXT_CENTRE, TEXT_RIGHT } TextSide;

/* Pixels that the text (cut as a label would be) takes, about: a little more than in DejaVu Sans. */
double text_width(const char *text, int most, double points);

/* The widest of n token labels, or of the numbers 0..n-1 when labels is NULL. */
double text_widest(const char *const *labels, int n, double points);

/* Every which of n tics has its label: of up to LAYOUT_NAMED all, else about 64 of them. */
enum { LAYOUT_NAMED = 80 };
int layout_step(int n);

/* text_widest of labels as layout_tics writes every `step`-th of them. */
double layout_widest(const char *const *labels, int n, int step, double points);

/* May labels below a plot lean, each with so much room, or must they stand upright? */
bool layout_leans(double room, double points);

/* One line at (x, y): y is its middle, `side` says which end x is. Texts that would leave the canvas get smaller, then
 * are cut. */
void layout_text(Figure *figure, double x, double y, TextSide side, double points, unsigned colour, const char *text);

/* The same, turned to read upwards; (x, y) is its middle. */
void layout_text_upwards(Figure *figure, double x, double y, double points, unsigned colour, const char *text);

/* What a reader must know to read the picture, at its bottom, a `line` high each. Frees the notes. */
void layout_notes(Figure *figure, double line, String *notes, int count);

/* A filled rectangle, behind or in front of what is plotted. */
void layout_box(Figure *figure, double x, double y, double width, double height, unsigned colour, bool behind);

/* Title and subtitle at the top left. layout_heading_height: what they take, the edge above included.
 * layout_heading_width: for the canvas. */
void layout_heading(Figure *figure);
double layout_heading_height(const Sheet *sheet);
double layout_heading_width(const Sheet *sheet);

/* Between two plots of a multiplot: what belonged to the last one goes. */
void layout_next(Figure *figure);

/* The inside of the axes of the next plot. */
void layout_area(Figure *figure, double x, double y, double width, double height);

/* The colour bar of the next plot, upright. */
void layout_colour_bar(Figure *figure, double x, double y, double width, double height);

/* `set xtics` or `set ytics` ('x' or 'y'; "x2" is 'X') with every `step`-th of n labels at 0, 1, 2, ...; NULL numbers
 * them. `more` is put before the list: rotation, offset. When step > 1 a label says its index too. */
void layout_tics(Figure *figure, const char *axis, const char *const *labels, int n, int step, double points,
                 const char *more);

/* Swatches with names, from (x, y) to the right, in as many lines as needed up to `right`; returns the y below them.
 * hues [n]: which colour_hue each has; NULL: 0, 1, 2, ... With figure NULL only measures. */
double layout_legend(Figure *figure, double x, double y, double right, const char *const *names, const int *hues,
                     int n);
#endif
