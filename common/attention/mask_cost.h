/* mask_cost - what a mask saves and what it takes away, in numbers. Told in stages/10_masks. */
#ifndef ATTENTION_MASK_COST_H
#define ATTENTION_MASK_COST_H
#include "attention/mask.h"
#include "math/mat.h"

/* Allowed pairs among n tokens by a formula, without counting, whatever the knobs and however large n; equal to
 * mask_count. -1 only for a drawn picture. The work grows with the square of the tokens that global_at names.
 *   a band of w steps of D to each side   n + 2 (t n - D t (t + 1) / 2), t = min(w, (n - 1) / D); causal: one side
 *   g global tokens                       band of the other n - g, and n^2 - (n - g)^2 (causal: triangles for squares)
 *   s sinks beside a window of w          band, and s (n - w) - s (s - 1) / 2
 *   every s-th key before a window of s   band, and t n - s t (t + 1) / 2, t = (n - 1) / s
 *   prefix p                              n (n + 1) / 2 + p (p - 1) / 2
 *   chunks of c                           floor(n / c) times the pairs of c, and those of the rest
 *   padding, L real keys                  the same sums, with min(L, n - d) pairs at distance d for n - d */
long long mask_closed_form(Mask mask, int n);

/* Allowed keys of one query. */
int mask_row_count(Mask mask, int n, int query);

/* The entropy that n rows can have at most, in nats: the sum of ln(allowed keys), every key as likely as the next. A
 * head's entropy means something only beside it. */
double mask_entropy_ceiling(Mask mask, int n);

/* lost[i] = the share of row i of map (n, m), a head without mask, that falls on keys the mask forbids: 0 .. 1. */
void mask_lost_mass(float *lost, Mat map, Mask mask);

/* out (n, m) = after - before: where a mask moved the weight to (above 0) and what it took (below 0). */
void map_difference(Mat out, Mat after, Mat before);

/* shift[i] = half the sum of |after - before| over row i, its total variation: the share of its weight that moved. */
void map_row_shift(float *shift, Mat after, Mat before);

/* moved[i] = |after - before| / |before| of row i of a head's results: how far the vector that it takes home has moved,
 * as a share of its length; 0 for a row that was and stays zero. */
void rows_moved(float *moved, Mat after, Mat before);
double rows_mean(const float *x, int n); /* of n such numbers */

typedef struct {
    long long cells;      /* allowed, of n^2 */
    double flops;         /* products for scores and outputs of all heads: 4 d_head a cell */
    double maps_bytes;    /* all heads' n x n maps, kept */
    double kept_bytes;    /* only their allowed cells */
    double scratch_bytes; /* attention_streaming's, on one thread: no maps at all */
} MaskCost;

/* What one layer's attention costs among n tokens. */
MaskCost mask_cost(Mask mask, int n, int heads, int d_head);
#endif
