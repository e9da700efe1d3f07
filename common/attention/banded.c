#include "attention/banded.h"
#include "base/memory.h"

#include <assert.h>
#include <string.h>

enum { WORD = 64 };

static int tiles_of(int m) {
    return m / TILE_KEYS + (m % TILE_KEYS != 0);
}

static size_t touched_words(int m) {
    return (size_t)tiles_of(m) / WORD + 1;
}

TileStrip strip_new(int queries, int m) {
    assert(queries > 0 && m >= 0);
    TileStrip s = {.queries = queries, .tiles = tiles_of(m)};
    s.allowed = memory_new((size_t)s.tiles * (size_t)queries, sizeof *s.allowed, "the plan of a strip");
    s.touched = memory_new(touched_words(m), sizeof *s.touched, "the plan of a strip");
    return s;
}

void strip_free(TileStrip *s) {
    memory_free(s->allowed), memory_free(s->touched);
    *s = (TileStrip){0};
}

size_t strip_bytes(int queries, int m) {
    return (size_t)tiles_of(m) * (size_t)queries * sizeof(uint32_t) + touched_words(m) * sizeof(uint64_t);
}

GlobalTokens global_tokens(Mask mask, int m) {
    GlobalTokens g = {0};
    if (!mask.global_at) return g;
    if (mask.tokens < m) m = mask.tokens;
    for (int j = 0; j < m; j++) g.count += mask.global_at[j];
    g.at = memory_new((size_t)g.count, sizeof *g.at, "the global tokens");
    for (int j = 0, k = 0; k < g.count; j++)
        if (mask.global_at[j]) g.at[k++] = j;
    return g;
}

/* ---- bits ---- */

static void allow(TileStrip *s, int row, int tile, uint32_t bits) {
    s->allowed[(size_t)tile * (size_t)s->queries + (size_t)row] |= bits;
    s->touched[tile / WORD] |= (uint64_t)1 << (tile % WORD);
}

/* Bits first .. end - 1 of a word. */
static uint32_t bit_range(int first, int end) {
    uint32_t below_end = end == TILE_KEYS ? UINT32_MAX : ((uint32_t)1 << end) - 1;
    return below_end & ~(((uint32_t)1 << first) - 1);
}

static void allow_span(TileStrip *s, int row, Span span) {
    if (span.step > 1) {
        for (long long j = span.first; j < span.end; j += span.step)
            allow(s, row, (int)(j / TILE_KEYS), (uint32_t)1 << (j % TILE_KEYS));
        return;
    }
    int last = (span.end - 1) / TILE_KEYS;
    for (int t = span.first / TILE_KEYS; t <= last; t++) {
        int from = t == span.first / TILE_KEYS ? span.first % TILE_KEYS : 0;
        int end = t == last ? (span.end - 1) % TILE_KEYS + 1 : TILE_KEYS;
        allow(s, row, t, bit_range(from, end));
    }
}

/* ---- the plan ---- */

/* mask_next_span looks through global_at for each query, O(m). Here a query that is global itself is asked about as one
 * of the first tokens, which costs nothing, and every other one is shown the few global keys by name. */
static void plan_query(TileStrip *s, int row, Mask mask, GlobalTokens globals, int query, int m) {
    Mask plain = mask;
    if (globals.count && !mask.picture) {
        plain.global_at = NULL;
        if (mask_is_global(mask, query)) plain.global = query + 1;
        for (int g = 0; g < globals.count; g++)
            if (mask_allows(mask, query, globals.at[g]))
                allow(s, row, globals.at[g] / TILE_KEYS, (uint32_t)1 << (globals.at[g] % TILE_KEYS));
    }
    for (Span span = {0}; mask_next_span(plain, m, query, &span);) allow_span(s, row, span);
}

void strip_plan(TileStrip *s, Mask mask, GlobalTokens globals, int first, int n, int m) {
    for (int t = strip_next_tile(s, 0); t >= 0; t = strip_next_tile(s, t + 1)) {
        memset(s->allowed + (size_t)t * (size_t)s->queries, 0, (size_t)s->queries * sizeof *s->allowed);
        s->touched[t / WORD] &= ~((uint64_t)1 << (t % WORD));
    }
    for (int row = 0; row < s->queries && row < n - first; row++) plan_query(s, row, mask, globals, first + row, m);
}

int strip_next_tile(const TileStrip *s, int tile) {
    if (tile >= s->tiles) return -1;
    int word = tile / WORD;
    uint64_t bits = s->touched[word] & (UINT64_MAX << (tile % WORD));
    while (!bits && word < (s->tiles - 1) / WORD) bits = s->touched[++word];
    return bits ? word * WORD + __builtin_ctzll(bits) : -1;
}
