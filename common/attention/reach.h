/* reach - how far a mask lets a token see through a stack of layers. Told in stages/10_masks.
 *
 * One layer shows a query its allowed keys; but those have looked at theirs in the layer below. So what a token can
 * know of grows with depth: a window of W - 1 tokens back becomes l * (W - 1) after l layers, and one global token
 * joins everything to everything in two (Beltagy et al. 2020, section 3.1; Jiang et al. 2023). */
#ifndef ATTENTION_REACH_H
#define ATTENTION_REACH_H
#include "attention/mask.h"

typedef struct {
    int *first; /* [n * n] owned; first[query * n + key]: after how many layers the query can know of the key; 0 for
                   itself, which its own residual connection carries; -1: never */
    int n;
} Reach;

/* The first-reach matrix for n tokens: the shortest paths along allowed pairs. Time grows with layers * allowed * n /
 * 64, memory with n^2. You free it. */
Reach reach_new(Mask mask, int n);
void reach_free(Reach *reach);

/* One pair among any number of tokens, without a matrix: after how many layers can the query know of the key? 0 for
 * itself, -1 never. Walks outwards from the query, 4 bytes for each token on the way. false: so many are in reach that
 * it gave up, and so many layers as *layers are not enough. */
bool reach_layers(Mask mask, int n, int query, int key, int *layers);
#endif
