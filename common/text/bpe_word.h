/* bpe_word - the ids of one piece of a text, by merging. */
#ifndef TEXT_BPE_WORD_H
#define TEXT_BPE_WORD_H
#include "text/bpe.h"
#include "text/fast/bpe_long.h"

/* Knuth's multiplication, twice: one for each id, so that (a, b) and (b, a) differ. */
static inline uint64_t bpe_pair_hash(int left, int right) {
    uint64_t hash = ((uint64_t)(uint32_t)left << 32 | (uint32_t)right) * UINT64_C(0x9E3779B97F4A7C15);
    return (hash ^ hash >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
}

/* What the pair of two tokens becomes, for the loops that ask it ten times a word. */
static inline BpeResult bpe_pair(const Bpe *bpe, int left, int right) {
    static const BpeResult nothing = {BPE_NONE, -1};
    if (bpe->merges == 0) return nothing;
    uint64_t hash = bpe_pair_hash(left, right);
    if (!(bpe->maybe[hash >> 51] >> (hash >> 45 & 63) & 1)) return nothing;
    for (size_t at = (size_t)hash & (bpe->pairs - 1);; at = (at + 1) & (bpe->pairs - 1)) {
        const BpePair *pair = &bpe->pair[at];
        if (pair->left == left && pair->right == right) return pair->result;
        if (pair->left < 0) return nothing;
    }
}

/* Writes the ids of a piece of `length` >= 1 bytes to ids[0..length) and returns how many there are. `lists` is what
 * long pieces need: zeroed at first, freed by bpe_lists_free. */
size_t bpe_word(const Bpe *bpe, const char *word, size_t length, int *ids, BpeLists *lists);

/* Appends the ids of a text, piece after piece: what bpe_encode must equal. */
void bpe_encode_plainly(const Bpe *bpe, const char *text, size_t size, Ids *out);
#endif
