/* One attention run: made of random numbers, timed, and written to a file for whoever wants to check it. */
#include "attention/attention.h"
#include "attention/streaming.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "base/rng.h"
#include "base/room.h"
#include "lesson.h"
#include "weights/safetensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* More than the machine's memory: some systems promise it all the same, and end the program when it is written to. */
static void check_room(const Choices *a, int n, bool keep_maps) {
    double bytes = 4.0 * n * a->heads * a->head_width * sizeof(float);
    double most = room_there();
    if (keep_maps) bytes += (double)a->heads * n * n * sizeof(float);
    if (bytes > most)
        fail(EXIT_USAGE, "--tokens %d: q, k, v, out%s take %.0f GB (expected at most %.0f, this machine's). Try: %s", n,
             keep_maps ? " and the maps" : "", bytes / 1e9, most / 1e9,
             keep_maps ? "--how streaming, or fewer tokens" : "fewer tokens");
}

Run run_new(const Choices *a, int n, Mask mask, bool keep_maps, Workers *workers) {
    int width = a->heads * a->head_width; /* the options keep both below 2^12 */
    check_room(a, n, keep_maps);
    Run run = {.heads = a->heads, .mask = mask, .workers = workers};
    run.q = mat_new(n, width), run.k = mat_new(n, width), run.v = mat_new(n, width), run.out = mat_new(n, width);
    if (keep_maps) run.maps = mat_new(a->heads * n, n);
    Rng rng = rng_seed(a->common.seed);
    Mat drawn[] = {run.q, run.k, run.v};
    for (int i = 0; i < 3; i++) rng_normal(&rng, drawn[i].data, (size_t)n * (size_t)width, 0, 1);
    return run;
}

void run_once(void *context) {
    Run *r = context;
    if (r->maps.data)
        attention_forward_with(r->workers, attention_of(r->q, r->k, r->v, r->heads, r->mask), r->out, r->maps);
    else attention_streaming(r->workers, attention_of(r->q, r->k, r->v, r->heads, r->mask), r->out);
}

void run_free(Run *r) {
    mat_free(&r->q), mat_free(&r->k), mat_free(&r->v), mat_free(&r->out), mat_free(&r->maps);
}

/* ---- the time ---- */

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The most memory that this process has had so far: everything, q, k, v and the program itself included. Linux says it
 * in /proc; getrusage there also counts what the program that started us had at that moment. */
static double peak_megabytes(void) {
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    long kilobytes = 0;
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "VmHWM:", 6) == 0) kilobytes = strtol(line + 6, NULL, 10);
    if (status) fclose(status);
    if (kilobytes > 0) return (double)kilobytes * 1024 / 1e6;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
    return (double)usage.ru_maxrss / 1e6; /* bytes */
#else
    return (double)usage.ru_maxrss * 1024 / 1e6;
#endif
}

void report_time(const Choices *a, Run *run) {
    int runs = a->common.time;
    double *spent = memory_new((size_t)runs, sizeof *spent, "the times");
    run_once(run); /* the warm-up */
    for (int i = 0; i < runs; i++) {
        double start = clock_seconds();
        run_once(run);
        spent[i] = (clock_seconds() - start) * 1e3;
    }
    qsort(spent, (size_t)runs, sizeof *spent, compare);
    double median = runs % 2 ? spent[runs / 2] : (spent[runs / 2 - 1] + spent[runs / 2]) / 2;
    printf("%.2f %.2f  %.1f tokens/s, peak memory %.1f MB\n", median, spent[0], run->q.rows / median * 1e3,
           peak_megabytes());
    memory_free(spent);
}

/* ---- the file ---- */

/* (n, heads * d) -> heads blocks of (n, d), which you free. */
static float *by_heads(Mat m, int heads) {
    int d = m.cols / heads;
    float *copy = memory_new((size_t)m.rows * (size_t)m.cols, sizeof *copy, "the tensors of the export");
    for (int h = 0; h < heads; h++)
        for (int i = 0; i < m.rows; i++)
            memcpy(copy + ((size_t)h * (size_t)m.rows + (size_t)i) * (size_t)d, mat_row(m, i) + (ptrdiff_t)h * d,
                   (size_t)d * sizeof *copy);
    return copy;
}

void export_run(const char *path, const Run *run) {
    static const char *const names[] = {"q", "k", "v", "out"};
    const Mat mats[] = {run->q, run->k, run->v, run->out};
    float *copies[4];
    TensorOut tensors[4];
    for (int i = 0; i < 4; i++) {
        copies[i] = by_heads(mats[i], run->heads);
        tensors[i] =
            (TensorOut){.name = names[i],
                        .type = TYPE_F32,
                        .shape = {(size_t)run->heads, (size_t)mats[i].rows, (size_t)(mats[i].cols / run->heads)},
                        .axes = 3,
                        .data = copies[i]};
    }
    safetensors_write(path, tensors, 4);
    for (int i = 0; i < 4; i++) memory_free(copies[i]);
}
