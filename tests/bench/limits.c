/* limits: what this machine could do at best, and how near our products and OpenBLAS's come to it. The first lines of
 * make bench; every other figure there has to be read against them.
 *
 *     build/tests/limits [--threads N] [--time N]     the fastest of N measurements each (20) */
#include "base/memory.h"
#include "base/options.h"
#include "base/progress.h"
#include "base/workers.h"
#include "math/fast/lanes.h"
#include "math/mat.h"
#include "math/rows.h"

#include <stdio.h>

enum { CHAINS = 16, STEPS = 1000000, MEMORY = 64 << 20 }; /* MEMORY: floats of one worker, far beyond any cache */

typedef struct {
    int threads;
    float *memory; /* [threads * MEMORY] */
    float *sums;   /* [threads], so that no work can be left out */
    Mat out, x, w;
    int each; /* rows of x for a worker */
} Bench;

/* Multiply-adds with both factors in registers: nothing is loaded, so nothing is waited for. */
static void chains(void *context, int piece, int worker) {
    Bench *bench = context;
    Lane sum[CHAINS], factor, addend;
    (void)worker;
    for (int l = 0; l < LANES; l++) factor[l] = .9999f, addend[l] = 1e-4f;
    for (int i = 0; i < CHAINS; i++) sum[i] = addend * (float)i;
    for (int k = 0; k < STEPS; k++)
        for (int i = 0; i < CHAINS; i++) sum[i] = sum[i] * factor + addend;
    for (int i = 1; i < CHAINS; i++) sum[0] += sum[i];
    bench->sums[piece] = sum[0][0];
}

static void read_all(void *context, int piece, int worker) {
    Bench *bench = context;
    Lane sum[4] = {0};
    (void)worker;
    const float *at = bench->memory + (size_t)piece * MEMORY;
    for (size_t i = 0; i < MEMORY; i += 4 * LANES)
        for (size_t l = 0; l < 4; l++) sum[l] += lane_load(at + i + l * LANES);
    bench->sums[piece] = (sum[0] + sum[1] + sum[2] + sum[3])[0];
}

static Mat share(const Bench *bench, Mat m, int piece) {
    return mat_rows(m, piece * bench->each, bench->each);
}

static void our_product(void *context, int piece, int worker) {
    const Bench *bench = context;
    (void)worker;
    rows_times_weights(share(bench, bench->out, piece), share(bench, bench->x, piece), bench->w, NULL, 0,
                       bench->w.rows);
}

static void openblas_product(void *context, int piece, int worker) {
    const Bench *bench = context;
    (void)worker;
    mat_mul_nt(share(bench, bench->out, piece), 1, share(bench, bench->x, piece), bench->w, 0);
}

/* Seconds of the fastest of `runs`, after one to warm up. */
static double fastest(Workers *workers, Bench *bench, WorkerTask task, int runs) {
    double best = 1e300;
    for (int run = -1; run < runs; run++) {
        double began = clock_seconds();
        workers_run(workers, bench->threads, task, bench);
        double took = clock_seconds() - began;
        if (run >= 0 && took < best) best = took;
    }
    return best;
}

static void products(Workers *workers, Bench *bench, int rows, int inner, int columns, int runs) {
    bench->each = rows;
    bench->x = mat_new(bench->threads * rows, inner), bench->w = mat_new(columns, inner);
    bench->out = mat_new(bench->threads * rows, columns);
    mat_fill(bench->x, .5f), mat_fill(bench->w, .5f);
    double work = 2e-9 * bench->threads * rows * inner * columns;
    printf("  (%4d, %4d)(%4d, %4d)^T a thread: ours %4.0f GF/s, OpenBLAS %4.0f\n", rows, inner, columns, inner,
           work / fastest(workers, bench, our_product, runs), work / fastest(workers, bench, openblas_product, runs));
    mat_free(&bench->x), mat_free(&bench->w), mat_free(&bench->out);
}

int main(int argc, char **argv) {
    Common common;
    Options none = {0};
    options_parse(&common, (Program){"limits", "what this machine could do at best", NULL}, &none, argc, argv);
    int threads = common.threads, runs = common.time ? common.time : 20;
    Bench bench = {.threads = threads};
    bench.memory = memory_new((size_t)threads * MEMORY, sizeof *bench.memory, "what is read");
    bench.sums = memory_new((size_t)threads, sizeof *bench.sums, "sums");
    for (size_t i = 0; i < (size_t)threads * MEMORY; i++) bench.memory[i] = 1;
    Workers *workers = workers_new(threads);
    double work = 2e-9 * threads * CHAINS * LANES * STEPS, bytes = 1e-9 * threads * MEMORY * sizeof(float);
    printf("limits of this machine, %d threads: %.0f GF/s of multiply-adds, %.0f GB/s read from memory\n", threads,
           work / fastest(workers, &bench, chains, runs), bytes / fastest(workers, &bench, read_all, runs));
    products(workers, &bench, 8, 768, 3072, runs);
    products(workers, &bench, 64, 768, 768, runs);
    products(workers, &bench, 512, 64, 256, runs);
    products(workers, &bench, 1024, 768, 768, runs);
    workers_free(workers);
    memory_free(bench.memory), memory_free(bench.sums);
    return 0;
}
