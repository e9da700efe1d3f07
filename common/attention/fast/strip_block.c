#include "attention/fast/strip_block.h"
#include "attention/fast/group.h"
#include "base/memory.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { GROUPS = STRIP / ROWS };
enum { HALF = (1 << LANES) - 1 }; /* as bits: the keys of half a panel */

struct StripBlock {
    int d_head, padded;           /* padded: d_head in whole lanes */
    int tile[BLOCK_TILES], tiles; /* that are packed */
    float *keys;                  /* [BLOCK / PANEL][d_head][PANEL]: panels of k, turned */
    float *values;                /* [BLOCK][padded] */
    float *queries;               /* [STRIP][d_head], times log2(e) and the scale */
    float *sums;                  /* [STRIP][padded]: the sums of weight times value so far */
    float *scores;                /* [ROWS][BLOCK] */
    float *top, *total;           /* [GROUPS][LANES]: each query's largest score and sum of weights so far */
};

static int up_to(int d, int unit) {
    return (d + unit - 1) / unit * unit;
}

/* As many as the widest processor needs, on all of them: what a mask costs is quoted, and must not depend on where. */
static size_t floats_of(int d_head) {
    enum { MOST_LANES = 16, MOST_ROWS = 12, MOST_TOPS = STRIP / MOST_ROWS * MOST_LANES };
    _Static_assert((int)LANES <= MOST_LANES && (int)ROWS <= MOST_ROWS, "a wider one");
    _Static_assert(GROUPS * LANES <= (int)MOST_TOPS, "a wider one");
    size_t d = (size_t)d_head, padded = (size_t)up_to(d_head, MOST_LANES);
    return (BLOCK + STRIP) * (d + padded) + (size_t)MOST_ROWS * BLOCK + 2 * (size_t)MOST_TOPS;
}

size_t strip_block_bytes(int d_head) {
    return floats_of(d_head) * sizeof(float);
}

StripBlock *strip_block_new(int d_head) {
    StripBlock *s = memory_new(1, sizeof *s, "the tiles of a strip");
    s->d_head = d_head, s->padded = up_to(d_head, LANES);
    s->keys = memory_new(floats_of(d_head), sizeof(float), "the tiles of a strip");
    s->values = s->keys + (size_t)BLOCK * (size_t)d_head;
    s->sums = s->values + (size_t)BLOCK * (size_t)s->padded;
    s->scores = s->sums + (size_t)STRIP * (size_t)s->padded;
    s->top = s->scores + (size_t)ROWS * BLOCK;
    s->total = s->top + GROUPS * LANES;
    s->queries = s->total + GROUPS * LANES;
    return s;
}

void strip_block_free(StripBlock *s) {
    if (s) memory_free(s->keys);
    memory_free(s);
}

/* ---- packing ---- */

static void pack_values(float *values, int padded, Mat v, int first) {
    for (int b = 0; b < TILE_KEYS; b++, values += padded) {
        const float *row = mat_row(v, first + b < v.rows ? first + b : 0);
        for (int c = 0; c < v.cols; c++) values[c] = first + b < v.rows ? row[c] : 0;
    }
}

int strip_block_pack(StripBlock *s, const TileStrip *strip, Mat k, Mat v, int tile) {
    for (s->tiles = 0; s->tiles < BLOCK_TILES && tile >= 0; tile = strip_next_tile(strip, tile + 1)) {
        for (int b = 0; b < TILE_KEYS; b += PANEL)
            turn_panel(s->keys + (size_t)(s->tiles * TILE_KEYS + b) * (size_t)s->d_head, PANEL, k, tile * TILE_KEYS + b,
                       k.rows - tile * TILE_KEYS - b, 0, k.cols);
        pack_values(s->values + (size_t)s->tiles * TILE_KEYS * (size_t)s->padded, s->padded, v, tile * TILE_KEYS);
        s->tile[s->tiles++] = tile;
    }
    return tile;
}

/* ---- one group of ROWS queries and the block ---- */

/* Which keys of the block some query of the group may see: [*from, *end), and for each tile the bits that any and that
 * all queries have. */
static void look_at_group(const StripBlock *s, const TileStrip *strip, int group, uint32_t *any, uint32_t *all,
                          int *from, int *end) {
    *from = BLOCK, *end = 0;
    for (int t = 0; t < s->tiles; t++) {
        const uint32_t *words = strip_words(strip, s->tile[t], group * ROWS);
        any[t] = 0, all[t] = UINT32_MAX;
        UNROLL for (int r = 0; r < ROWS; r++) any[t] |= words[r], all[t] &= words[r];
        if (!any[t]) continue;
        if (*end == 0) *from = t * TILE_KEYS + __builtin_ctz(any[t]);
        *end = t * TILE_KEYS + 32 - __builtin_clz(any[t]);
    }
}

/* A gap in what the group looks at: `count` keys of the block from `at` on. */
static void forbid(StripBlock *s, int at, int count) {
    for (int r = 0; r < ROWS; r++)
        for (int b = 0; b < count; b += LANES) lane_store(s->scores + r * BLOCK + at + b, lane_of(-INFINITY));
}

/* The scores of a group against tile t of the block, panel by panel; of a panel whose one half nobody sees only the
 * other, as happens at both edges of a band. */
static void score_tile(StripBlock *s, const TileStrip *strip, int group, int t, uint32_t any, bool full,
                       const float *bias, Lane *tops) {
    const uint32_t *words = full ? NULL : strip_words(strip, s->tile[t], group * ROWS);
    const float *queries = s->queries + (size_t)group * ROWS * (size_t)s->d_head;
    if (bias) bias += (ptrdiff_t)s->tile[t] * TILE_KEYS - group * ROWS;
    for (int b = 0; b < TILE_KEYS; b += PANEL) {
        int at = t * TILE_KEYS + b, d = s->d_head;
        const float *keys = s->keys + (size_t)at * (size_t)d, *from = bias ? bias + b : NULL;
        uint32_t low = any >> b & HALF, high = any >> (b + LANES) & HALF;
        if (low && high) {
            score_lanes(2, s->scores + at, queries, keys, d, words, b, from, tops);
            continue;
        }
        forbid(s, low ? at + LANES : at, low || high ? LANES : PANEL);
        if (low) score_lanes(1, s->scores + at, queries, keys, d, words, b, from, tops);
        if (high)
            score_lanes(1, s->scores + at + LANES, queries, keys + LANES, d, words, b + LANES,
                        from ? from + LANES : NULL, tops);
    }
}

static void group_step(StripBlock *s, const TileStrip *strip, int group, const float *bias) {
    uint32_t any[BLOCK_TILES], all[BLOCK_TILES];
    int from, end;
    look_at_group(s, strip, group, any, all, &from, &end);
    if (end == 0) return;
    Lane tops[LANES];
    for (int r = 0; r < LANES; r++) tops[r] = lane_of(-INFINITY);
    for (int t = from / TILE_KEYS; t <= (end - 1) / TILE_KEYS; t++)
        if (any[t]) score_tile(s, strip, group, t, any[t], all[t] == UINT32_MAX, bias, tops);
        else forbid(s, t * TILE_KEYS, TILE_KEYS);
    float shrink[LANES];
    soften(s->scores, from / LANES * LANES, (end + LANES - 1) / LANES * LANES, tops, s->top + group * LANES,
           s->total + group * LANES, shrink);
    add_values(s->sums + (size_t)group * ROWS * (size_t)s->padded, s->scores, s->values, s->padded, from, end, shrink);
}

/* Each group is begun just before its first scores and written just after its last values: what waits for memory is a
 * dozen rows at a time, and the sums of the next group go on meanwhile. All at once would stand still for it. */
static void begin_group(StripBlock *s, const StripTurn *turn, int group) {
    int d = s->d_head;
    float scale = (float)(M_LOG2E * (double)turn->scale); /* log2(e): the weights are powers of two */
    for (int r = group * ROWS; r < (group + 1) * ROWS; r++) {
        float *row = s->queries + (size_t)r * (size_t)d;
        if (turn->first + r >= turn->q.rows) {
            memset(row, 0, (size_t)d * sizeof *row);
            continue;
        }
        const float *from = mat_row(turn->q, turn->first + r);
        for (int c = 0; c < d; c++) row[c] = from[c] * scale;
    }
    memset(s->sums + (size_t)group * ROWS * (size_t)s->padded, 0, ROWS * (size_t)s->padded * sizeof *s->sums);
    for (int i = group * LANES; i < (group + 1) * LANES; i++) s->top[i] = -FLT_MAX, s->total[i] = 0;
}

static void end_group(const StripBlock *s, const StripTurn *turn, int group) {
    for (int r = group * ROWS; r < (group + 1) * ROWS && turn->first + r < turn->out.rows; r++) {
        float total = s->total[r / ROWS * LANES + r % ROWS], factor = total > 0 ? 1 / total : 0;
        const float *sums = s->sums + (size_t)r * (size_t)s->padded;
        float *row = mat_row(turn->out, turn->first + r);
        for (int c = 0; c < s->d_head; c++) row[c] = sums[c] * factor;
    }
}

/* ---- what is asked for meanwhile ---- */

/* Rows of m that will be needed soon are asked for while the processor computes. A head's rows are short and far
 * apart, so it does not see by itself what comes next. INLINE: a call that does nothing but ask has no effect that gcc
 * knows of, and is left out. */
INLINE void ask_for_rows(Mat m, int first, int count) {
    for (int i = first < 0 ? 0 : first; i < first + count && i < m.rows; i++)
        for (int c = 0; c < m.cols; c += 16) __builtin_prefetch(mat_row(m, i) + c, 0, 2);
}

/* A share for each group: the next block's keys and values. And the rows that the next group will read in the first
 * block and write in the last: no more of them, for rows so far apart share few places of a cache, and would drive each
 * other out. */
INLINE void ask_ahead(const StripTurn *turn, const StripSoon *soon, int group) {
    enum { SHARE = BLOCK / GROUPS + 1 };
    int row = turn->first + (group + 1) * ROWS;
    if (turn->begins && group + 1 < GROUPS) ask_for_rows(turn->q, row, ROWS);
    if (turn->ends && group + 1 < GROUPS) ask_for_rows(turn->out, row, ROWS);
    if (group + 1 == GROUPS) ask_for_rows(soon->q, soon->first, ROWS);
    ask_for_rows(soon->k, soon->tile * TILE_KEYS + group * SHARE, SHARE);
    ask_for_rows(soon->v, soon->tile * TILE_KEYS + group * SHARE, SHARE);
}

void strip_block_attend(StripBlock *block, const TileStrip *strip, StripTurn turn, StripSoon soon) {
    for (int group = 0; group < GROUPS; group++) {
        ask_ahead(&turn, &soon, group);
        if (turn.begins) begin_group(block, &turn, group);
        group_step(block, strip, group, turn.bias);
        if (turn.ends) end_group(block, &turn, group);
    }
}
