#include "attention/mask.h"
#include "base/memory.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- the rule ---- */

static bool is_global(Mask m, int token) {
    return token < m.global || (m.global_at && m.global_at[token]);
}

bool mask_allows(Mask m, int query, int key) {
    assert(query >= 0 && key >= 0);
    if (m.valid && key >= m.valid) return false; /* padding */
    if (m.picture && !m.picture[(size_t)query * (size_t)m.tokens + (size_t)key]) return false;
    if (m.chunk && query / m.chunk != key / m.chunk) return false; /* another document */
    if (m.causal && key > query && !(query < m.prefix && key < m.prefix)) return false;
    if (is_global(m, query) || is_global(m, key)) return true; /* sees, and is seen, at any distance */
    int distance = abs(query - key), step = m.dilation > 1 ? m.dilation : 1;
    return distance % step == 0 && (!m.window || distance / step < m.window);
}

bool mask_is_full(Mask m) {
    return !m.causal && !m.window && m.dilation <= 1 && !m.chunk && !m.valid && !m.picture;
}

/* ---- the rule as ranges ---- A row's allowed keys are a band around the query (window and dilation), the global
 * keys, and everything when the query is global itself; all of it inside [low, high), which padding, chunk and
 * causality cut out of 0..n. */

typedef struct {
    int low, high;  /* keys outside are forbidden */
    int first, end; /* the band: first, first + step, ... below end */
    int step;
} Row;

static int smaller(long long a, long long b) {
    return (int)(a < b ? a : b);
}

static Row row_of(Mask m, int n, int query) {
    Row row = {0, m.valid && m.valid < n ? m.valid : n, 0, 0, m.dilation > 1 ? m.dilation : 1};
    if (m.chunk) {
        long long begin = (long long)(query / m.chunk) * m.chunk; /* products may pass 32 bits */
        row.low = smaller(begin, n);
        row.high = smaller(begin + m.chunk, row.high);
    }
    if (m.causal) {
        int last = query < m.prefix && m.prefix - 1 > query ? m.prefix - 1 : query;
        row.high = smaller((long long)last + 1, row.high);
    }
    if (is_global(m, query)) {
        row.step = 1, row.first = row.low, row.end = row.high;
        return row;
    }
    long long steps = m.window ? m.window - 1 : INT_MAX, first = query - steps * row.step,
              end = query + steps * row.step + 1;
    if (first < row.low) { /* the first key at or after low that lies on the dilated grid through the query */
        long long gap = (query - row.low) % row.step;
        first = row.low + (gap < 0 ? gap + row.step : gap);
    }
    row.first = (int)first;
    row.end = smaller(end, row.high);
    return row;
}

/* The first global key of a row at or after `from`, or n: one of the first `global`, or named in global_at. */
static int next_global(Mask m, int n, Row row, int from) {
    if (from >= row.high || from < m.global) return from < row.high ? from : n;
    const bool *named = m.global_at ? memchr(m.global_at + from, true, (size_t)(row.high - from)) : NULL;
    return named ? (int)(named - m.global_at) : n;
}

/* The first allowed key at or after `from`, or n. Band keys are found by arithmetic, global ones as above; a drawn
 * picture must be looked through. */
static int next_key(Mask m, int n, int query, Row row, int from) {
    if (from < row.low) from = row.low;
    if (m.picture) {
        while (from < row.high && !mask_allows(m, query, from)) from++;
        return from < row.high ? from : n;
    }
    long long past = from <= row.first ? 0 : ((long long)from - row.first + row.step - 1) / row.step;
    long long band = row.first + past * row.step;
    int key = band < row.end ? (int)band : n, global = is_global(m, query) ? n : next_global(m, n, row, from);
    return global < key ? global : key;
}

bool mask_next_span(Mask m, int n, int query, Span *span) {
    Row row = row_of(m, n, query);
    int from = span->step ? span->end : 0;
    int first = next_key(m, n, query, row, from);
    if (first >= n) return false;
    if (m.picture || (m.global_at && !is_global(m, query))) {
        int end = first + 1;
        while (end < row.high && mask_allows(m, query, end)) end++;
        *span = (Span){first, end, 1};
        return true;
    }
    if (first < m.global && !is_global(m, query)) { /* the global keys as one range; the band follows as its own */
        *span = (Span){first, smaller(m.global, row.high), 1};
        return true;
    }
    *span = (Span){first, row.end, row.step};
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
