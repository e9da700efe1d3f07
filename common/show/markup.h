/* markup - pictures and tables that stand in a page as they are: made with the page, where a script would have to draw
 * them anew at each look. Used in stage 20; show/page/figures.js is the other side.
 *
 * They hold numbers and no words: what is said has the name of a text of words.json in data-say, and its values beside
 * it. What has a place (data-at="LAYER.HEAD") opens it on a click. Colours are the page's own (colours.css). All
 * functions append. */
#ifndef SHOW_MARKUP_H
#define SHOW_MARKUP_H
#include "base/memory.h"
#include "math/mat.h"

/* A part of the page that opens on a click, with the text `key` as its name, and a line below it, `key`_says, with
 * values like ` data-stress="0.12"`. */
void markup_open(String *out, const char *key, const char *values);
void markup_close(String *out);

/* A line of small print: a text and its values, "" for none. */
void markup_line(String *out, const char *key, const char *values);

/* A table (layers, heads): each number with so many digits, the larger the stronger its ground. key: what it is
 * called. */
void markup_table(String *out, Mat table, int digits, const char *key);

/* Heads as points (layers * heads, 2) in the plane, with their names: the later the layer, the warmer. kind [layers *
 * heads] gives each its sign; a legend names those that occur, the texts type_KIND. */
enum { MARKUP_KINDS = 8 };
void markup_points(String *out, Mat points, int heads, const int *kind);

/* A small picture a head, layers down: the curves (layers * heads, columns) in one box, on a scale of the head's own
 * that ends at 0.2 or above, and the middle column as a line. A legend names them by the texts in `name` [count]. */
enum { MARKUP_CURVES = 4 };
void markup_curves(String *out, const Mat *curve, int count, int heads, const char *const *name);

/* A map as a small picture, 0 the paper and 1 the accent, below a text and its values. number: another one for each map
 * of a page. */
void markup_map(String *out, Mat map, const char *key, const char *values, int number);
#endif
