/* bpe_long - one piece of thousands of bytes, in a time that grows like its length. Equal to: the merges of one piece
 * as text/bpe_tree.h makes them, all pairs looked through for each; and to bpe_word, which hands long pieces on. */
#ifndef TEXT_FAST_BPE_LONG_H
#define TEXT_FAST_BPE_LONG_H
#include "text/bpe.h"

/* What long pieces need. Starts zeroed, serves all pieces of one vocabulary. */
typedef struct {
    struct BpeList *list; /* [merges] for each rank: where such a pair stands; owned, as is node */
    struct BpeNode *node; /* the entries of all lists, those in no list chained from `unused` */
    size_t nodes, unused;
} BpeLists;
void bpe_lists_free(BpeLists *lists);

/* bpe_word, for a piece of any length below 2 GB (EXIT_DATA). */
size_t bpe_long_word(const Bpe *bpe, const char *word, size_t length, int *ids, BpeLists *lists);
#endif
