/* row_tiles - the products of math/rows in tiles: as many sums at once as the registers hold. Shapes and ranges are
 * those of math/rows.h, which asserts them and decides when these loops are called. Nothing is allocated. Equal to: the
 * same products by OpenBLAS in math/rows.c, and three double loops. */
#ifndef MATH_FAST_ROW_TILES_H
#define MATH_FAST_ROW_TILES_H
#include "math/mat.h"
#include "math/row_range.h"

/* Were these loops compiled for the vectors of this processor? On x86-64 a compiler that is told nothing takes SSE2, a
 * quarter of AVX2's speed. AVX2's against a processor with AVX-512 is no such gap: there we were still ahead. */
bool tiles_fit_processor(void);

void tiles_times_weights(Mat out, Mat x, Mat w, const float *bias); /* all of out; bias [m] or NULL */
void tiles_times_weights_within(Mat out, Mat x, Mat w, const RowRange *columns);
void tiles_times(Mat out, Mat x, bool x_lies, Mat w, float keep, const RowRange *steps); /* x_lies: x is (k, n) */
#endif
