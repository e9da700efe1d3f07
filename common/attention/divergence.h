/* divergence - how differently two maps look at the same tokens. Each row is a distribution, and so the measure is the
 * Jensen-Shannon divergence: how much better than their mean the two are known apart. Drawn in stages/19_heads.
 * Sources: Clark et al. 2019, section 6 (distance of heads); Golshanrad & Faghih 2024, equation 9 (flow change). */
#ifndef ATTENTION_DIVERGENCE_H
#define ATTENTION_DIVERGENCE_H
#include "base/workers.h"
#include "math/mat.h"

/* rows[i] = the divergence of row i of a and of b (n, m), in nats: 0 (equal) .. ln 2 (they share no key). 0 where both
 * rows are empty, and half of ln 2 where one is. */
void map_row_divergence(double *rows, Mat a, Mat b);

/* The same, and their mean. */
double map_divergence(double *rows, Mat a, Mat b);

/* distance (count, count): for each two of count maps (n, n), the mean of their rows' divergences over ln 2, so that it
 * runs from 0 to 1; each map is smoothed first, A <- .999 A + .001 / n, as in Clark's code (which sums over the rows:
 * times n ln 2). Symmetric, 0 on the diagonal. The time grows with count^2 n^2. */
void head_distances(Mat distance, const Mat *maps, int count, Workers *workers);

/* sqrt of the divergence of two whole maps (n, n), each made to sum to 1, of the mean over heads in the first and the
 * last layer: 0 .. sqrt(ln 2) = 0.8326. Low: the last layer looks where the first one does. 0 when a map is empty. */
double flow_change(Mat first, Mat last);
#endif
