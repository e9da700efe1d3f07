#include "math/layers.h"
#include "math/rows.h"
#include "math/fast/vecmath.h"

#include <assert.h>
#include <string.h>

/* ---- linear ---- */

typedef struct {
    const LinearJob *jobs;
    int count;
    int first_piece[MOST_JOBS + 1]; /* job j owns pieces first_piece[j] .. first_piece[j + 1] - 1 */
    Mat x;
    Activation activation;
} LinearWork;

/* One piece: a range of out's columns, finished while it is still in the cache. */
static void linear_piece(void *context, int piece, int worker) {
    const LinearWork *work = context;
    (void)worker;
    int j = 0;
    while (piece >= work->first_piece[j + 1]) j++;
    Mat out = work->jobs[j].out;
    Linear layer = work->jobs[j].layer;
    int first = (piece - work->first_piece[j]) * ROWS_PIECE;
    int end = out.cols - first < ROWS_PIECE ? out.cols : first + ROWS_PIECE;
    rows_times_weights(out, work->x, layer.weight, layer.bias, first, end);
    for (int i = 0; i < out.rows && work->activation != ACTIVATION_NONE; i++)
        vec_activate(mat_row(out, i) + first, (size_t)(end - first), work->activation);
}

void linear_forward_all(Workers *workers, const LinearJob *jobs, int count, Mat x, Activation activation) {
    assert(count <= MOST_JOBS);
    LinearWork work = {jobs, count, {0}, x, activation};
    for (int j = 0; j < count; j++)
        work.first_piece[j + 1] = work.first_piece[j] + (jobs[j].out.cols + ROWS_PIECE - 1) / ROWS_PIECE;
    workers_run(workers, work.first_piece[count], linear_piece, &work);
}

void linear_forward(Workers *workers, Mat out, Mat x, Linear layer, Activation activation) {
    linear_forward_all(workers, &(LinearJob){out, layer}, 1, x, activation);
}

/* ---- layer norm ---- */

typedef struct {
    Mat out, x, y; /* y.data is NULL for a plain layer norm */
    LayerNorm norm;
    int rows_each;
} NormWork;

static void norm_piece(void *context, int piece, int worker) {
    const NormWork *work = context;
    (void)worker;
    int end = (piece + 1) * work->rows_each < work->x.rows ? (piece + 1) * work->rows_each : work->x.rows;
    for (int i = piece * work->rows_each; i < end; i++) {
        const float *row = mat_row(work->x, i);
        size_t n = (size_t)work->x.cols;
        if (work->y.data) {
            vec_add(mat_row(work->y, i), row, mat_row(work->y, i), n);
            row = mat_row(work->y, i);
        }
        vec_normalise(mat_row(work->out, i), row, n, work->norm.gain, work->norm.bias, work->norm.eps);
    }
}

/* A round of the workers costs a few microseconds, as much as a dozen rows: short sentences stay on one. */
static void norm_rows(Workers *workers, NormWork work) {
    enum { ROWS_EACH = 16 };
    work.rows_each = ROWS_EACH;
    workers_run(workers, (work.x.rows + ROWS_EACH - 1) / ROWS_EACH, norm_piece, &work);
}

void layer_norm_forward(Workers *workers, Mat out, Mat x, LayerNorm norm) {
    norm_rows(workers, (NormWork){out, x, (Mat){0}, norm, 0});
}

void add_norm_forward(Workers *workers, Mat out, Mat x, Mat y, LayerNorm norm) {
    norm_rows(workers, (NormWork){out, x, y, norm, 0});
}

void embedding_forward(Mat out, Mat table, const int *ids) {
    assert(out.cols == table.cols);
    for (int i = 0; i < out.rows; i++) {
        assert(ids[i] >= 0 && ids[i] < table.rows);
        memcpy(mat_row(out, i), mat_row(table, ids[i]), (size_t)table.cols * sizeof(float));
    }
}
