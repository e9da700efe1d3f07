#include "attention/streaming.h"
#include "attention/group.h"
#include "base/memory.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

/* BLOCK_TILES tiles are packed at a time, which need not be neighbours: the band and the global keys of a strip go into
 * the same block. A strip is as many queries as share a packed block. */
enum { STRIP = 288, GROUPS = STRIP / ROWS };
enum { HALF = (1 << LANES) - 1 }; /* as bits: the keys of half a panel */

/* What one worker owns. */
typedef struct {
    TileStrip strip;
    int planned;                  /* the strip that `strip` holds; -1: none */
    int tile[BLOCK_TILES], tiles; /* of the block */
    float *keys;                  /* [BLOCK / PANEL][d_head][PANEL]: panels of k, turned */
    float *values;                /* [BLOCK][padded] */
    float *queries;               /* [STRIP][d_head], times log2(e) and the scale */
    float *sums;                  /* [STRIP][padded]: the sums of weight times value so far */
    float *scores;                /* [ROWS][BLOCK] */
    float *top, *total;           /* [GROUPS][LANES]: each query's largest score and sum of weights so far */
} Scratch;

typedef struct {
    Mat out, q, k, v, bias;
    int n, m, d_head, padded; /* padded: d_head in whole lanes */
    int heads, strips, workers;
    float scale; /* of the scores */
    Mask mask;
    GlobalTokens globals;
    Scratch *scratch;
} Work;

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
            turn_panel(s->keys + (size_t)(s->tiles * TILE_KEYS + b) * (size_t)w->d_head, PANEL, k, tile * TILE_KEYS + b,
                       k.rows - tile * TILE_KEYS - b, 0, k.cols);
        pack_values(s->values + (size_t)s->tiles * TILE_KEYS * (size_t)w->padded, w->padded, v, tile * TILE_KEYS);
        s->tile[s->tiles++] = tile;
    }
    return tile;
}

/* ---- one group of ROWS queries and one block ---- */

/* Which keys of the block some query of the group may see: [*from, *end), and for each tile the bits that any and that
 * all queries have. */
static void look_at_group(const Scratch *s, int group, uint32_t *any, uint32_t *all, int *from, int *end) {
    *from = BLOCK, *end = 0;
    for (int t = 0; t < s->tiles; t++) {
        const uint32_t *words = strip_words(&s->strip, s->tile[t], group * ROWS);
        any[t] = 0, all[t] = UINT32_MAX;
        UNROLL for (int r = 0; r < ROWS; r++) any[t] |= words[r], all[t] &= words[r];
        if (!any[t]) continue;
        if (*end == 0) *from = t * TILE_KEYS + __builtin_ctz(any[t]);
        *end = t * TILE_KEYS + 32 - __builtin_clz(any[t]);
    }
}

/* A gap in what the group looks at: `count` keys of the block from `at` on. */
static void forbid(Scratch *s, int at, int count) {
    for (int r = 0; r < ROWS; r++)
        for (int b = 0; b < count; b += LANES) lane_store(s->scores + r * BLOCK + at + b, lane_of(-INFINITY));
}

/* The scores of a group against tile t of the block, panel by panel; of a panel whose one half nobody sees only the
 * other, as happens at both edges of a band. */
static void score_tile(Scratch *s, const Work *w, int group, int t, uint32_t any, bool full, const float *bias,
                       Lane *tops) {
    const uint32_t *words = full ? NULL : strip_words(&s->strip, s->tile[t], group * ROWS);
    const float *queries = s->queries + (size_t)group * ROWS * (size_t)w->d_head;
    if (bias) bias += (ptrdiff_t)s->tile[t] * TILE_KEYS - group * ROWS;
    for (int b = 0; b < TILE_KEYS; b += PANEL) {
        int at = t * TILE_KEYS + b, d = w->d_head;
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

/* bias points to the number of query 0 of the strip and key 0, or is NULL. */
static void group_step(Scratch *s, const Work *w, int group, const float *bias) {
    uint32_t any[BLOCK_TILES], all[BLOCK_TILES];
    int from, end;
    look_at_group(s, group, any, all, &from, &end);
    if (end == 0) return;
    Lane tops[LANES];
    for (int r = 0; r < LANES; r++) tops[r] = lane_of(-INFINITY);
    for (int t = from / TILE_KEYS; t <= (end - 1) / TILE_KEYS; t++)
        if (any[t]) score_tile(s, w, group, t, any[t], all[t] == UINT32_MAX, bias, tops);
        else forbid(s, t * TILE_KEYS, TILE_KEYS);
    float shrink[LANES];
    soften(s->scores, from / LANES * LANES, (end + LANES - 1) / LANES * LANES, tops, s->top + group * LANES,
           s->total + group * LANES, shrink);
    add_values(s->sums + (size_t)group * ROWS * (size_t)w->padded, s->scores, s->values, w->padded, from, end, shrink);
}

/* ---- one strip of one head ---- */

static Mat head_of(const Work *w, Mat m, int head) {
    return mat_cols(m, head * w->d_head, w->d_head);
}

typedef struct {
    int strip, head;
} Piece;

/* As many strips as there are workers take turns, head by head: so each worker stays with its strip as a rule, whose
 * plan serves all heads. The last strips come first: a causal mask makes them the longest. strip -1: no such piece. */
static Piece piece_at(const Work *w, int piece) {
    int done = piece / (w->workers * w->heads) * w->workers, left = w->strips - done;
    int abreast = left < w->workers ? left : w->workers, within = piece % (w->workers * w->heads);
    if (left <= 0 || within >= abreast * w->heads) return (Piece){-1, 0};
    return (Piece){left - 1 - within % abreast, within / abreast};
}

/* Rows of m that will be needed soon are asked for while the processor computes. A head's rows are short and far
 * apart, so it does not see by itself what comes next. */
static void ask_for_rows(Mat m, int first, int count) {
    for (int i = first < 0 ? 0 : first; i < first + count && i < m.rows; i++)
        for (int c = 0; c < m.cols; c += 16) __builtin_prefetch(mat_row(m, i) + c, 0, 2);
}

/* While a block is computed, a share for each group: the next block's keys and values, or during the last block those
 * that this worker's next piece begins with. And the rows that the next group will read in the first block and write in
 * the last: no more of them, for rows so far apart share few places of a cache, and would drive each other out. */
static void ask_ahead(const Work *w, const TileStrip *strip, int piece, int tile, int group, bool begin) {
    enum { SHARE = BLOCK / GROUPS + 1 };
    Piece now = piece_at(w, piece), next = piece_at(w, piece + w->workers);
    int row = now.strip * STRIP + (group + 1) * ROWS;
    if (begin && group + 1 < GROUPS) ask_for_rows(head_of(w, w->q, now.head), row, ROWS);
    if (tile < 0) {
        if (group + 1 < GROUPS) ask_for_rows(head_of(w, w->out, now.head), row, ROWS);
        if (next.strip < 0) return;
        if (group + 1 == GROUPS) ask_for_rows(head_of(w, w->q, next.head), next.strip * STRIP, ROWS);
        tile = strip_next_tile(strip, 0) + (next.strip - now.strip) * (STRIP / TILE_KEYS); /* as a band moves */
        now = next;
    }
    ask_for_rows(head_of(w, w->k, now.head), tile * TILE_KEYS + group * SHARE, SHARE);
    ask_for_rows(head_of(w, w->v, now.head), tile * TILE_KEYS + group * SHARE, SHARE);
}

/* Each group is begun just before its first scores and written just after its last values: what waits for memory is a
 * dozen rows at a time, and the sums of the next group go on meanwhile. All at once would stand still for it. */
static void begin_group(Scratch *s, const Work *w, Mat q, int first, int group) {
    int d = w->d_head;
    float scale = (float)(M_LOG2E * (double)w->scale); /* log2(e): the weights are powers of two */
    for (int r = group * ROWS; r < (group + 1) * ROWS; r++) {
        float *row = s->queries + (size_t)r * (size_t)d;
        if (first + r >= w->n) {
            memset(row, 0, (size_t)d * sizeof *row);
            continue;
        }
        const float *from = mat_row(q, first + r);
        for (int c = 0; c < d; c++) row[c] = from[c] * scale;
    }
    memset(s->sums + (size_t)group * ROWS * (size_t)w->padded, 0, ROWS * (size_t)w->padded * sizeof *s->sums);
    for (int i = group * LANES; i < (group + 1) * LANES; i++) s->top[i] = -FLT_MAX, s->total[i] = 0;
}

static void end_group(const Scratch *s, const Work *w, Mat out, int first, int group) {
    for (int r = group * ROWS; r < (group + 1) * ROWS && first + r < w->n; r++) {
        float total = s->total[r / ROWS * LANES + r % ROWS], factor = total > 0 ? 1 / total : 0;
        const float *sums = s->sums + (size_t)r * (size_t)w->padded;
        float *row = mat_row(out, first + r);
        for (int c = 0; c < w->d_head; c++) row[c] = sums[c] * factor;
    }
}

static void one_piece(void *context, int piece, int worker) {
    const Work *w = context;
    Scratch *s = &w->scratch[worker];
    Piece now = piece_at(w, piece);
    int first = now.strip * STRIP;
    if (s->planned != now.strip) strip_plan(&s->strip, w->mask, w->globals, first, w->n, w->m);
    s->planned = now.strip;
    const float *bias = w->bias.data ? mat_row(w->bias, now.head) + w->n - 1 - first : NULL;
    int tile = strip_next_tile(&s->strip, 0);
    for (bool begin = true; begin || tile >= 0; begin = false) {
        tile = pack_block(s, w, head_of(w, w->k, now.head), head_of(w, w->v, now.head), tile);
        for (int group = 0; group < GROUPS; group++) {
            ask_ahead(w, &s->strip, piece, tile, group, begin);
            if (begin) begin_group(s, w, head_of(w, w->q, now.head), first, group);
            group_step(s, w, group, bias);
            if (tile < 0) end_group(s, w, head_of(w, w->out, now.head), first, group);
        }
    }
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
            mat_row(wide, h)[BIAS_BEFORE + c] = (float)((double)mat_at(bias, h, c) * M_LOG2E);
    return wide;
}

size_t attention_streaming_bytes(int workers, int n, int m, int heads, int d_head, bool biased) {
    size_t each = scratch_floats(d_head, lanes_up(d_head)) * sizeof(float) + strip_bytes(STRIP, m);
    size_t bias = (size_t)heads * (BIAS_BEFORE + (size_t)n + (size_t)m + BIAS_AFTER) * sizeof(float);
    return (size_t)workers * each + (biased ? bias : 0);
}

void attention_streaming(Workers *workers, Attention a, Mat out) {
    Mat q = a.q, k = a.k, v = a.v;
    int heads = a.heads;
    assert(heads > 0 && q.cols % heads == 0 && k.cols == q.cols && v.cols == q.cols && v.rows == k.rows);
    assert(out.rows == q.rows && out.cols == q.cols && a.first == 0);
    assert(!a.bias.data || (a.bias.rows == heads && a.bias.cols >= q.rows + k.rows - 1));
    if (q.rows == 0 || q.cols == 0) return;
    Work w = {.out = out, .q = q, .k = k, .v = v, .n = q.rows, .m = k.rows, .heads = heads, .mask = a.mask};
    w.d_head = q.cols / heads, w.padded = lanes_up(w.d_head), w.scale = attention_scale(&a);
    w.strips = w.n / STRIP + (w.n % STRIP != 0);
    w.globals = global_tokens(a.mask, w.m);
    Mat wide = a.bias.data ? scaled_bias(a.bias) : (Mat){0};
    if (a.bias.data) w.bias = mat_cols(wide, BIAS_BEFORE, a.bias.cols);
    int count = w.workers = workers_count(workers);
    w.scratch = memory_new((size_t)count, sizeof *w.scratch, "the workers' scratch");
    for (int i = 0; i < count; i++) w.scratch[i] = scratch_new(&w);
    workers_run(workers, w.strips * heads, one_piece, &w);
    for (int i = 0; i < count; i++) strip_free(&w.scratch[i].strip), memory_free(w.scratch[i].keys);
    memory_free(w.scratch), memory_free(w.globals.at);
    mat_free(&wide);
}
