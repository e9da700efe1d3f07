/* reordered - the same tokens in another order, for the order test of attention/order. Shown by stage 20. */
#ifndef VIEW_REORDERED_H
#define VIEW_REORDERED_H
#include "view/reading.h"

/* A reading of a model's reading's own tokens, shuffled by words: pieces follow the word that they belong to, and what
 * frames the texts ([CLS], [SEP], <|endoftext|>) stays. from [n]: token i stood at place from[i]. Nothing is computed
 * yet. EXIT_DATA where no text has two words. You free it. */
Reading reading_reordered(const Reading *reading, uint64_t seed, int *from);
#endif
