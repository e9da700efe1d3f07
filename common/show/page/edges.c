/* edges - what a page has not: threads, OpenBLAS, a machine's memory, an environment. */
#include "base/error.h"
#include "base/room.h"
#include "base/workers.h"
#include <cblas.h>
#include <stddef.h>

void workers_run(Workers *workers, int pieces, WorkerTask task, void *context) {
    (void)workers;
    for (int piece = 0; piece < pieces; piece++) task(context, piece, 0);
}

Workers *workers_new(int threads) {
    (void)threads;
    return NULL;
}

void workers_free(Workers *workers) {
    (void)workers;
}

int workers_count(const Workers *workers) {
    (void)workers;
    return 1;
}

/* c (m, n) = beta c + alpha a b, by rows, either of them perhaps turned over: what few products of common/ ask of
 * OpenBLAS here, the rollout's among them, are small. */
void cblas_sgemm(int order, int turn_a, int turn_b, int m, int n, int k, float alpha, const float *a, int a_row,
                 const float *b, int b_row, float beta, float *c, int c_row) {
    (void)order;
    size_t a_i = turn_a == CblasTrans ? 1 : (size_t)a_row, a_l = turn_a == CblasTrans ? (size_t)a_row : 1;
    size_t b_l = turn_b == CblasTrans ? 1 : (size_t)b_row, b_j = turn_b == CblasTrans ? (size_t)b_row : 1;
    for (size_t i = 0; i < (size_t)m; i++)
        for (size_t j = 0; j < (size_t)n; j++) {
            float sum = 0, *at = c + i * (size_t)c_row + j;
            for (size_t l = 0; l < (size_t)k; l++) sum += a[i * a_i + l * a_l] * b[l * b_l + j * b_j];
            *at = alpha * sum + (beta != 0 ? beta * *at : 0);
        }
}

void openblas_set_num_threads(int threads) {
    (void)threads;
}

/* ---- base/room: a page may come to 4 GB, and asks for them bit by bit ---- */

double room_there(void) {
    return 4294967296.0;
}

double room_most_used(void) {
    return 0;
}

void room_check(double bytes, const char *what, const char *advice) {
    (void)advice;
    if (bytes > room_there())
        fail(EXIT_ENVIRONMENT, "out of memory (%s %.1f GB, and a page has 4.3)", what, bytes / 1e9);
}

int madvise(void *at, size_t length, int advice) {
    (void)at, (void)length, (void)advice;
    return 0;
}

char *getenv(const char *name) {
    (void)name;
    return NULL;
}
