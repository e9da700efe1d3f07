#include "attention/attention.h"
#include "base/memory.h"
#include "math/fast/lane_exp.h"

#include <assert.h>
#include <math.h>
#include <string.h>

Mat attention_map(Mat maps, int n, int head) {
    return mat_rows(maps, head * n, n);
}

static double score_of(const Attention *a, const float *bias, int head, int i, int j) {
    int d_head = a->q.cols / a->heads;
    double dot = 0;
    for (int c = head * d_head; c < (head + 1) * d_head; c++)
        dot += (double)mat_at(a->q, i, c) * (double)mat_at(a->k, j, c);
    return dot * (double)attention_scale(a) + (double)(bias ? bias[j] : 0);
}

double attention_largest_score(const Attention *a) {
    double most = 0;
    for (int h = 0; h < a->heads; h++)
        for (int i = 0; i < a->q.rows; i++) {
            const float *bias = attention_bias_row(a, h, i);
            for (int j = 0; j < a->k.rows; j++) most = fmax(most, fabs(score_of(a, bias, h, i, j)));
        }
    return most;
}

float attention_scale(const Attention *a) {
    return a->scale > 0 ? a->scale : 1 / sqrtf((float)(a->q.cols / a->heads));
}

/* Of one query, the form by distance and the form by pair are the same numbers. */
const float *attention_bias_row(const Attention *a, int head, int query) {
    int n = a->q.rows;
    if (!a->bias.data) return NULL;
    return a->bias.rows == a->heads ? mat_row(a->bias, head) + n - 1 - query : mat_row(a->bias, head * n + query);
}

Attention attention_head(Attention a, int head) {
    int width = a.q.cols ? a.q.cols : a.v.cols; /* of a file that has values alone */
    int d_head = width / a.heads, from = head * d_head;
    Attention one = a;
    one.q = mat_cols(a.q, from, d_head), one.k = mat_cols(a.k, from, d_head), one.v = mat_cols(a.v, from, d_head);
    one.heads = 1, one.bias = (Mat){0};
    return one;
}

/* ---- a row's softmax ---- */

/* From the first allowed key of a row to the last; what is forbidden between them becomes -INFINITY. */
static RowRange forbid_gaps(float *row, int m, int query, Mask mask) {
    RowRange seen = {0, 0};
    for (Span s = {0}; mask_next_span(mask, m, query, &s);) {
        if (seen.end == 0) seen.first = seen.end = s.first;
        while (seen.end < s.first) row[seen.end++] = -INFINITY;
        for (int j = s.first; s.step > 1 && j < s.end; j++)
            if ((j - s.first) % s.step) row[j] = -INFINITY;
        seen.end = s.end;
    }
    return seen;
}

/* One row of m scores whose allowed keys are one range: the others become 0, and all do when the range is empty. */
static void softmax_range(float *row, int m, float scale, RowRange seen) {
    memset(row, 0, (size_t)seen.first * sizeof *row);
    lane_softmax(row + seen.first, (size_t)(seen.end - seen.first), (size_t)(m - seen.first), scale);
}

void attention_softmax(Mat scores, float scale, Mask mask) {
    bool full = mask_is_full(mask);
    for (int i = 0; i < scores.rows; i++) {
        float *row = mat_row(scores, i);
        RowRange seen = full ? (RowRange){0, scores.cols} : forbid_gaps(row, scores.cols, i, mask);
        softmax_range(row, scores.cols, scale, seen);
    }
}

/* ---- the mask, asked once ---- */

MaskRanges mask_ranges_new(int n, int m) {
    MaskRanges ranges = {.n = n, .m = m};
    ranges.keys = memory_new((size_t)n, sizeof *ranges.keys, "the mask's rows");
    ranges.queries = memory_new((size_t)m, sizeof *ranges.queries, "the mask's columns");
    return ranges;
}

void mask_ranges_free(MaskRanges *ranges) {
    memory_free(ranges->keys), memory_free(ranges->queries);
    *ranges = (MaskRanges){0};
}

/* From a query's first allowed key to its last; true when it sees all between them. */
static bool ask_query(Mask mask, int m, int query, RowRange *keys) {
    int allowed = 0;
    *keys = (RowRange){0, 0};
    for (Span s = {0}; mask_next_span(mask, m, query, &s);) {
        if (allowed == 0) keys->first = s.first;
        allowed += span_keys(s);
        keys->end = s.end;
    }
    return allowed == keys->end - keys->first;
}

void mask_ranges_ask(MaskRanges *ranges, Mask mask, int first) {
    ranges->whole = true;
    for (int j = 0; j < ranges->m; j++) ranges->queries[j] = (RowRange){ranges->n, 0};
    for (int i = 0; i < ranges->n; i++) {
        RowRange *keys = &ranges->keys[i];
        if (!ask_query(mask, ranges->m, first + i, keys)) ranges->whole = false;
        for (int j = keys->first; j < keys->end; j++) {
            if (ranges->queries[j].first > i) ranges->queries[j].first = i;
            ranges->queries[j].end = i + 1;
        }
    }
}

/* ---- the heads ---- */

/* map += bias / scale: the softmax will multiply by the scale. */
static void add_bias(const Attention *a, int head, Mat map) {
    float unscale = 1 / attention_scale(a);
    for (int i = 0; i < map.rows; i++) {
        const float *bias = attention_bias_row(a, head, i);
        float *row = mat_row(map, i);
        for (int j = 0; j < map.cols; j++) row[j] += unscale * bias[j];
    }
}

void attention_weights(const Attention *a, int head, Mat map, const MaskRanges *ranges) {
    int d_head = a->q.cols / a->heads;
    Mat q = mat_cols(a->q, head * d_head, d_head), k = mat_cols(a->k, head * d_head, d_head);
    rows_times_weights_within(map, q, k, ranges->keys); /* Q K^T */
    if (a->bias.data) add_bias(a, head, map);
    for (int i = 0; i < map.rows; i++) {
        float *row = mat_row(map, i);
        RowRange seen = ranges->whole ? ranges->keys[i] : forbid_gaps(row, map.cols, a->first + i, a->mask);
        softmax_range(row, map.cols, attention_scale(a), seen);
    }
}

typedef struct {
    const Attention *attention;
    const MaskRanges *ranges;
    Mat out, maps; /* out.data is NULL when only the maps are wanted */
} Work;

static void one_head(void *context, int head, int worker) {
    const Work *work = context;
    const Attention *a = work->attention;
    (void)worker;
    int d_head = a->q.cols / a->heads, from = head * d_head;
    Mat map = attention_map(work->maps, a->q.rows, head);
    attention_weights(a, head, map, work->ranges);
    if (work->out.data)
        rows_times(mat_cols(work->out, from, d_head), map, mat_cols(a->v, from, d_head), 0,
                   work->ranges->keys); /* A V */
}

static void check_shapes(const Attention *a, Mat out, Mat maps) {
    int n = a->q.rows, m = a->k.rows;
    assert(a->heads > 0 && a->q.cols % a->heads == 0 && a->k.cols == a->q.cols && a->first >= 0);
    assert(maps.rows == a->heads * n && maps.cols == m);
    assert(!out.data || (a->v.rows == m && a->v.cols == a->q.cols && out.rows == n && out.cols == a->q.cols));
    assert(!a->bias.data || (a->bias.rows == a->heads && a->bias.cols >= n + m - 1) ||
           (a->bias.rows == a->heads * n && a->bias.cols == m));
}

void attention_forward_with(Workers *workers, Attention a, Mat out, Mat maps) {
    check_shapes(&a, out, maps);
    MaskRanges ranges = mask_ranges_new(a.q.rows, a.k.rows);
    mask_ranges_ask(&ranges, a.mask, a.first);
    Work work = {&a, &ranges, out, maps};
    workers_run(workers, a.heads, one_head, &work);
    mask_ranges_free(&ranges);
}

void attention_forward(Attention a, Mat out, Mat maps) {
    attention_forward_with(NULL, a, out, maps);
}

void attention_maps(Attention a, Mat maps) {
    attention_forward_with(NULL, a, (Mat){0}, maps);
}
