#include "base/progress.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const double QUIET_SECONDS = 2.0, BETWEEN_SECONDS = 0.1;

double clock_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

Progress progress_begin(const char *what, size_t total) {
    return (Progress){.what = what, .total = total, .started = clock_seconds()};
}

void progress_step(Progress *progress, size_t done) {
    double now = clock_seconds(), spent = now - progress->started;
    if (spent < QUIET_SECONDS || now - progress->shown < BETWEEN_SECONDS || !isatty(STDERR_FILENO)) return;
    double share = progress->total ? (double)done / (double)progress->total : 0;
    double left = share > 0 ? spent / share - spent : 0;
    progress->shown = now;
    int width = fprintf(stderr, "\r%s %3.0f%%  %zu of %zu  %.0f s left ", progress->what, 100 * share, done,
                        progress->total, left);
    if (width < progress->width) /* the rest of a longer line */
        fprintf(stderr, "%*s", progress->width - width, "");
    else progress->width = width;
    fflush(stderr);
}

void progress_end(Progress *progress) {
    if (progress->width > 0) fprintf(stderr, "\r%*s\r", progress->width, "");
    progress->width = 0;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

Times time_runs(int runs, void (*work)(void *context), void *context) {
    double *spent = memory_new((size_t)runs, sizeof *spent, "the times");
    Progress progress = progress_begin("timing", (size_t)runs);
    work(context); /* the warm-up: pages come in, caches fill, the clock of the processor rises */
    for (int i = 0; i < runs; i++) {
        double start = clock_seconds();
        work(context);
        spent[i] = clock_seconds() - start;
        progress_step(&progress, (size_t)i + 1);
    }
    progress_end(&progress);
    qsort(spent, (size_t)runs, sizeof *spent, compare);
    double median = runs % 2 ? spent[runs / 2] : (spent[runs / 2 - 1] + spent[runs / 2]) / 2;
    Times times = {median, spent[0]};
    memory_free(spent);
    return times;
}

double time_fastest(int most, double enough, void (*work)(void *context), void *context) {
    double best = 0, began = clock_seconds(), start = began;
    for (int run = 0; run < most && (run == 0 || start - began < enough); run++) {
        work(context);
        double end = clock_seconds();
        if (run == 0 || end - start < best) best = end - start;
        start = end;
    }
    return best;
}

void time_report(int runs, void (*work)(void *context), void *context, double amount, const char *unit) {
    Times t = time_runs(runs, work, context);
    int digits = t.median < 1e-3 ? 4 : 2; /* a tiny text takes microseconds, and 0.00 tells nobody anything */
    printf("%.*f %.*f  %.1f %s/s\n", digits, t.median * 1e3, digits, t.fastest * 1e3, amount / t.median, unit);
}
