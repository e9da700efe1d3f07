/* attention - multi-head attention that keeps its maps: out = softmax(q k^T / sqrt(d_head), over allowed keys) v, head
 * by head. Told in stages/09_queries_keys_values (one head) and 12_multi_head. Source: Vaswani et al. 2017, equation
 * 1. */
#ifndef ATTENTION_ATTENTION_H
#define ATTENTION_ATTENTION_H
#include "attention/mask.h"
#include "base/workers.h"
#include "math/mat.h"
#include "math/fast/rows.h"

/* out (n, C), maps (heads * n, m), q (n, C), k and v (m, C); C is a multiple of heads, and head h is the columns from
 * h * d_head on. The mask is asked about queries below n and keys below m. A row with nothing allowed gives zeros,
 * never NaN; forbidden cells of the maps are 0. Runs on the calling thread. */
void attention_forward(Mat out, Mat maps, Mat q, Mat k, Mat v, int heads, Mask mask);

/* The same with the heads shared out to workers (NULL: this thread). The numbers do not depend on their number. */
void attention_forward_with(Workers *workers, Mat out, Mat maps, Mat q, Mat k, Mat v, int heads, Mask mask);

/* The same with numbers added to the scores, after their division by sqrt(d_head): bias (heads, n + m - 1) has one for
 * each head and distance, and score(i, j) gets bias(h, j - i + n - 1). ALiBi and T5 are such (positions.h); data NULL:
 * none. */
void attention_forward_biased(Workers *workers, Mat out, Mat maps, Mat q, Mat k, Mat v, int heads, Mask mask, Mat bias);

/* Only the maps (heads * n, m), from q and k: to look at a finished head under another mask. */
void attention_maps(Mat maps, Mat q, Mat k, int heads, Mask mask);

/* scores (n, m) -> weights, row by row over allowed keys: softmax(scale * scores). In place. Subtracting the row's
 * largest score first changes nothing on paper, and keeps exp from overflowing. */
void attention_softmax(Mat scores, float scale, Mask mask);

/* One row of m scores whose allowed keys are one range: the others become 0, and all do when the range is empty. */
void attention_softmax_range(float *row, int m, float scale, RowRange seen);

/* One head's map (n, m) as a view: rows h * n .. h * n + n - 1 of maps, n queries. */
Mat attention_map(Mat maps, int n, int head);
#endif
