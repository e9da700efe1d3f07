/* pool - a map with more cells than a picture has dots, made smaller so that nothing strong disappears: each dot
 * becomes the value of the largest magnitude in its block. (What a screen would do by itself is drop every second
 * cell, or mix them.) */
#ifndef SHOW_POOL_H
#define SHOW_POOL_H
#include "math/mat.h"
#include <stdbool.h>

typedef struct {
    Mat m;              /* m.rows / block x m.cols / block, rounded up; the input itself when block is 1 */
    const bool *hidden; /* a block is hidden when all of it is; NULL as in the input */
    const char *const *from, *const *to; /* the names of each block's first row or column */
    int block;                           /* 1: nothing had to be done */
    void *owned[4];                      /* what pool_free frees */
} Pool;

/* Shrinks until there are at most `most` rows and columns. hidden, from and to may be NULL. Free it with pool_free. */
Pool pool_new(Mat m, const bool *hidden, const char *const *from, const char *const *to, int most);
void pool_free(Pool *pool);

/* out (m.rows, columns), columns <= m.cols: the value of the largest magnitude in each block of a row's neighbours. */
void pool_columns(Mat out, Mat m);
#endif
