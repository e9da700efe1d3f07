/* What counting alone can do: the losses that a model must beat before it has learnt anything worth the name. */
#include "tool.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/* Runs of `n` tokens as numbers, sorted, so that a count is the distance between two places. V^3 fits into 64 bits for
 * every vocabulary below two million. */
typedef struct {
    uint64_t *run; /* [count] owned */
    size_t count;
} Runs;

static int compare(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint64_t run_at(Ids ids, size_t end, size_t n, int vocab) { /* the n tokens before `end` */
    uint64_t run = 0;
    for (size_t i = end - n; i < end; i++) run = run * (uint64_t)vocab + (uint64_t)ids.at[i];
    return run;
}

static Runs runs_of(Ids ids, size_t n, int vocab) {
    Runs runs = {memory_new(ids.n + 1, sizeof *runs.run, "the counts"), 0};
    for (size_t end = n; end <= ids.n; end++) runs.run[runs.count++] = run_at(ids, end, n, vocab);
    qsort(runs.run, runs.count, sizeof *runs.run, compare);
    return runs;
}

static size_t first_not_below(const Runs *runs, uint64_t run) {
    size_t low = 0, high = runs->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (runs->run[middle] < run) low = middle + 1;
        else high = middle;
    }
    return low;
}

static double count_of(const Runs *runs, uint64_t run) {
    return (double)(first_not_below(runs, run + 1) - first_not_below(runs, run));
}

/* Mean -log of (count(run) + alpha) / (count(run without its last token) + alpha V): alpha stands for what was never
 * seen. n = 1 divides by all tokens. */
static double loss_of(Ids train, Ids held, size_t n, int vocab, double alpha) {
    Runs runs = runs_of(train, n, vocab), before = runs_of(train, n - 1, vocab);
    double sum = 0;
    int places = 0;
    for (size_t end = n; end <= held.n; end++, places++) {
        double all = n == 1 ? (double)train.n : count_of(&before, run_at(held, end - 1, n - 1, vocab));
        sum -= log((count_of(&runs, run_at(held, end, n, vocab)) + alpha) / (all + alpha * vocab));
    }
    memory_free(runs.run), memory_free(before.run);
    return places ? sum / places : NAN;
}

Baselines baselines_of(Ids train, Ids held, int vocab) {
    return (Baselines){log(vocab), loss_of(train, held, 1, vocab, 0.01), loss_of(train, held, 2, vocab, 1),
                       loss_of(train, held, 3, vocab, 0.01)};
}
