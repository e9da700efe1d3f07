/* bpe_train_words - the different pieces of a text, each with how often it occurs: what BPE training really reads.
 * 100 MB of code and English are 25 million pieces, of which 400,000 differ. Told in stages/03_bpe_training. */
#ifndef TEXT_BPE_TRAIN_WORDS_H
#define TEXT_BPE_TRAIN_WORDS_H
#include "base/workers.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WORD_INSIDE = 15 }; /* bytes of the longest piece that fits a slot */

typedef struct {
    uint64_t low, high; /* a short piece: its letters, and its length on top. A longer one: where it is, and its hash */
    uint64_t count;     /* 0: a free slot */
    size_t length;
} WordSlot;

/* A hash table with the keys inside it: looking up a short piece touches one cache line and not the text. */
typedef struct {
    const char *text;
    WordSlot *slot;     /* [slots] linear probing */
    size_t slots, used; /* slots is a power of two */
    uint64_t pieces;    /* all counts added up */
} WordCounts;

/* The pieces of GPT-2's pre-split of text[0..size). Each worker counts a part of its own (NULL: one part); the parts
 * are cut where a piece ends whatever stands behind it. Borrows the text. Free with word_counts_free. */
WordCounts words_count(Workers *workers, const char *text, size_t size);
void word_counts_free(WordCounts *words);

/* The piece in that slot, `length` bytes without a final 0, or NULL for a free slot. A short one is written to room. */
const char *words_at(const WordCounts *words, size_t slot, char room[16]);
#endif
