#include "attention/streaming.h"
#include "attention/fast/strip_block.h"
#include "base/memory.h"

#include <assert.h>
#include <math.h>

/* What one worker owns. */
typedef struct {
    TileStrip strip;
    int planned; /* the strip that `strip` holds; -1: none */
    StripBlock *block;
} Scratch;

typedef struct {
    Mat out, q, k, v, bias;
    int n, m, d_head;
    int heads, strips, workers;
    float scale; /* of the scores */
    Mask mask;
    GlobalTokens globals;
    Scratch *scratch;
} Work;

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

/* What comes after `tile`: the next block of this strip, or what this worker's next piece begins with. */
static StripSoon soon_after(const Work *w, const TileStrip *strip, int piece, int tile) {
    Piece now = piece_at(w, piece), next = piece_at(w, piece + w->workers);
    if (tile >= 0) return (StripSoon){.k = head_of(w, w->k, now.head), .v = head_of(w, w->v, now.head), .tile = tile};
    if (next.strip < 0) return (StripSoon){0};
    tile = strip_next_tile(strip, 0) + (next.strip - now.strip) * (STRIP / TILE_KEYS); /* as a band moves */
    return (StripSoon){.k = head_of(w, w->k, next.head),
                       .v = head_of(w, w->v, next.head),
                       .q = head_of(w, w->q, next.head),
                       .tile = tile,
                       .first = next.strip * STRIP};
}

/* The tiles that the strip touches, a block of them at a time. A strip that touches none has one empty block, which
 * writes its zeros. */
static void one_piece(void *context, int piece, int worker) {
    const Work *w = context;
    Scratch *s = &w->scratch[worker];
    Piece now = piece_at(w, piece);
    int first = now.strip * STRIP;
    if (s->planned != now.strip) strip_plan(&s->strip, w->mask, w->globals, first, w->n, w->m);
    s->planned = now.strip;
    StripTurn turn = {.q = head_of(w, w->q, now.head), .out = head_of(w, w->out, now.head), .first = first,
                      .scale = w->scale, .begins = true};
    if (w->bias.data) turn.bias = mat_row(w->bias, now.head) + w->n - 1 - first;
    int tile = strip_next_tile(&s->strip, 0);
    do {
        tile = strip_block_pack(s->block, &s->strip, head_of(w, w->k, now.head), head_of(w, w->v, now.head), tile);
        turn.ends = tile < 0;
        strip_block_attend(s->block, &s->strip, turn, soon_after(w, &s->strip, piece, tile));
        turn.begins = false;
    } while (tile >= 0);
}

/* ---- the call ---- */

/* In powers of two, and long enough for a whole strip of queries and a tile of keys that stand beyond the end. */
enum { BIAS_BEFORE = STRIP, BIAS_AFTER = TILE_KEYS };

static Mat scaled_bias(Mat bias) {
    Mat wide = mat_new(bias.rows, BIAS_BEFORE + bias.cols + BIAS_AFTER);
    for (int h = 0; h < bias.rows; h++)
        for (int c = 0; c < bias.cols; c++)
            mat_row(wide, h)[BIAS_BEFORE + c] = (float)((double)mat_at(bias, h, c) * M_LOG2E);
    return wide;
}

size_t attention_streaming_bytes(int workers, int n, int m, int heads, int d_head, bool biased) {
    size_t each = strip_block_bytes(d_head) + strip_bytes(STRIP, m);
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
    w.d_head = q.cols / heads, w.scale = attention_scale(&a);
    w.strips = w.n / STRIP + (w.n % STRIP != 0);
    w.globals = global_tokens(a.mask, w.m);
    Mat wide = a.bias.data ? scaled_bias(a.bias) : (Mat){0};
    if (a.bias.data) w.bias = mat_cols(wide, BIAS_BEFORE, a.bias.cols);
    int count = w.workers = workers_count(workers);
    w.scratch = memory_new((size_t)count, sizeof *w.scratch, "the workers' scratch");
    for (int i = 0; i < count; i++)
        w.scratch[i] = (Scratch){strip_new(STRIP, w.m), -1, strip_block_new(w.d_head)};
    workers_run(workers, w.strips * heads, one_piece, &w);
    for (int i = 0; i < count; i++) strip_free(&w.scratch[i].strip), strip_block_free(w.scratch[i].block);
    memory_free(w.scratch), memory_free(w.globals.at);
    mat_free(&wide);
}
