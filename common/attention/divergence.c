#include "attention/divergence.h"
#include "base/memory.h"

#include <assert.h>
#include <math.h>

static double plogp(double p) {
    return p > 0 ? p * log(p) : 0;
}

/* 1/2 sum P ln(2 P / (P + Q)) + 1/2 sum Q ln(2 Q / (P + Q)), cell by cell. */
static double cell_divergence(double p, double q) {
    return (plogp(p) + plogp(q)) / 2 - plogp((p + q) / 2);
}

void map_row_divergence(double *rows, Mat a, Mat b) {
    assert(a.rows == b.rows && a.cols == b.cols);
    for (int i = 0; i < a.rows; i++) {
        rows[i] = 0;
        for (int j = 0; j < a.cols; j++) rows[i] += cell_divergence((double)mat_at(a, i, j), (double)mat_at(b, i, j));
        rows[i] = fmax(rows[i], 0); /* rounding */
    }
}

double map_divergence(double *rows, Mat a, Mat b) {
    double sum = 0;
    map_row_divergence(rows, a, b);
    for (int i = 0; i < a.rows; i++) sum += rows[i] / a.rows;
    return sum;
}

/* ---- all pairs of heads ---- */

/* Each pair needs its heads' own sums of p ln p, which are the same in all pairs: one logarithm a cell is left. */
typedef struct {
    const Mat *maps;
    int count;
    double *own; /* [count] sum of p ln p over all cells of the smoothed map */
    Mat distance;
} Pairs;

static double smooth(Mat m, int i, int j) {
    return 0.999 * (double)mat_at(m, i, j) + 0.001 / m.cols;
}

static void own_task(void *context, int head, int worker) {
    const Pairs *work = context;
    Mat m = work->maps[head];
    (void)worker;
    work->own[head] = 0;
    for (int i = 0; i < m.rows; i++)
        for (int j = 0; j < m.cols; j++) work->own[head] += plogp(smooth(m, i, j));
}

static double distance_of(const Pairs *work, int x, int y) {
    Mat a = work->maps[x], b = work->maps[y];
    double mixed = 0;
    for (int i = 0; i < a.rows; i++)
        for (int j = 0; j < a.cols; j++) mixed += plogp((smooth(a, i, j) + smooth(b, i, j)) / 2);
    return fmax(0, (work->own[x] + work->own[y]) / 2 - mixed) / (a.rows * log(2));
}

static void pair_task(void *context, int x, int worker) {
    const Pairs *work = context;
    (void)worker;
    for (int y = x + 1; y < work->count; y++) mat_row(work->distance, x)[y] = (float)distance_of(work, x, y);
}

void head_distances(Mat distance, const Mat *maps, int count, Workers *workers) {
    Pairs work = {maps, count, memory_new((size_t)count, sizeof(double), "the heads' distances"), distance};
    workers_run(workers, count, own_task, &work);
    workers_run(workers, count, pair_task, &work);
    for (int x = 0; x < count; x++) {
        mat_row(distance, x)[x] = 0;
        for (int y = 0; y < x; y++) mat_row(distance, x)[y] = mat_at(distance, y, x);
    }
    memory_free(work.own);
}

/* ---- first layer against last ---- */

static double sum_of(Mat m) {
    double sum = 0;
    for (int i = 0; i < m.rows; i++)
        for (int j = 0; j < m.cols; j++) sum += (double)mat_at(m, i, j);
    return sum;
}

double flow_change(Mat first, Mat last) {
    double p = sum_of(first), q = sum_of(last), divergence = 0;
    assert(first.rows == last.rows && first.cols == last.cols);
    if (!(p > 0 && q > 0)) return 0;
    for (int i = 0; i < first.rows; i++)
        for (int j = 0; j < first.cols; j++)
            divergence += cell_divergence((double)mat_at(first, i, j) / p, (double)mat_at(last, i, j) / q);
    return sqrt(fmax(divergence, 0));
}
