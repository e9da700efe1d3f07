/* bpe - a byte-level byte-pair vocabulary: bytes to ids by merging, ids back to bytes, exactly. Told in
 * stages/03_bpe_training (how merges are learned) and stages/04_gpt2_bpe (how they are used).
 *
 * A text is cut into pieces (text/gpt2_split). A piece begins as one token a byte; then, again and again, the
 * adjacent pair whose merge was learned first (the lowest rank) becomes one token, the leftmost such pair first,
 * until no pair has a merge. Every byte is a token, so nothing is ever unknown, and decoding gives back the very
 * bytes.
 *
 * Which file has what: bpe.c the tables; bpe_word.c one piece, and a text, told plainly; bpe_special.c <|endoftext|>;
 * bpe_tree.c who merged with whom; bpe_files.c the files; fast/bpe_cache.c a whole text, fast; fast/bpe_long.c pieces
 * of thousands of bytes. */
#ifndef TEXT_BPE_H
#define TEXT_BPE_H
#include "base/memory.h"
#include "text/added_tokens.h"
#include "text/ids.h"
#include "text/vocab.h"
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    int left, right; /* ids of the pair */
    int made;        /* id of the token it becomes */
} BpeMerge;

/* What a pair becomes: the rank of its merge, or BPE_NONE, and the token. In the table it stands beside its pair, so
 * that a question waits for memory once. */
typedef struct {
    int rank, made;
} BpeResult;
typedef struct {
    int left, right;
    BpeResult result;
} BpePair;

typedef struct {
    Vocab vocab;          /* id -> bytes (not the "\u0120the" of the files: the bytes themselves) */
    int byte_id[256];     /* the token of one byte */
    BpeMerge *merge;      /* [merges], in order of rank; owned, as are the others */
    int merges, slots;    /* slots: room in merge */
    BpePair *pair;        /* [pairs] the merges by their pair; left is -1 where none is. Linear probing */
    size_t pairs;         /* a power of two, at least twice `merges` */
    uint64_t *maybe;      /* [8192] 2^19 bits; one that is not set: no such pair. Nine of ten questions end there */
    BpeResult *byte_pair; /* [65536] of two byte tokens: most questions are about those */
    AddedTokens special;  /* "<|endoftext|>" and whatever else is no piece of text */
    Ids before, behind;   /* what the folder puts around each text (tokenizer_encode); encoding itself adds none */
    bool spaced;          /* and a space before what begins with none, so that the first word is one like the others */
} Bpe;

enum { BPE_NONE = 0x7FFFFFFF }; /* the rank of a pair that has no merge */

/* A vocabulary of the 256 bytes, byte b under the id b, and no merge yet. You free it. */
Bpe bpe_bytes(void);

/* Appends the merge of two tokens that are there, under the next rank; it makes the token `made`, or a new one with
 * the next id when made is -1. Returns the id. */
int bpe_merge(Bpe *bpe, int left, int right, int made);

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

/* The rank of the merge of two tokens, or BPE_NONE. */
static inline int bpe_rank(const Bpe *bpe, int left, int right) {
    return bpe_pair(bpe, left, right).rank;
}

/* Appends the ids of a text of any bytes; special tokens in it are plain text. */
void bpe_encode(const Bpe *bpe, const char *text, size_t size, Ids *out);

/* What a special token in the text is: its id when it is allowed; plain text otherwise, or, with `refuse_rest`, an
 * error (EXIT_DATA, with its offset): somebody else's text should not end your document. The three of tiktoken:
 * allowed_special="all" is {.all = true}, disallowed_special=() is {0}, its default is {.refuse_rest = true}. */
typedef struct {
    bool all;                   /* all are allowed */
    const char *const *allowed; /* else these are; borrowed */
    int n;
    bool refuse_rest;
} BpeSpecials;
void bpe_encode_special(const Bpe *bpe, const char *text, size_t size, BpeSpecials specials, Ids *out);

/* Appends the bytes of the ids. EXIT_DATA, naming the id and its place, when one is not in the vocabulary. */
void bpe_decode(const Bpe *bpe, const int *ids, size_t n, String *out);

void bpe_free(Bpe *bpe);
#endif
