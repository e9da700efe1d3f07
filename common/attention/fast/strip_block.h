/* strip_block - a strip of queries against a block of keys: what attention/streaming spends its time on. Packing,
 * scores, the softmax that grows from block to block, and the weighted sums of values, for a group of queries at a
 * time, in registers (attention/fast/group). Equal to: attention_forward, within 1e-5, under any mask. */
#ifndef ATTENTION_FAST_STRIP_BLOCK_H
#define ATTENTION_FAST_STRIP_BLOCK_H
#include "attention/banded.h"
#include "math/mat.h"

enum { STRIP = 288 }; /* queries that share a packed block */

/* What one worker owns: the packed block, the strip's queries and how far each of them has come. You free it. */
typedef struct StripBlock StripBlock;
StripBlock *strip_block_new(int d_head);
void strip_block_free(StripBlock *block);
size_t strip_block_bytes(int d_head); /* of its numbers */

/* Packs the next few touched tiles from `tile` on, which need not be neighbours: the band and the global keys of a
 * strip go into the same block. k, v: (m, d_head). Returns where to go on, or -1 when that was the last. */
int strip_block_pack(StripBlock *block, const TileStrip *strip, Mat k, Mat v, int tile);

/* One head's part in it. With its first block a strip begins: sums are zero. With its last it ends: out is written. */
typedef struct {
    Mat q, out;        /* (n, d_head): this head's columns */
    int first;         /* row of the strip's first query */
    float scale;       /* of the scores */
    const float *bias; /* log2(e) times what is added to the score of query 0 of the strip with key 0, and so by
                        * distance: readable from STRIP before to a tile behind; NULL: none */
    bool begins, ends;
} StripTurn;

/* Rows that the next call will need: they are asked for meanwhile. data NULL: nothing is known. */
typedef struct {
    Mat k, v, q; /* of the next block; q only where a strip begins with it */
    int tile, first;
} StripSoon;

void strip_block_attend(StripBlock *block, const TileStrip *strip, StripTurn turn, StripSoon soon);
#endif
