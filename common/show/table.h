/* table - a small matrix as text: names before the rows and above the columns, numbers with a fixed number of
 * decimals. For numbers that a reader checks by hand; larger maps are pictures. Used from stages/06_embeddings on. */
#ifndef SHOW_TABLE_H
#define SHOW_TABLE_H
#include "math/paper.h"
#include <stdio.h>

typedef struct {
    const char *title; /* a line above; NULL: none */
    const char *const *rows, *const
                                 *cols; /* [m.rows], [m.cols] names; rows NULL: numbers; cols NULL: no line of names */
    int decimals;                       /* 0: 4 */
    int most_rows, most_cols;           /* what is printed of a larger one; 0: 16 and 12 */
} TableOptions;

/* Prints m (rows, cols). What is left out is said in a last line. Names are cut at 16 characters. */
void table_print(FILE *out, Mat m, TableOptions options);

/* The same for the numbers of a lesson. */
void table_print_paper(FILE *out, Paper paper, TableOptions options);
#endif
