/* split_table - a score as a table of parts by parts, when q and k of a head are given as sums of parts (model/split
 * writes them). It lies here because the page asks for it, too, and has no model. */
#ifndef ATTENTION_SPLIT_TABLE_H
#define ATTENTION_SPLIT_TABLE_H
#include "attention/mask.h"

typedef struct {
    int parts, n, d_head;
    double scale;  /* of the scores */
    char **name;   /* [parts] who wrote them, as in model/split; owned, as are the two below */
    double *q, *k; /* [n][parts][d_head] */
} Split;

/* One token's parts [parts][d_head] as a query, as a key. */
const double *split_query(const Split *split, int token);
const double *split_key(const Split *split, int token);

/* value [parts * parts]: row p, column r is scale * (part p of q_i) . (part r of k_j); their sum is the scaled score.
 * centred [parts * parts]: the same less its mean over the keys that the mask allows query i, since what all keys share
 * does not change a softmax; equal to value when it allows none. Either may be NULL. */
void split_table(const Split *split, Mask mask, int query, int key, double *value, double *centred);
#endif
