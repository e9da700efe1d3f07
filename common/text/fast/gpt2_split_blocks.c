/* The splitter without a loop over characters. A piece's start depends on what a character and its two neighbours
 * are, and nothing else (a contraction looks two further). So 64 bytes are classified at once into four 64-bit masks,
 * bit i for byte i, and "a letter whose neighbour on the left is none" is  letter & ~(letter << 1 | carry):  the
 * starts of ten words cost a dozen instructions. It works for every script: a character of three bytes sets three
 * bits. Idea: simdjson's classification (Langdale and Lemire, 2019). */
#include "text/fast/gpt2_split_blocks.h"

#include <stdbool.h>
#include <string.h>

/* ---- what bytes are: three comparisons of 64 bytes, as the processor offers them ---- */

#if defined(__AVX512BW__)
#include <immintrin.h>
typedef __m512i Block;
static inline Block block_load(const unsigned char *bytes) {
    return _mm512_loadu_si512(bytes);
}
static inline uint64_t block_between(Block block, unsigned char first, unsigned char last, unsigned char fold) {
    Block folded = _mm512_or_si512(block, _mm512_set1_epi8((char)fold));
    return _mm512_cmple_epu8_mask(_mm512_sub_epi8(folded, _mm512_set1_epi8((char)first)),
                                  _mm512_set1_epi8((char)(last - first)));
}
#elif defined(__AVX2__)
#include <immintrin.h>
typedef struct {
    __m256i half[2];
} Block;
static inline Block block_load(const unsigned char *bytes) {
    return (Block){{_mm256_loadu_si256((const void *)bytes), _mm256_loadu_si256((const void *)(bytes + 32))}};
}
static inline uint64_t block_between(Block block, unsigned char first, unsigned char last, unsigned char fold) {
    uint32_t bits[2];
    for (int i = 0; i < 2; i++) {
        __m256i folded = _mm256_or_si256(block.half[i], _mm256_set1_epi8((char)fold));
        __m256i above = _mm256_sub_epi8(folded, _mm256_set1_epi8((char)first));
        __m256i most = _mm256_set1_epi8((char)(last - first));
        bits[i] = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(above, most), above));
    }
    return (uint64_t)bits[1] << 32 | bits[0];
}
#else
typedef struct {
    const unsigned char *bytes;
} Block;
static inline Block block_load(const unsigned char *bytes) {
    return (Block){bytes};
}
static inline uint64_t block_between(Block block, unsigned char first, unsigned char last, unsigned char fold) {
    uint64_t bits = 0;
    for (int i = 0; i < 64; i++)
        bits |= (uint64_t)((unsigned char)((block.bytes[i] | fold) - first) <= last - first) << i;
    return bits;
}
#endif

/* ---- 64 bytes as masks ---- */

typedef struct {
    uint64_t letter, number, white; /* all bytes of such characters; what is none of them is "other" */
    uint64_t white_rest;            /* the second and later bytes of a white space that is not ASCII */
    uint64_t white_last;            /* the first byte of one that stands before something else */
} Masks;

static uint64_t low_bits(size_t count) {
    return count >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1;
}

static void mark(Masks *masks, CharacterClass class, uint64_t bytes) {
    if (class == CLASS_LETTER) masks->letter |= bytes;
    if (class == CLASS_NUMBER) masks->number |= bytes;
    if (class == CLASS_SPACE) masks->white |= bytes;
}

/* Whether a character that is no white space stands at text[at]. */
static uint64_t is_black(const char *text, size_t size, size_t at) {
    int length;
    return at < size && gpt2_class(text + at, size - at, &length) != CLASS_SPACE;
}

/* gpt2_class of a character of two or three bytes costs a walk through Unicode's tables, so it is remembered under its
 * own bytes. */
static CharacterClass class_at(Gpt2Blocks *blocks, const char *text, size_t size, size_t at, int *length) {
    const unsigned char *byte = (const unsigned char *)text + at;
    if (byte[0] >= 0xF0 || size - at < 3) return gpt2_class(text + at, size - at, length);
    bool three = byte[0] >= 0xE0;
    uint32_t bytes = (uint32_t)byte[0] << 16 | (uint32_t)byte[1] << 8 | (three ? byte[2] : 0);
    uint32_t *seen = &blocks->seen[(byte[0] ^ byte[1] << 2 ^ (three ? byte[2] : 0)) & 255];
    if (*seen >> 8 != bytes) {
        CharacterClass class = gpt2_class(text + at, size - at, length);
        *seen = bytes << 8 | (uint32_t) class << 4 | (uint32_t)*length;
    }
    *length = (int)(*seen & 15);
    return (CharacterClass)(*seen >> 4 & 15);
}

/* Sets the bits of the characters that are not ASCII, whose bytes are `high`. */
static void mark_high(Gpt2Blocks *blocks, Masks *masks, uint64_t high, const char *text, size_t size) {
    if (blocks->spill) { /* the end of a character that began in the block before */
        uint64_t rest = low_bits((size_t)blocks->spill);
        mark(masks, blocks->spill_class, rest);
        if (blocks->spill_class == CLASS_SPACE) masks->white_rest |= rest;
        high &= ~rest;
        blocks->spill = 0;
    }
    while (high) {
        int i = __builtin_ctzll(high), length;
        size_t at = blocks->at + (size_t)i;
        CharacterClass class = class_at(blocks, text, size, at, &length);
        uint64_t bytes = low_bits((size_t)length) << i;
        mark(masks, class, bytes);
        if (class == CLASS_SPACE) {
            masks->white_rest |= bytes & (bytes << 1);
            masks->white_last |= is_black(text, size, at + (size_t)length) << i;
        }
        high &= ~bytes;
        if (i + length > 64) {
            blocks->spill = i + length - 64;
            blocks->spill_class = class;
        }
    }
}

/* A piece may start at an apostrophe with its ending: then none starts inside, and the next one right behind it. The
 * bits that lie past this block wait for the next one. */
static uint64_t cut_contractions(Gpt2Blocks *blocks, uint64_t starts, uint64_t apostrophes, const char *text,
                                 size_t size) {
    starts = (starts & ~blocks->contraction_inside) | blocks->contraction_end;
    blocks->contraction_inside = blocks->contraction_end = 0;
    for (uint64_t left = apostrophes & starts; left; left &= left - 1) {
        int i = __builtin_ctzll(left);
        int length = (int)gpt2_contraction(text, size, blocks->at + (size_t)i);
        if (length == 0) continue;
        if (i < 63) starts &= ~(UINT64_C(2) << i);
        else blocks->contraction_inside = 1;
        if (i + length < 64) starts |= UINT64_C(1) << (i + length);
        else blocks->contraction_end |= UINT64_C(1) << (i + length - 64);
    }
    return starts;
}

uint64_t gpt2_block_starts(Gpt2Blocks *blocks, const char *text, size_t size) {
    unsigned char padded[64];
    const unsigned char *bytes = (const unsigned char *)text + blocks->at;
    size_t count = size - blocks->at;
    if (count < 64) {
        memset(padded, 0, sizeof padded);
        bytes = memcpy(padded, bytes, count);
    }
    Block block = block_load(bytes);
    uint64_t there = low_bits(count), high = block_between(block, 0x80, 0xFF, 0);
    uint64_t space = block_between(block, ' ', ' ', 0), quote = block_between(block, '\'', '\'', 0);
    Masks masks = {.letter = block_between(block, 'a', 'z', 0x20),
                   .number = block_between(block, '0', '9', 0),
                   .white = block_between(block, '\t', '\r', 0) | space};
    if (high | (uint64_t)blocks->spill) mark_high(blocks, &masks, high, text, size);
    uint64_t other = there & ~(masks.letter | masks.number | masks.white), black = there & ~masks.white;
    uint64_t next_black = black >> 1;
    if (masks.white >> 63 && bytes[63] < 0x80) next_black |= is_black(text, size, blocks->at + 64) << 63;

    uint64_t white_before = masks.white << 1 | blocks->white;
    uint64_t starts = (masks.letter & ~(masks.letter << 1 | blocks->letter)) |
                      (masks.number & ~(masks.number << 1 | blocks->number)) | (other & ~(other << 1 | blocks->other));
    starts &= ~(space << 1 | blocks->space); /* ` ?`: the run has begun with that space */
    starts |= (masks.white & ~masks.white_rest & (~white_before | next_black)) | masks.white_last;
    starts = cut_contractions(blocks, starts, quote, text, size) & there;

    blocks->letter = masks.letter >> 63, blocks->number = masks.number >> 63, blocks->other = other >> 63;
    blocks->white = masks.white >> 63, blocks->space = space >> 63;
    blocks->at += count < 64 ? count : 64;
    return starts;
}
