/* flow - the largest flow through a stack of attention maps: the layers are pipes from each token to each token below,
 * as wide as their mix (rollout.h); from token i above the last layer, how much arrives at token j of the text? Where
 * rollout multiplies weights along a path, a flow is as strong as the narrowest place. Drawn in stages/19_heads.
 * Sources: Abnar & Zuidema 2020, section 3; the algorithm is Dinic's (1970), which finds the same as Edmonds & Karp's
 * by saturating all shortest paths at once. Which pipes have room stands in bits, 64 to a word, so that a look
 * around costs a few instructions. */
#ifndef ATTENTION_FLOW_H
#define ATTENTION_FLOW_H
#include "base/workers.h"
#include "math/mat.h"

typedef struct Flow Flow;

/* For mix [layers] (n, n), borrowed; with room for as many workers: each needs 8 bytes a cell. You free it. */
Flow *flow_new(const Mat *mix, int layers, const Workers *workers);
void flow_free(Flow *flow);

/* out (queries, n) = the largest flow from queries first, first + 1, ... above the last layer to each token below the
 * first layer: 0 .. 1, since a query has no more than 1 to give. One token is computed for itself, as if the others
 * wanted nothing. The time of a row grows with n * layers * n^2. workers: those that flow_new was given, or NULL. */
void flow_rows(Flow *flow, Workers *workers, int first, Mat out);
#endif
