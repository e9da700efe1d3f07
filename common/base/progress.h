/* progress - one line on stderr that moves while something long runs. Silent when stderr is not a terminal, and for the
 * first two seconds, so that quick work and pipes never see it. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H
#include <stddef.h>

typedef struct {
    const char *what;
    size_t total;
    double started, shown; /* seconds of the monotonic clock */
    int width;             /* of the line on the screen, 0 when none is */
} Progress;

Progress progress_begin(const char *what, size_t total);
void progress_step(Progress *progress, size_t done); /* at most ten lines a second are drawn */
void progress_end(Progress *progress);               /* wipes the line */

double clock_seconds(void); /* the monotonic clock; only differences mean something */

typedef struct {
    double median, fastest; /* seconds of one run */
} Times;

/* Runs work(context) once to warm up, then `runs` times, at least 1. */
Times time_runs(int runs, void (*work)(void *context), void *context);

/* The seconds of the fastest of up to `most` runs, begun while they have taken less than `enough` seconds together; at
 * least one. For short work, which the rest of the machine can only slow down. */
double time_fastest(int most, double enough, void (*work)(void *context), void *context);

/* As time_runs, and prints `MEDIAN MINIMUM` in milliseconds, then `rate` per second where one run does `amount` of
 * `unit`: the common option --time N. */
void time_report(int runs, void (*work)(void *context), void *context, double amount, const char *unit);
#endif
