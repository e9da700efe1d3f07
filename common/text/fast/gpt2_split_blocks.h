/* gpt2_split_blocks - where the pieces of a text start, 64 bytes at a time. Equal to: gpt2_split_next, one piece after
 * the other. */
#ifndef TEXT_FAST_GPT2_SPLIT_BLOCKS_H
#define TEXT_FAST_GPT2_SPLIT_BLOCKS_H
#include "text/gpt2_split.h"
#include <stdint.h>

/* A zeroed struct stands before a text's start. */
typedef struct {
    size_t at;                                    /* bytes done: a multiple of 64 until the end */
    uint64_t letter, number, other, white, space; /* bit 0: what the last byte of the block before was */
    CharacterClass spill_class;                   /* of a character that reaches into the next block ... */
    int spill;                                    /* ... by so many bytes */
    uint64_t contraction_inside, contraction_end; /* the same for a contraction */
    uint32_t seen[256];                           /* characters with their classes: a text has few different ones */
} Gpt2Blocks;

/* Bit i of the result: a piece starts at text[blocks->at + i]. Then moves on by 64 bytes, or to the end. */
uint64_t gpt2_block_starts(Gpt2Blocks *blocks, const char *text, size_t size);
#endif
