/* bpe_word - the ids of one piece of a text, by merging. */
#ifndef TEXT_BPE_WORD_H
#define TEXT_BPE_WORD_H
#include "text/bpe.h"
#include "text/fast/bpe_long.h"

/* Writes the ids of a piece of `length` >= 1 bytes to ids[0..length) and returns how many there are. `lists` is what
 * long pieces need: zeroed at first, freed by bpe_lists_free. */
size_t bpe_word(const Bpe *bpe, const char *word, size_t length, int *ids, BpeLists *lists);

/* Appends the ids of a text, piece after piece: what bpe_encode must equal. */
void bpe_encode_plainly(const Bpe *bpe, const char *text, size_t size, Ids *out);
#endif
