/* few_rows - a product of few rows: w is read once, straight on the file's own layout. A tile holds rows x columns sums
 * in registers, each spread over the lanes of k, so the loop over k has only loads and multiply-adds. Folding the lanes
 * together at the end is the price, and it is paid per sum: with many rows it grows, and math/fast/row_tiles has a way
 * without it. Equal to: three double loops. */
#ifndef MATH_FAST_FEW_ROWS_H
#define MATH_FAST_FEW_ROWS_H
#include "math/mat.h"

/* out (n, m) = bias + x w^T, or that added to out, with x (n, k), w (m, k), bias [m] or NULL. */
void few_rows_times(Mat out, Mat x, Mat w, const float *bias, bool add);
#endif
