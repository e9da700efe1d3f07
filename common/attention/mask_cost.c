#include "attention/mask_cost.h"
#include "attention/banded.h"
#include "attention/streaming.h"
#include "base/memory.h"
#include "math/fast/vecmath.h"

#include <assert.h>
#include <math.h>

static long long smaller(long long a, long long b) {
    return a < b ? a : b;
}

/* n * (n + 1) / 2, the even factor halved first: n^2 may pass 2^62. */
static long long triangle(long long n) {
    return n % 2 ? n * ((n + 1) / 2) : n / 2 * (n + 1);
}

/* ---- allowed pairs by a formula ---- A square of n queries and `keys` real keys; above the diagonal only the pairs
 * below `above` count: none of a causal mask, those of its prefix, or all. */

typedef struct {
    long long n, keys, above;
} Square;

static long long clamp(long long x, long long most) {
    return x < 0 ? 0 : smaller(x, most);
}

/* The square that a mask makes of n tokens which begin at `begin`. */
static Square square_of(Mask m, long long begin, long long n) {
    long long keys = m.valid ? clamp(m.valid - begin, n) : n;
    return (Square){n, keys, m.causal ? clamp(m.prefix - begin, keys) : keys};
}

static Square without_first(Square s, long long tokens) {
    return (Square){clamp(s.n - tokens, s.n), clamp(s.keys - tokens, s.n), clamp(s.above - tokens, s.n)};
}

/* Pairs at the distances step, 2 step, ..., `most` of them. Distance d stands min(keys, n - d) times below the diagonal
 * and above - d times over it. */
static long long stripes(Square s, long long step, long long most) {
    if (s.keys == 0) return 0;
    long long below = smaller(most, (s.n - 1) / step), whole = smaller(below, (s.n - s.keys) / step);
    long long over = s.above ? smaller(most, (s.above - 1) / step) : 0;
    return whole * s.keys + (below - whole) * s.n - step * (triangle(below) - triangle(whole)) + over * s.above -
           step * triangle(over);
}

static long long all_pairs(Square s) {
    return s.keys + stripes(s, 1, s.n);
}

static long long common_multiple(long long a, long long b) {
    long long c = a, d = b;
    for (long long rest; d; c = d, d = rest) rest = c % d;
    return a / c * b;
}

/* The diagonal, the band beside it, and the distances that the stride divides, as far as they are not in the band. */
static long long near_pairs(Mask m, Square s) {
    long long step = m.dilation > 1 ? m.dilation : 1, steps = m.window ? m.window - 1 : s.n;
    long long band = s.keys + stripes(s, step, steps);
    if (!m.stride) return band;
    long long both = common_multiple(step, m.stride);
    return band + stripes(s, m.stride, s.n) - stripes(s, both, steps * step / both);
}

/* The first tokens, if global, see and are seen by all of the square; the rest is a square without them. There the
 * first keys, if they are sinks, are seen by all: that is a square in which all other keys are padding. */
static long long pairs_of(Mask m, long long begin, long long n) {
    Square s = square_of(m, begin, n), rest = without_first(s, clamp(m.global - begin, n));
    long long sinks = clamp(m.sinks - begin - (s.n - rest.n), rest.n);
    Square first = {rest.n, smaller(rest.keys, sinks), smaller(rest.above, sinks)};
    return all_pairs(s) - all_pairs(rest) + near_pairs(m, rest) + all_pairs(first) - near_pairs(m, first);
}

/* Blocks are squares of their own, and alike except where a knob ends inside of one. */
static long long pairs_in_blocks(Mask m, int n) {
    long long block = m.chunk && m.chunk < n ? m.chunk : n, pairs = 0, alike;
    const long long ends[] = {m.valid, m.prefix, m.global, m.sinks};
    for (long long begin = 0; begin < n; begin += alike * block) {
        long long next = n;
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
            if (ends[i] > begin) next = smaller(next, ends[i]);
        alike = next - begin < block ? 1 : (next - begin) / block;
        pairs += alike * pairs_of(m, begin, smaller(block, n - begin));
    }
    return pairs;
}

/* The pairs with this key: those of the keys up to it, less those before it. */
static long long pairs_in_column(Mask m, int n, int key) {
    if (m.valid && key >= m.valid) return 0;
    Mask before = m;
    m.valid = key + 1, before.valid = key;
    return pairs_in_blocks(m, n) - (key ? pairs_in_blocks(before, n) : 0);
}

/* What the tokens that global_at names open: their rows and columns, less what the other knobs had opened there. A pair
 * of two such tokens stands in a row and in a column. */
static long long pairs_of_named(Mask m, int n) {
    GlobalTokens named = global_tokens(m, n);
    Mask others = m, open;
    others.global_at = NULL, open = others;
    open.window = open.dilation = 0;
    long long pairs = 0;
    for (int i = 0; i < named.count; i++) {
        int token = named.at[i];
        pairs += mask_row_count(open, n, token) - mask_row_count(others, n, token);
        pairs += pairs_in_column(open, n, token) - pairs_in_column(others, n, token);
        for (int k = 0; k < named.count; k++)
            pairs -= mask_allows(open, token, named.at[k]) && !mask_allows(others, token, named.at[k]);
    }
    memory_free(named.at);
    return pairs;
}

long long mask_closed_form(Mask m, int n) {
    if (m.picture) return -1;
    return pairs_in_blocks(m, n) + (m.global_at ? pairs_of_named(m, n) : 0);
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

static double sum_of(const float *row, int first, int end) {
    double sum = 0;
    for (int j = first; j < end; j++) sum += (double)row[j];
    return sum;
}

/* What lies between the spans of allowed keys, and between the keys of a span. */
void mask_lost_mass(float *lost, Mat map, Mask mask) {
    for (int i = 0; i < map.rows; i++) {
        const float *row = mat_row(map, i);
        double sum = 0;
        int seen = 0;
        for (Span s = {0}; mask_next_span(mask, map.cols, i, &s); seen = s.end) {
            sum += sum_of(row, seen, s.first);
            for (int j = s.first; s.step > 1 && j + s.step < s.end; j += s.step) sum += sum_of(row, j + 1, j + s.step);
        }
        lost[i] = (float)(sum + sum_of(row, seen, map.cols));
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

void rows_moved(float *moved, Mat after, Mat before) {
    for (int i = 0; i < before.rows; i++) {
        double length, apart = vec_apart(mat_row(after, i), mat_row(before, i), (size_t)before.cols, &length);
        moved[i] = apart > 0 ? (float)sqrt(apart / length) : 0;
    }
}

double rows_mean(const float *x, int n) {
    return sum_of(x, 0, n) / n;
}

MaskCost mask_cost(Mask mask, int n, int heads, int d_head) {
    long long closed = mask_closed_form(mask, n);
    MaskCost cost = {.cells = closed >= 0 ? closed : mask_count(mask, n)};
    double square = (double)n * n, each = 4.0 * d_head * heads;
    cost.flops = each * (double)cost.cells;
    cost.maps_bytes = square * heads * sizeof(float);
    cost.kept_bytes = (double)cost.cells * heads * sizeof(float);
    cost.scratch_bytes = (double)attention_streaming_bytes(1, n, n, heads, d_head, false);
    return cost;
}
