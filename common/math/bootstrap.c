#include "math/bootstrap.h"
#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { REPLICATES = BOOTSTRAP_REPLICATES, TOGETHER = 64 }; /* series that make a piece of work for one worker */

Bootstrap bootstrap_new(int series, int sentences, uint64_t seed) {
    assert(series >= 0 && sentences >= 1);
    Bootstrap b = {.series = series, .sentences = sentences, .left = sentences, .rng = rng_seed(seed)};
    b.draws = memory_new(REPLICATES, sizeof *b.draws, "the bootstrap");
    b.drawn = memory_new(REPLICATES, sizeof *b.drawn, "the bootstrap");
    b.sum = memory_new((size_t)series, REPLICATES * sizeof *b.sum, "the bootstrap");
    b.lacking = memory_new((size_t)series, REPLICATES * sizeof *b.lacking, "the bootstrap");
    b.total = memory_new((size_t)series, sizeof *b.total, "the bootstrap");
    b.count = memory_new((size_t)series, sizeof *b.count, "the bootstrap");
    for (int r = 0; r < REPLICATES; r++) b.draws[r] = sentences;
    return b;
}

void bootstrap_free(Bootstrap *b) {
    memory_free(b->draws), memory_free(b->drawn), memory_free(b->sum), memory_free(b->lacking);
    memory_free(b->total), memory_free(b->count);
    *b = (Bootstrap){0};
}

/* Binomial(k, 1/m) from one number u of [0, 1): the chances of 0, 1, 2, ... are taken off u until it is used up. */
static int binomial(int k, int m, double u) {
    if (m == 1) return k;
    double chance = pow(1 - 1.0 / m, k);
    int n = 0;
    for (; n < k && u >= chance; n++) {
        u -= chance;
        chance *= (double)(k - n) / (n + 1) / (m - 1);
    }
    return n;
}

typedef struct {
    Bootstrap *b;
    const double *values;
} Adding;

static void add_series(void *context, int piece, int worker) {
    const Adding *a = context;
    Bootstrap *b = a->b;
    (void)worker;
    int end = b->series - piece * TOGETHER < TOGETHER ? b->series : (piece + 1) * TOGETHER;
    for (int s = piece * TOGETHER; s < end; s++) {
        double x = a->values[s], *sum = b->sum + (size_t)s * REPLICATES;
        int *lacking = b->lacking + (size_t)s * REPLICATES;
        if (isnan(x)) {
            for (int r = 0; r < REPLICATES; r++) lacking[r] += (int)b->drawn[r];
            continue;
        }
        b->total[s] += x, b->count[s]++;
        for (int r = 0; r < REPLICATES; r++) sum[r] += b->drawn[r] * x;
    }
}

void bootstrap_add(Bootstrap *b, Workers *workers, const double *values) {
    assert(b->left > 0);
    for (int r = 0; r < REPLICATES; r++) {
        int drawn = binomial(b->draws[r], b->left, rng_double(&b->rng));
        b->drawn[r] = drawn, b->draws[r] -= drawn;
    }
    b->left--;
    workers_run(workers, (b->series + TOGETHER - 1) / TOGETHER, add_series, &(Adding){b, values});
}

static int rising(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double quantile_of_sorted(const double *sorted, int n, double q) {
    double at = q * (n - 1);
    int below = (int)at;
    if (below + 1 >= n) return sorted[n - 1];
    return sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
}

Interval bootstrap_interval(const Bootstrap *b, int series) {
    assert(b->left == 0 && series >= 0 && series < b->series);
    double means[REPLICATES];
    int n = 0;
    if (!b->count[series]) return (Interval){0};
    for (int r = 0; r < REPLICATES; r++) {
        size_t at = (size_t)series * REPLICATES + (size_t)r;
        int weight = b->sentences - b->lacking[at];
        if (weight) means[n++] = b->sum[at] / weight;
    }
    Interval i = {.mean = b->total[series] / b->count[series], .sentences = b->count[series]};
    i.low = i.high = i.mean; /* a single sentence that no replicate has drawn */
    if (!n) return i;
    qsort(means, (size_t)n, sizeof *means, rising);
    i.low = quantile_of_sorted(means, n, 0.025), i.high = quantile_of_sorted(means, n, 0.975);
    return i;
}
