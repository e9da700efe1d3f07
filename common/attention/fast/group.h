/* group - a handful of queries against a block of keys, in registers: scores, their softmax as it grows from block to
 * block, and the weighted sums of values. For attention/fast/strip_block only, which may not be compiled with
 * -ffast-math: -INFINITY is a forbidden score. Equal to: stream_told in stages/13_efficient. */
#ifndef ATTENTION_FAST_GROUP_H
#define ATTENTION_FAST_GROUP_H
#include "attention/banded.h"
#include "math/fast/lane_math.h"
#include "math/fast/panel.h"
#include <math.h>

/* ROWS queries by a panel of PANEL keys are the sums that the registers hold. */
#if defined(__AVX512F__)
enum { ROWS = 12 };
#elif defined(__AVX__)
enum { ROWS = 6 };
#else
enum { ROWS = 4 };
#endif
enum { BLOCK_TILES = 5, BLOCK = BLOCK_TILES * TILE_KEYS }; /* keys that are packed at a time */

/* scores (ROWS, wide lanes) = q k^T (+ bias) over d columns, forbidden cells -INFINITY; top: the largest lanes so far.
 * keys are those lanes of a panel. words is NULL where all is allowed, and bit `shift` of a word is the first key; bias
 * points to the number for query 0 and that key, or is NULL. */
INLINE void score_lanes(int wide, float *scores, const float *q, const float *keys, int d, const uint32_t *words,
                        int shift, const float *bias, Lane *top) {
    Lane low[ROWS] = {0}, high[ROWS] = {0};
    for (int c = 0; c < d; c++) {
        Lane a = lane_load(keys + (size_t)c * PANEL), b = wide == 2 ? lane_load(keys + (size_t)c * PANEL + LANES) : a;
        UNROLL for (int r = 0; r < ROWS; r++) {
            float x = q[(size_t)r * (size_t)d + (size_t)c];
            low[r] += x * a;
            if (wide == 2) high[r] += x * b;
        }
    }
    UNROLL for (int r = 0; r < ROWS; r++) {
        if (bias) low[r] += lane_load(bias - r);
        if (bias && wide == 2) high[r] += lane_load(bias - r + LANES);
        if (words) {
            low[r] = keep_lanes(low[r], words[r] >> shift);
            if (wide == 2) high[r] = keep_lanes(high[r], words[r] >> (shift + LANES));
        }
        lane_store(scores + (size_t)r * BLOCK, low[r]);
        top[r] = lane_max(top[r], low[r]);
        if (wide == 2) {
            lane_store(scores + (size_t)r * BLOCK + LANES, high[r]);
            top[r] = lane_max(top[r], high[r]);
        }
    }
}

/* Scores of ROWS queries from key `from` to `end` (whole lanes of the block) become weights 2^(score - top). top and
 * total go on from the blocks before; shrink[r] is what those count for now. */
INLINE void soften(float *scores, int from, int end, Lane *tops, float *top, float *total, float *shrink) {
    Lane before = lane_load(top), now = lane_max(before, fold_max(tops)), factor = lane_exp2(before - now);
    Lane added[LANES] = {0};
    lane_store(top, now);
    lane_store(shrink, factor);
    UNROLL for (int r = 0; r < ROWS; r++) {
        Lane most = lane_of(top[r]);
        for (int j = from; j < end; j += LANES) {
            float *at = scores + (size_t)r * BLOCK + j;
            Lane weight = lane_exp2(lane_load(at) - most);
            added[r] += weight;
            lane_store(at, weight);
        }
    }
    lane_store(total, lane_load(total) * factor + fold_all(added));
}

/* sums (ROWS, wide lanes) = shrink * sums + weights times values, keys from .. end - 1 of the block. */
INLINE void value_tile(int wide, float *sums, const float *weights, const float *values, size_t padded, int from,
                       int end, const float *shrink) {
    Lane a[ROWS], b[ROWS];
    UNROLL for (int r = 0; r < ROWS; r++) {
        a[r] = lane_load(sums + (size_t)r * padded) * shrink[r];
        if (wide == 2) b[r] = lane_load(sums + (size_t)r * padded + LANES) * shrink[r];
    }
    for (int j = from; j < end; j++) {
        const float *value = values + (size_t)j * padded;
        Lane low = lane_load(value), high = wide == 2 ? lane_load(value + LANES) : low;
        UNROLL for (int r = 0; r < ROWS; r++) {
            float x = weights[(size_t)r * BLOCK + (size_t)j];
            a[r] += x * low;
            if (wide == 2) b[r] += x * high;
        }
    }
    UNROLL for (int r = 0; r < ROWS; r++) {
        lane_store(sums + (size_t)r * padded, a[r]);
        if (wide == 2) lane_store(sums + (size_t)r * padded + LANES, b[r]);
    }
}

INLINE void add_values(float *sums, const float *weights, const float *values, int padded, int from, int end,
                       const float *shrink) {
    int c = 0;
    for (; c + 2 * LANES <= padded; c += 2 * LANES)
        value_tile(2, sums + c, weights, values + c, (size_t)padded, from, end, shrink);
    if (c < padded) value_tile(1, sums + c, weights, values + c, (size_t)padded, from, end, shrink);
}
#endif
