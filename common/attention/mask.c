#include "attention/mask.h"
#include "base/memory.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- the rule ---- */

bool mask_is_global(Mask m, int token) {
    return token < m.global || (m.global_at && token < m.tokens && m.global_at[token]);
}

bool mask_allows(Mask m, int query, int key) {
    assert(query >= 0 && key >= 0);
    if (m.valid && key >= m.valid) return false; /* padding */
    if (m.picture && !m.picture[(size_t)query * (size_t)m.tokens + (size_t)key]) return false;
    if (m.chunk && query / m.chunk != key / m.chunk) return false; /* another document */
    if (m.causal && key > query && !(query < m.prefix && key < m.prefix)) return false;
    if (mask_is_global(m, query) || mask_is_global(m, key)) return true; /* sees, and is seen, at any distance */
    if (key < m.sinks) return true;
    int distance = abs(query - key), step = m.dilation > 1 ? m.dilation : 1;
    if (m.stride && distance % m.stride == 0) return true;
    return distance % step == 0 && (!m.window || distance / step < m.window);
}

bool mask_is_full(Mask m) {
    return !m.causal && !m.window && m.dilation <= 1 && !m.chunk && !m.valid && !m.picture;
}

/* ---- the rule as ranges ---- Inside [low, high), which padding, chunk and causality cut out of 0..n, a row's allowed
 * keys are those of a few ranges, which may overlap. */

enum { FIRST_KEYS, BAND, COMB, NAMED, RANGES };

typedef struct {
    int low, high;      /* keys outside are forbidden */
    Span range[RANGES]; /* zeroed is empty */
} Row;

static int smaller(long long a, long long b) {
    return (int)(a < b ? a : b);
}

static int larger(long long a, long long b) {
    return (int)(a > b ? a : b);
}

/* The band around a query inside the row: distances below the window, on the dilated grid. */
static Span band_of(Mask m, const Row *row, int query) {
    int step = m.dilation > 1 ? m.dilation : 1;
    long long steps = m.window ? m.window - 1 : INT_MAX; /* products may pass 32 bits */
    int from = larger(query - steps * step, row->low);
    return (Span){from + (query - from) % step, smaller(query + steps * step + 1, row->high), step};
}

static Row row_of(Mask m, int n, int query) {
    Row row = {.high = m.valid && m.valid < n ? m.valid : n};
    if (m.chunk) {
        long long begin = (long long)(query / m.chunk) * m.chunk;
        row.low = smaller(begin, n);
        row.high = smaller(begin + m.chunk, row.high);
    }
    if (m.causal) row.high = smaller(larger((long long)query + 1, m.prefix), row.high);
    if (mask_is_global(m, query)) {
        row.range[BAND] = (Span){row.low, row.high, 1};
        return row;
    }
    row.range[FIRST_KEYS] = (Span){row.low, smaller(larger(m.global, m.sinks), row.high), 1};
    row.range[BAND] = band_of(m, &row, query);
    if (m.stride) row.range[COMB] = (Span){row.low + (query - row.low) % m.stride, row.high, m.stride};
    return row;
}

/* The next key at or after `from` that global_at names, as a range of one. */
static Span next_named(Mask m, Row row, int from) {
    int end = smaller(m.tokens, row.high);
    const bool *named = from < end ? memchr(m.global_at + from, true, (size_t)(end - from)) : NULL;
    int key = named ? (int)(named - m.global_at) : 0;
    return named ? (Span){key, key + 1, 1} : (Span){0};
}

enum { NO_KEY = INT_MAX }; /* n is an int, so the last key is smaller */

static int first_key(Span s, int from) { /* the first one at or after `from` */
    if (s.first >= s.end) return NO_KEY;
    long long key = from <= s.first ? s.first : s.first + ((long long)from - s.first + s.step - 1) / s.step * s.step;
    return key < s.end ? (int)key : NO_KEY;
}

/* A drawn pattern must be looked through. */
static bool next_drawn(Mask m, int high, int query, int from, Span *span) {
    while (from < high && !mask_allows(m, query, from)) from++;
    if (from >= high) return false;
    int end = from + 1;
    while (end < high && mask_allows(m, query, end)) end++;
    *span = (Span){from, end, 1};
    return true;
}

bool mask_next_span(Mask m, int n, int query, Span *span) {
    Row row = row_of(m, n, query);
    Span next = {.first = NO_KEY};
    int from = larger(span->step ? span->end : 0, row.low);
    if (m.picture) return next_drawn(m, row.high, query, from, span);
    if (m.global_at) row.range[NAMED] = next_named(m, row, from);
    for (int i = 0; i < RANGES; i++) { /* 1. the first key; if several ranges hold it, the one with the fewest gaps */
        Span s = row.range[i];
        int key = first_key(s, from);
        bool denser = s.step < next.step || (s.step == next.step && s.end > next.end);
        if (key < next.first || (key == next.first && key != NO_KEY && denser)) next = (Span){key, s.end, s.step};
    }
    if (next.first == NO_KEY) return false;
    for (int i = 0; i < RANGES && next.step > 1;
         i++) { /* 2. its gaps may hold keys of another range: stop before them */
        int key = first_key(row.range[i], next.first + 1);
        bool in_gap = key != NO_KEY && (row.range[i].step % next.step || (key - next.first) % next.step);
        if (in_gap && key < next.end) next.end = key;
    }
    int more = span_keys(next) - 1; /* 3. it ends behind its last key, so that first + step passes no int */
    *span = (Span){next.first, next.first + more * next.step + 1, more ? next.step : 1};
    return true;
}

long long mask_count(Mask m, int n) {
    long long count = 0;
    for (int query = 0; query < n; query++)
        for (Span s = {0}; mask_next_span(m, n, query, &s);) count += span_keys(s);
    return count;
}

/* Both go along each row's ranges: asking the rule about each of the n * n pairs would take longer than writing it. */

bool *mask_hidden_cells(Mask m, int n, int keys) {
    if (mask_is_full(m)) return NULL;
    size_t cells = (size_t)n * (size_t)keys;
    bool *hidden = memory_new(cells, sizeof *hidden, "hidden cells");
    memset(hidden, true, cells);
    for (int query = 0; query < n; query++)
        for (Span s = {0}; mask_next_span(m, keys, query, &s);)
            for (long long key = s.first; key < s.end; key += s.step)
                hidden[(size_t)query * (size_t)keys + (size_t)key] = false;
    return hidden;
}

void mask_print(Mask m, int n, FILE *out) {
    char *row = memory_new((size_t)n + 1, 1, "a row of the mask");
    row[n] = '\n';
    for (int query = 0; query < n && !ferror(out); query++) {
        memset(row, '.', (size_t)n);
        for (Span s = {0}; mask_next_span(m, n, query, &s);)
            for (long long key = s.first; key < s.end; key += s.step) row[key] = '#';
        fwrite(row, 1, (size_t)n + 1, out);
    }
    memory_free(row);
}
