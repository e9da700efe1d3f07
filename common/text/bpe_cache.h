/* bpe_cache - the words of a text seen so far, with their ids: people repeat words, so `the` is merged once. */
#ifndef TEXT_BPE_CACHE_H
#define TEXT_BPE_CACHE_H
#include "text/bpe.h"

/* Appends the ids of one piece after the other by bpe_word alone: what bpe_encode must equal, for tests and lessons. */
void bpe_encode_plainly(const Bpe *bpe, const char *text, size_t size, IdList *out);
#endif
