/* attention - multi-head attention: weights = softmax(scale q k^T + bias, over allowed keys), out = weights v, head by
 * head. There is one way from q and k to weights, and this is it: what is computed while a model runs, looked at under
 * another mask, or read off a cache differs only in what it puts into an Attention. (streaming.h never makes the
 * weights, and is held to the same numbers.) Told in stages/09_queries_keys_values (one head) and 12_multi_head.
 * Source: Vaswani et al. 2017, equation 1. */
#ifndef ATTENTION_ATTENTION_H
#define ATTENTION_ATTENTION_H
#include "attention/mask.h"
#include "base/workers.h"
#include "math/mat.h"
#include "math/rows.h"

typedef struct {
    Mat q, k, v; /* q (n, C), k and v (m, C); C is a multiple of heads, and head h is columns h * d_head and on */
    int heads;
    Mask mask;   /* asked about queries first .. first + n - 1 and keys 0 .. m - 1 */
    float scale; /* of the scores, above 0; 0 stands for the usual 1 / sqrt(d_head) */
    Mat bias; /* added to the scaled scores; data NULL: none. (heads, n + m - 1): one number for each head and distance,
                    score(i, j) gets bias(h, j - i + n - 1), as ALiBi and T5 want it; or (heads * n, m): one for each
                    pair, as Shaw does. positions.h makes them */
    int first; /* which token query 0 is, when the earlier ones are only keys (a cache); usually 0 */
} Attention;   /* borrows everything */

/* The usual one: no bias, the usual scale, query 0 is token 0. */
static inline Attention attention_of(Mat q, Mat k, Mat v, int heads, Mask mask) {
    return (Attention){.q = q, .k = k, .v = v, .heads = heads, .mask = mask};
}

float attention_scale(const Attention *a); /* what scale stands for */

/* What one query's scores get from the bias, [m] for keys 0, 1, ...; NULL: nothing. Borrowed. */
const float *attention_bias_row(const Attention *a, int head, int query);

/* out (n, C), maps (heads * n, m). A row with nothing allowed gives zeros, never NaN; forbidden cells of the maps are
 * 0. Of each row only the keys from its first allowed one to its last are computed. Runs on the calling thread. */
void attention_forward(Attention a, Mat out, Mat maps);

/* The same with the heads shared out to workers (NULL: this thread). The numbers do not depend on their number. */
void attention_forward_with(Workers *workers, Attention a, Mat out, Mat maps);

/* Only the maps; v is not read: to look at a finished head under another mask. */
void attention_maps(Attention a, Mat maps);

/* One head's map (n, m) as a view: rows h * n .. h * n + n - 1 of maps, n queries. */
Mat attention_map(Mat maps, int n, int head);

/* The largest score of all heads by size, scaled and with its bias: how exact a float's weights can be goes by it. */
double attention_largest_score(const Attention *a);

/* One head alone: its columns of q, k and v. Its bias stays behind (a.bias is for all heads). */
Attention attention_head(Attention a, int head);

/* ---- the steps, for whoever wants only one of them ---- */

/* scores (n, m) -> weights, row by row over allowed keys: softmax(scale * scores). In place. Subtracting the row's
 * largest score first changes nothing on paper, and keeps exp from overflowing. */
void attention_softmax(Mat scores, float scale, Mask mask);

/* A mask asked once, for many maps of the same n x m. */
typedef struct {
    RowRange *keys;    /* [n] outside keys[i] query i sees nothing. Owned, as is queries */
    RowRange *queries; /* [m] outside queries[j] nobody sees key j */
    bool whole;        /* inside its range, every query sees every key */
    int n, m;
} MaskRanges;
MaskRanges mask_ranges_new(int n, int m);
void mask_ranges_ask(MaskRanges *ranges, Mask mask, int first); /* queries first .. first + n - 1 */
void mask_ranges_free(MaskRanges *ranges);

/* One head's weights, map (n, m), under a.mask, whose ranges these are. Allocates nothing: may run on a worker. */
void attention_weights(const Attention *a, int head, Mat map, const MaskRanges *ranges);
#endif
