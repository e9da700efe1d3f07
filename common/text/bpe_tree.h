/* bpe_tree - who merged with whom inside one piece: what stage 04 draws. */
#ifndef TEXT_BPE_TREE_H
#define TEXT_BPE_TREE_H
#include "text/bpe.h"

typedef struct {
    int id;
    int first, end;  /* the bytes of the piece that it stands for */
    int left, right; /* nodes that became this one; -1, -1 for a byte */
    int rank;        /* of that merge; -1 for a byte */
    int step;        /* merges of this piece before it, from 0; -1 for a byte */
} BpeNode;

typedef struct {
    BpeNode *node; /* [nodes] first the bytes, from left to right, then what merges made, in order; owned */
    int nodes;
    int *root; /* [roots] the nodes that are left, from left to right: the tokens; owned */
    int roots;
} BpeTree;

/* The merges of one piece of `length` bytes, one at a time; for words, not for megabytes (the time grows with the
 * square of the length; above 65,536 bytes is EXIT_DATA). Free with bpe_tree_free. */
BpeTree bpe_tree(const Bpe *bpe, const char *piece, size_t length);
void bpe_tree_free(BpeTree *tree);
#endif
