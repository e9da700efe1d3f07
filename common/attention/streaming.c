#include "attention/streaming.h"
#include "attention/banded.h"
#include "base/memory.h"
#include "math/lane_math.h"
#include "math/panel.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

/* The sizes. A group of ROWS queries by a panel of PANEL keys are the sums that the registers hold. BLOCK_TILES tiles
 * are packed at a time, which need not be neighbours: the band and the global keys of a strip go into the same block. A
 * strip is as many queries as share a packed block. */
#ifdef __AVX512F__
enum { ROWS = 12, GROUPS = 24 };
#else
enum { ROWS = 6, GROUPS = 48 };
#endif
enum { BLOCK_TILES = 4, BLOCK = BLOCK_TILES * TILE_KEYS, STRIP = ROWS * GROUPS };

/* What one worker owns. */
typedef struct {
    Strip strip;
    int planned;                  /* the strip that `strip` holds; -1: none */
    int tile[BLOCK_TILES], tiles; /* of the block */
    float *keys;                  /* [BLOCK / PANEL][d_head][PANEL]: panels of k, turned */
    float *values;                /* [BLOCK][padded] */
    float *queries;               /* [STRIP][d_head], times log2(e) / sqrt(d_head) */
    float *sums;                  /* [STRIP][padded]: the sums of weight times value so far */
    float *scores;                /* [ROWS][BLOCK] */
    float *top, *total;           /* [GROUPS][LANES]: each query's largest score and sum of weights so far */
} Scratch;

typedef struct {
    Mat out, q, k, v, bias;
    int n, m, d_head, padded; /* padded: d_head in whole lanes */
    int heads, strips, workers;
    Mask mask;
    GlobalTokens globals;
    Scratch *scratch;
} Work;

/* Lanes whose bit in `word` is clear become -INFINITY. */
INLINE Lane keep_allowed(Lane x, uint32_t word) {
#ifdef __AVX512F__
    const Bits bit = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768};
#else
    const Bits bit = {1, 2, 4, 8, 16, 32, 64, 128};
#endif
    Bits allowed = (Bits)((bit & word) != 0);
    return (Lane)((allowed & (Bits)x) | (~allowed & (Bits)lane_of(-INFINITY)));
}

/* ---- packing ---- */

static void pack_values(float *values, int padded, Mat v, int first) {
    for (int b = 0; b < TILE_KEYS; b++, values += padded) {
        const float *row = mat_row(v, first + b < v.rows ? first + b : 0);
        for (int c = 0; c < v.cols; c++) values[c] = first + b < v.rows ? row[c] : 0;
    }
}

/* The next touched tiles from `tile` on, packed; returns where to go on, or -1 when that was the last. */
static int pack_block(Scratch *s, const Work *w, Mat k, Mat v, int tile) {
    for (s->tiles = 0; s->tiles < BLOCK_TILES && tile >= 0; tile = strip_next_tile(&s->strip, tile + 1)) {
        for (int b = 0; b < TILE_KEYS; b += PANEL)
            turn_panel(s->keys + (size_t)(s->tiles * TILE_KEYS + b) * (size_t)w->d_head, k, tile * TILE_KEYS + b,
                       k.rows - tile * TILE_KEYS - b, 0, k.cols);
        pack_values(s->values + (size_t)s->tiles * TILE_KEYS * (size_t)w->padded, w->padded, v, tile * TILE_KEYS);
        s->tile[s->tiles++] = tile;
    }
    return tile;
}

/* ---- one group of ROWS queries and one block ---- */

/* scores (ROWS, PANEL) = q k^T (+ bias) over d columns, forbidden cells -INFINITY; top: the largest lanes so far. words
 * is NULL where all is allowed, and bit `shift` of a word is the first key; bias points to the number for query 0 and
 * that key, or is NULL. */
static void score_panel(float *scores, const float *q, const float *keys, int d, const uint32_t *words, int shift,
                        const float *bias, Lane *top) {
    Lane low[ROWS] = {0}, high[ROWS] = {0};
    for (int c = 0; c < d; c++) {
        Lane a = lane_load(keys + (size_t)c * PANEL), b = lane_load(keys + (size_t)c * PANEL + LANES);
        UNROLL for (int r = 0; r < ROWS; r++) {
            float x = q[(size_t)r * (size_t)d + (size_t)c];
            low[r] += x * a;
            high[r] += x * b;
        }
    }
    UNROLL for (int r = 0; r < ROWS; r++) {
        if (bias) low[r] += lane_load(bias - r), high[r] += lane_load(bias - r + LANES);
        if (words) {
            low[r] = keep_allowed(low[r], words[r] >> shift);
            high[r] = keep_allowed(high[r], words[r] >> (shift + LANES));
        }
        lane_store(scores + (size_t)r * BLOCK, low[r]);
        lane_store(scores + (size_t)r * BLOCK + LANES, high[r]);
        top[r] = lane_max(top[r], lane_max(low[r], high[r]));
    }
}

/* Scores of ROWS queries from key `from` to `end` (whole lanes of the block) become weights 2^(score - top). top and
 * total go on from the blocks before; shrink[r] is what those count for now. */
static void soften(float *scores, int from, int end, Lane *tops, float *top, float *total, float *shrink) {
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

static void add_values(float *sums, const float *weights, const float *values, int padded, int from, int end,
                       const float *shrink) {
    int c = 0;
    for (; c + 2 * LANES <= padded; c += 2 * LANES)
        value_tile(2, sums + c, weights, values + c, (size_t)padded, from, end, shrink);
    if (c < padded) value_tile(1, sums + c, weights, values + c, (size_t)padded, from, end, shrink);
}

/* Which keys of the block some query of the group may see: [*from, *end), and for each tile the bits that any and that
 * all queries have. */
static void look_at_group(const Scratch *s, int group, uint32_t *any, uint32_t *all, int *from, int *end) {
    *from = BLOCK, *end = 0;
    for (int t = 0; t < s->tiles; t++) {
        const uint32_t *words = strip_words(&s->strip, s->tile[t], group * ROWS);
        any[t] = 0, all[t] = UINT32_MAX;
        for (int r = 0; r < ROWS; r++) any[t] |= words[r], all[t] &= words[r];
        if (!any[t]) continue;
        if (*end == 0) *from = t * TILE_KEYS + __builtin_ctz(any[t]);
        *end = t * TILE_KEYS + 32 - __builtin_clz(any[t]);
    }
}

/* The scores of a group against tile t of the block, panel by panel. */
static void score_tile(Scratch *s, const Work *w, int group, int t, bool full, const float *bias, Lane *tops) {
    const uint32_t *words = full ? NULL : strip_words(&s->strip, s->tile[t], group * ROWS);
    const float *queries = s->queries + (size_t)group * ROWS * (size_t)w->d_head;
    if (bias) bias += (ptrdiff_t)s->tile[t] * TILE_KEYS - group * ROWS;
    for (int b = 0; b < TILE_KEYS; b += PANEL) {
        int at = t * TILE_KEYS + b;
        score_panel(s->scores + at, queries, s->keys + (size_t)at * (size_t)w->d_head, w->d_head, words, b,
                    bias ? bias + b : NULL, tops);
    }
}

/* A gap between two tiles that the group looks at. */
static void forbid_tile(Scratch *s, int t) {
    for (int r = 0; r < ROWS; r++)
        for (int b = 0; b < TILE_KEYS; b += LANES)
            lane_store(s->scores + r * BLOCK + t * TILE_KEYS + b, lane_of(-INFINITY));
}

/* bias points to the number of query 0 of the strip and key 0, or is NULL. */
static void group_step(Scratch *s, const Work *w, int group, const float *bias) {
    uint32_t any[BLOCK_TILES], all[BLOCK_TILES];
    int from, end;
    look_at_group(s, group, any, all, &from, &end);
    if (end == 0) return;
    Lane tops[LANES];
    for (int r = 0; r < LANES; r++) tops[r] = lane_of(-INFINITY);
    for (int t = from / TILE_KEYS; t <= (end - 1) / TILE_KEYS; t++)
        if (any[t]) score_tile(s, w, group, t, all[t] == UINT32_MAX, bias, tops);
        else forbid_tile(s, t);
    float shrink[LANES];
    soften(s->scores, from / LANES * LANES, (end + LANES - 1) / LANES * LANES, tops, s->top + group * LANES,
           s->total + group * LANES, shrink);
    add_values(s->sums + (size_t)group * ROWS * (size_t)w->padded, s->scores, s->values, w->padded, from, end, shrink);
}

/* ---- one strip of one head ---- */

/* Rows of m that will be needed soon are asked for while the processor computes. A head's rows are short and far
 * apart, so it does not see by itself what comes next. */
static void ask_for_rows(Mat m, int first, int count) {
    for (int i = first < 0 ? 0 : first; i < first + count && i < m.rows; i++)
        for (int c = 0; c < m.cols; c += 16) __builtin_prefetch(mat_row(m, i) + c, 0, 2);
}

/* While a block is computed, a share for each group: the next block's keys and values; during the last block the rows
 * that will be written, and what this worker's next head begins with. */
static void ask_ahead(const Work *w, const Strip *strip, int number, int head, int tile, int group) {
    enum { SHARE = BLOCK / GROUPS + 1 };
    if (tile < 0) {
        ask_for_rows(mat_cols(w->out, head * w->d_head, w->d_head), number * STRIP + group * ROWS, ROWS);
        head += w->workers;
        if (head >= w->heads) return;
        ask_for_rows(mat_cols(w->q, head * w->d_head, w->d_head), number * STRIP + group * ROWS, ROWS);
        tile = strip_next_tile(strip, 0);
    }
    ask_for_rows(mat_cols(w->k, head * w->d_head, w->d_head), tile * TILE_KEYS + group * SHARE, SHARE);
    ask_for_rows(mat_cols(w->v, head * w->d_head, w->d_head), tile * TILE_KEYS + group * SHARE, SHARE);
}

static void begin_strip(Scratch *s, const Work *w, Mat q, int first) {
    int d = w->d_head;
    float scale = (float)(1.4426950408889634 / sqrt((double)d)); /* log2(e): the weights are powers of two */
    for (int r = 0; r < STRIP; r++) {
        float *row = s->queries + (size_t)r * (size_t)d;
        if (first + r >= w->n) {
            memset(row, 0, (size_t)d * sizeof *row);
            continue;
        }
        const float *from = mat_row(q, first + r);
        for (int c = 0; c < d; c++) row[c] = from[c] * scale;
    }
    memset(s->sums, 0, (size_t)STRIP * (size_t)w->padded * sizeof *s->sums);
    for (int i = 0; i < GROUPS * LANES; i++) s->top[i] = -FLT_MAX, s->total[i] = 0;
}

static void end_strip(const Scratch *s, const Work *w, Mat out, int first) {
    for (int r = 0; r < STRIP && first + r < w->n; r++) {
        float total = s->total[r / ROWS * LANES + r % ROWS], factor = total > 0 ? 1 / total : 0;
        const float *sums = s->sums + (size_t)r * (size_t)w->padded;
        float *row = mat_row(out, first + r);
        for (int c = 0; c < w->d_head; c++) row[c] = sums[c] * factor;
    }
}

/* The heads of a strip follow each other, so that its plan serves them all. The last strip, which a causal mask makes
 * the longest, comes first. */
static void one_strip(void *context, int piece, int worker) {
    const Work *w = context;
    Scratch *s = &w->scratch[worker];
    int number = w->strips - 1 - piece / w->heads, head = piece % w->heads, first = number * STRIP;
    Mat k = mat_cols(w->k, head * w->d_head, w->d_head), v = mat_cols(w->v, head * w->d_head, w->d_head);
    if (s->planned != number) strip_plan(&s->strip, w->mask, w->globals, first, w->n, w->m);
    s->planned = number;
    begin_strip(s, w, mat_cols(w->q, head * w->d_head, w->d_head), first);
    const float *bias = w->bias.data ? mat_row(w->bias, head) + w->n - 1 - first : NULL;
    for (int tile = strip_next_tile(&s->strip, 0); tile >= 0;) {
        tile = pack_block(s, w, k, v, tile);
        for (int group = 0; group < GROUPS; group++) {
            ask_ahead(w, &s->strip, number, head, tile, group);
            group_step(s, w, group, bias);
        }
    }
    end_strip(s, w, mat_cols(w->out, head * w->d_head, w->d_head), first);
}

/* ---- the call ---- */

static size_t scratch_floats(int d_head, int padded) {
    return (size_t)BLOCK * (size_t)d_head + (size_t)BLOCK * (size_t)padded + (size_t)STRIP * (size_t)d_head +
           (size_t)STRIP * (size_t)padded + (size_t)ROWS * BLOCK + 2 * (size_t)GROUPS * LANES;
}

static Scratch scratch_new(const Work *w) {
    Scratch s = {.strip = strip_new(STRIP, w->m), .planned = -1};
    s.keys = memory_new(scratch_floats(w->d_head, w->padded), sizeof(float), "the tiles of a strip");
    s.values = s.keys + (size_t)BLOCK * (size_t)w->d_head;
    s.sums = s.values + (size_t)BLOCK * (size_t)w->padded;
    s.scores = s.sums + (size_t)STRIP * (size_t)w->padded;
    s.top = s.scores + (size_t)ROWS * BLOCK;
    s.total = s.top + GROUPS * LANES;
    s.queries = s.total + GROUPS * LANES;
    return s;
}

static int lanes_up(int d) {
    return (d + LANES - 1) / LANES * LANES;
}

/* In powers of two, and long enough for the loads of ROWS queries and a tile of keys that stand beyond the end. */
enum { BIAS_BEFORE = STRIP, BIAS_AFTER = TILE_KEYS };

static Mat scaled_bias(Mat bias) {
    Mat wide = mat_new(bias.rows, BIAS_BEFORE + bias.cols + BIAS_AFTER);
    for (int h = 0; h < bias.rows; h++)
        for (int c = 0; c < bias.cols; c++)
            mat_row(wide, h)[BIAS_BEFORE + c] = (float)((double)mat_at(bias, h, c) * 1.4426950408889634);
    return wide;
}

size_t attention_streaming_bytes(int workers, int n, int m, int heads, int d_head, bool biased) {
    size_t each = scratch_floats(d_head, lanes_up(d_head)) * sizeof(float) + strip_bytes(STRIP, m);
    size_t bias = (size_t)heads * (BIAS_BEFORE + (size_t)n + (size_t)m + BIAS_AFTER) * sizeof(float);
    return (size_t)workers * each + (biased ? bias : 0);
}

void attention_streaming(Workers *workers, Mat out, Mat q, Mat k, Mat v, int heads, Mask mask, Mat bias) {
    assert(heads > 0 && q.cols % heads == 0 && k.cols == q.cols && v.cols == q.cols && v.rows == k.rows);
    assert(out.rows == q.rows && out.cols == q.cols);
    assert(!bias.data || (bias.rows == heads && bias.cols >= q.rows + k.rows - 1));
    if (q.rows == 0 || q.cols == 0) return;
    Work w = {.out = out, .q = q, .k = k, .v = v, .n = q.rows, .m = k.rows, .heads = heads, .mask = mask};
    w.d_head = q.cols / heads, w.padded = lanes_up(w.d_head);
    w.strips = w.n / STRIP + (w.n % STRIP != 0);
    w.globals = global_tokens(mask, w.m);
    Mat wide = bias.data ? scaled_bias(bias) : (Mat){0};
    if (bias.data) w.bias = mat_cols(wide, BIAS_BEFORE, bias.cols);
    int count = w.workers = workers_count(workers);
    w.scratch = memory_new((size_t)count, sizeof *w.scratch, "the workers' scratch");
    for (int i = 0; i < count; i++) w.scratch[i] = scratch_new(&w);
    workers_run(workers, w.strips * heads, one_strip, &w);
    for (int i = 0; i < count; i++) strip_free(&w.scratch[i].strip), memory_free(w.scratch[i].keys);
    memory_free(w.scratch), memory_free(w.globals.at);
    mat_free(&wide);
}
