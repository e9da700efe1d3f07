#include "attention/mask_cost.h"
#include "attention/banded.h"
#include "attention/streaming.h"
#include "base/memory.h"

#include <assert.h>
#include <math.h>

static long long smaller(long long a, long long b) {
    return a < b ? a : b;
}

/* n * (n + 1) / 2, the even factor halved first: n^2 may pass 2^62. */
static long long triangle(long long n) {
    return n % 2 ? n * ((n + 1) / 2) : n / 2 * (n + 1);
}

/* The diagonal, and t more on each side (on one side when causal), each step shorter by the dilation. */
static long long band(Mask m, long long n) {
    if (n <= 0) return 0;
    long long step = m.dilation > 1 ? m.dilation : 1, t = (n - 1) / step;
    if (m.window) t = smaller(t, (long long)m.window - 1);
    long long side = t * n - step * triangle(t);
    return n + (m.causal ? side : 2 * side);
}

long long mask_closed_form(Mask m, int n) {
    bool wide = !m.window && m.dilation <= 1; /* every distance is allowed */
    long long all = n;
    if (m.picture || m.global_at) return -1;
    if (m.chunk && m.chunk < n) {
        if (m.global || m.prefix || m.valid) return -1;
        Mask inside = m;
        inside.chunk = 0;
        return all / m.chunk * mask_closed_form(inside, m.chunk) + mask_closed_form(inside, n % m.chunk);
    }
    if (m.valid && m.valid < n) {
        if (!wide || (m.prefix && m.causal)) return -1;
        return m.causal ? triangle(m.valid) + (all - m.valid) * m.valid : all * m.valid;
    }
    if (m.prefix && m.causal) {
        if (!wide) return -1;
        return triangle(all) + triangle(smaller(m.prefix, all)) - smaller(m.prefix, all);
    }
    long long rest = all - smaller(m.global, all);
    return band(m, rest) + (m.causal ? triangle(all) - triangle(rest) : all * all - rest * rest);
}

int mask_row_count(Mask mask, int n, int query) {
    int keys = 0;
    for (Span s = {0}; mask_next_span(mask, n, query, &s);) keys += span_keys(s);
    return keys;
}

double mask_entropy_ceiling(Mask mask, int n) {
    double nats = 0;
    for (int query = 0; query < n; query++) {
        int keys = mask_row_count(mask, n, query);
        if (keys > 0) nats += log(keys);
    }
    return nats;
}

void mask_lost_mass(float *lost, Mat map, Mask mask) {
    for (int i = 0; i < map.rows; i++) {
        double sum = 0;
        for (int j = 0; j < map.cols; j++)
            if (!mask_allows(mask, i, j)) sum += (double)mat_at(map, i, j);
        lost[i] = (float)sum;
    }
}

void map_difference(Mat out, Mat after, Mat before) {
    assert(after.rows == before.rows && after.cols == before.cols && out.rows == after.rows && out.cols == after.cols);
    for (int i = 0; i < out.rows; i++)
        for (int j = 0; j < out.cols; j++) mat_row(out, i)[j] = mat_at(after, i, j) - mat_at(before, i, j);
}

void map_row_shift(float *shift, Mat after, Mat before) {
    assert(after.rows == before.rows && after.cols == before.cols);
    for (int i = 0; i < after.rows; i++) {
        double sum = 0;
        for (int j = 0; j < after.cols; j++) sum += fabs((double)mat_at(after, i, j) - (double)mat_at(before, i, j));
        shift[i] = (float)(sum / 2);
    }
}

/* Counting by the words of a strip's plan: 32 cells at a time, and without looking through global_at for each query. */
static long long count_cells(Mask mask, int n) {
    enum { QUERIES = 64 };
    long long cells = 0;
    Strip strip = strip_new(QUERIES, n);
    GlobalTokens globals = global_tokens(mask, n);
    for (int first = 0; first < n; first += QUERIES) {
        strip_plan(&strip, mask, globals, first, n, n);
        for (int tile = strip_next_tile(&strip, 0); tile >= 0; tile = strip_next_tile(&strip, tile + 1))
            for (int r = 0; r < QUERIES; r++) cells += __builtin_popcount(*strip_words(&strip, tile, r));
    }
    strip_free(&strip), memory_free(globals.at);
    return cells;
}

MaskCost mask_cost(Mask mask, int n, int heads, int d_head) {
    long long closed = mask_closed_form(mask, n);
    MaskCost cost = {.cells = closed >= 0 ? closed : count_cells(mask, n)};
    double square = (double)n * n, each = 4.0 * d_head * heads;
    cost.flops = each * (double)cost.cells;
    cost.dense_flops = each * square;
    cost.maps_bytes = square * heads * sizeof(float);
    cost.kept_bytes = (double)cost.cells * heads * sizeof(float);
    cost.scratch_bytes = (double)attention_streaming_bytes(1, n, n, heads, d_head, false);
    return cost;
}
