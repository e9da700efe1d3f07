/* rollout - attention through all layers at once. One map says whom a token looks at in one layer; but what it finds
 * there has itself been gathered in the layer below. Rollout multiplies the layers along all paths; flow.h asks how
 * much the narrowest place of the paths lets through. Told in stages/19_heads. Source: Abnar & Zuidema 2020,
 * "Quantifying Attention Flow in Transformers", section 3.
 *
 * Both leave out value vectors, feed-forward blocks and norms: a picture of the paths, not a proof of influence. */
#ifndef ATTENTION_ROLLOUT_H
#define ATTENTION_ROLLOUT_H
#include "attention/mask.h"
#include "math/mat.h"

/* out (n, n) = the mean of a layer's maps (heads * n, n), as attention_forward leaves them. */
void maps_mean(Mat out, Mat maps, int heads);

/* Makes each row sum to 1: which share of all that arrives comes from where. A row of zeros stays. */
void map_shares(Mat map);

/* out (n, n) = 1/2 mean of the heads + 1/2 identity, rows made to sum to 1: half of what a token is comes from where it
 * looks, half past the layer by its residual connection. A row with nothing allowed keeps only itself. */
void rollout_mix(Mat out, Mat maps, int heads);

/* rolled[l] (n, n) = mix[l] rolled[l - 1], rolled[0] = mix[0]: row i of the last one is what token i has gathered from
 * each token of the text. Rows sum to 1, and a causal model's stay below the diagonal. mix, rolled [layers]. */
void rollout_roll(Mat *rolled, const Mat *mix, int layers);

/* Divides column j of a mix by how many queries may look at j, and makes rows sum to 1 again. Under a causal mask the
 * first token is in sight of all n queries, the last one of itself alone, and so the paths to the first are many
 * whatever the model has learnt; without a mask nothing changes. A correction of our own. */
void rollout_even_field(Mat mix, Mask mask);
#endif
