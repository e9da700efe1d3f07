/* rows - the product that a transformer is made of: x (n, k) times the transpose of a weight (m, k), for any number of
 * rows.
 *
 * Why not OpenBLAS here: a sentence has 8 to 60 tokens, so the time goes into reading the weights once, and a general
 * product first re-packs them. Told and measured in stages/13_efficient; proven equal to mat_mul_nt in tests/unit. */
#ifndef MATH_ROWS_H
#define MATH_ROWS_H
#include "math/mat.h"

enum { ROWS_PIECE = 96 }; /* columns of out that make a fair piece of work for one worker */

/* out[:, first..end) = x w[first..end)^T, with out (n, m), x (n, k), w (m, k). Runs on the calling thread, allocates
 * nothing; column ranges are independent, so workers can take one each. */
void rows_times_weights(Mat out, Mat x, Mat w, int first, int end);
#endif
