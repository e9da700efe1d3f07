#include "attention/attention.h"
#include "math/fast/lane_exp.h"

#include <assert.h>
#include <math.h>
#include <string.h>

Mat attention_map(Mat maps, int n, int head) {
    return mat_rows(maps, head * n, n);
}

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

void attention_softmax_range(float *row, int m, float scale, RowRange seen) {
    bool nothing = seen.end <= seen.first;
    if (nothing || seen.first > 0) memset(row, 0, (size_t)(nothing ? m : seen.first) * sizeof *row);
    if (!nothing) lane_softmax(row + seen.first, (size_t)(seen.end - seen.first), (size_t)(m - seen.first), scale);
}

void attention_softmax(Mat scores, float scale, Mask mask) {
    bool full = mask_is_full(mask);
    for (int i = 0; i < scores.rows; i++) {
        float *row = mat_row(scores, i);
        RowRange seen = full ? (RowRange){0, scores.cols} : forbid_gaps(row, scores.cols, i, mask);
        attention_softmax_range(row, scores.cols, scale, seen);
    }
}

/* ---- the heads ---- */

typedef struct {
    Mat out, maps, q, k, v; /* out.data is NULL when only the maps are wanted */
    Mat bias;               /* data is NULL when there is none */
    int heads;
    Mask mask;
} Work;

/* map(i, j) += bias[j - i + n - 1], times sqrt(d_head), by which the softmax will divide. */
static void add_bias(Mat map, const float *bias, float root) {
    for (int i = 0; i < map.rows; i++) {
        const float *from = bias + map.rows - 1 - i;
        for (int j = 0; j < map.cols; j++) mat_row(map, i)[j] += root * from[j];
    }
}

static void one_head(void *context, int head, int worker) {
    const Work *work = context;
    (void)worker;
    int d_head = work->q.cols / work->heads, from = head * d_head;
    Mat map = attention_map(work->maps, work->q.rows, head);
    Mat q = mat_cols(work->q, from, d_head), k = mat_cols(work->k, from, d_head);
    rows_times_weights(map, q, k, NULL, 0, k.rows); /* Q K^T */
    float root = sqrtf((float)d_head);
    if (work->bias.data) add_bias(map, mat_row(work->bias, head), root);
    attention_softmax(map, 1 / root, work->mask);
    if (work->out.data)
        rows_times(mat_cols(work->out, from, d_head), map, mat_cols(work->v, from, d_head), 0, NULL); /* A V */
}

static void check_shapes(const Work *work) {
    assert(work->heads > 0 && work->q.cols % work->heads == 0 && work->k.cols == work->q.cols);
    assert(work->maps.rows == work->heads * work->q.rows && work->maps.cols == work->k.rows);
}

void attention_forward_biased(Workers *workers, Mat out, Mat maps, Mat q, Mat k, Mat v, int heads, Mask mask,
                              Mat bias) {
    Work work = {out, maps, q, k, v, bias, heads, mask};
    check_shapes(&work);
    assert(!bias.data || (bias.rows == heads && bias.cols >= q.rows + k.rows - 1));
    assert(v.rows == k.rows && v.cols == q.cols && out.rows == q.rows && out.cols == q.cols);
    workers_run(workers, heads, one_head, &work);
}

void attention_forward_with(Workers *workers, Mat out, Mat maps, Mat q, Mat k, Mat v, int heads, Mask mask) {
    attention_forward_biased(workers, out, maps, q, k, v, heads, mask, (Mat){0});
}

void attention_forward(Mat out, Mat maps, Mat q, Mat k, Mat v, int heads, Mask mask) {
    attention_forward_with(NULL, out, maps, q, k, v, heads, mask);
}

void attention_maps(Mat maps, Mat q, Mat k, int heads, Mask mask) {
    Work work = {.maps = maps, .q = q, .k = k, .heads = heads, .mask = mask};
    check_shapes(&work);
    workers_run(NULL, heads, one_head, &work);
}
