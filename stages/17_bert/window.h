/* window - the part of a map that is shown. */
#ifndef STAGE_17_WINDOW_H
#define STAGE_17_WINDOW_H
#include "base/memory.h"
#include "tool.h"

typedef struct {
    int *row, *col; /* [rows], [cols]: token numbers; owned */
    int rows, cols;
    const char **row_labels, **col_labels; /* owned arrays of borrowed names */
    bool *hidden;                          /* [rows * cols] 1 where the mask forbids; owned */
    bool part, renormalise, no_special;    /* part: not the whole map */
} Window;

/* The segment, 0 or 1, whose rows --segments shows, and whose columns; of no meaning for SEGMENTS_ALL. */
int segment_of_rows(const Choices *ask);
int segment_of_columns(const Choices *ask);

Window window_new(const Sentence *s); /* by --segments and --no-special; fails when nothing is left */
void window_free(Window *window);
void window_fill(Mat out, const Window *window, Mat map); /* out (rows, cols) from map (n, n) */
int window_row(const Window *window, int token);          /* which row shows a token, which column; -1: none */
int window_col(const Window *window, int token);
void window_remark(const Window *window,
                   String *text); /* adds what a reader must know: what is hidden, whether rows sum to 1 */
#endif
