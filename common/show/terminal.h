/* terminal - the pictures as text, for people without a screen: maps, bars and signed strips in shaded cells.
 *
 * With colours when the output is a terminal and NO_COLOR is unset, else in plain characters, so that a pipe gets
 * clean text. What does not fit the width is left out, and a line says how much. Every table ends with its legend. */
#ifndef SHOW_TERMINAL_H
#define SHOW_TERMINAL_H
#include "show/scale.h"
#include <stdio.h>

typedef enum {
    INK_PLAIN, /* weights as ten characters from ' ' to '@'; signed values as . and 1 to 9, negative ones a to i */
    INK_256,   /* the nearest of the 256 colours */
    INK_FULL   /* 24 bits: COLORTERM is truecolor or 24bit */
} Ink;

typedef struct {
    FILE *out;
    Ink ink;
    int columns; /* of the terminal */
} Terminal;

/* What `out` can show: colours as above; columns from COLUMNS, else from the terminal, else 100; at least 20. */
Terminal terminal_of(FILE *out);

typedef struct {
    const char *const *from, *const *to; /* names of rows and columns; NULL numbers them */
    const bool *hidden;                  /* [m.rows * m.cols] shown as a mark of their own; NULL: none */
    Scale scale;
    bool values;                     /* numbers (.2f) instead of shades */
    const char *row_axis, *col_axis; /* NULL: "from" and "to (key)" */
} TerminalMap;

/* A map (queries, keys): title, column names written downwards, a line a row, a legend. */
void terminal_map(Terminal terminal, const char *title, Mat m, TerminalMap map);

/* A bar a line with its number; `most` is the value of a full bar, 0: the largest magnitude. Negative ones are drawn
 * with '-'. */
void terminal_bars(Terminal terminal, const char *title, const char *const *names, const float *values, int n,
                   double most);

/* Signed rows (n, width) in as many columns as fit, each the largest magnitude of its neighbours. */
void terminal_strip(Terminal terminal, const char *title, const char *const *names, Mat m);
#endif
