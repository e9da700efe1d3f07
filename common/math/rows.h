/* rows - the products that a transformer is made of: x (n, k) times the transpose of a weight (m, k), for any number of
 * rows, and its two relatives that a backward pass needs.
 *
 * This is where it is decided who computes them. Our own tiles (math/fast/row_tiles) do where they were compiled for
 * the vectors of this processor, as `make` does by itself; elsewhere (`make NATIVE=`) OpenBLAS does, which looks at the
 * processor when it starts. BLAS=1 in the environment sends every product to OpenBLAS, BLAS=0 none.
 *
 * Why not always OpenBLAS: a sentence has 8 to 60 tokens, so the time goes into reading the weights once, and a general
 * product first re-packs them. With many rows the gain is smaller, a tenth, but it is a tenth of nearly all the time.
 * Told and measured in stages/13_efficient; both ways are held to double loops in tests/unit. */
#ifndef MATH_ROWS_H
#define MATH_ROWS_H
#include "math/mat.h"
#include "math/row_range.h"

enum { ROWS_PIECE = 96 }; /* columns of out that make a fair piece of work for one worker */

/* out[:, first..end) = x w[first..end)^T + bias[first..end), with out (n, m), x (n, k), w (m, k), bias [m] or NULL for
 * none: a sum that begins at the bias costs no more than one that begins at 0. Runs on the calling thread; column
 * ranges are independent, so workers can take one each. */
void rows_times_weights(Mat out, Mat x, Mat w, const float *bias, int first, int end);

/* ---- the other products of a backward pass, and of attention ---- */

/* out = keep * out + x w, with out (n, m), x (n, k), w (k, m); and out = keep * out + x^T w, with out (n, m), x (k, n),
 * w (k, m). keep is 0 or 1. steps [n] says outside which of its k steps a row of out has only zeros in x, which need
 * not be multiplied: a map knows its mask. NULL: nothing is known. */
void rows_times(Mat out, Mat x, Mat w, float keep, const RowRange *steps);
void columns_times(Mat out, Mat x, Mat w, float keep, const RowRange *steps);

/* All of out = x w^T, as far as it is wanted: row i within columns[i], [n]. The rest holds anything it held or would
 * hold. */
void rows_times_weights_within(Mat out, Mat x, Mat w, const RowRange *columns);
#endif
