/* edges - what a page has not: threads, an error stream, OpenBLAS, advice to the memory manager. */
#include "base/error.h"
#include "base/workers.h"
#include <cblas.h>
#include <stddef.h>

void workers_run(Workers *workers, int pieces, WorkerTask task, void *context) {
    (void)workers;
    for (int piece = 0; piece < pieces; piece++) task(context, piece, 0);
}

int workers_count(const Workers *workers) {
    (void)workers;
    return 1;
}

_Noreturn void fail(ExitCode code, const char *format, ...) {
    (void)code, (void)format;
    __builtin_trap();
}

void cblas_sgemm(int order, int turn_a, int turn_b, int m, int n, int k, float alpha, const float *a, int a_row,
                 const float *b, int b_row, float beta, float *c, int c_row) {
    (void)order, (void)turn_a, (void)turn_b, (void)m, (void)n, (void)k, (void)alpha, (void)a, (void)a_row;
    (void)b, (void)b_row, (void)beta, (void)c, (void)c_row;
    __builtin_trap();
}

void openblas_set_num_threads(int threads) {
    (void)threads;
}

int madvise(void *at, size_t length, int advice) {
    (void)at, (void)length, (void)advice;
    return 0;
}

void note(const char *format, ...) {
    (void)format;
}
