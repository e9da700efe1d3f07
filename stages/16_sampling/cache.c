/* cache - a whole model with and without a key-value cache: the same logits, and how much less work. */
#include "base/error.h"
#include "base/plural.h"
#include "base/progress.h"
#include "show/curves.h"
#include "tool.h"

#include <stdio.h>

enum { CONTEXT = 1024, KINDS = 64 };

static Gpt untrained_new(uint64_t seed) {
    Gpt gpt = gpt_new((GptConfig){
        .layers = 2, .heads = 4, .width = 64, .inner = 256, .vocab = KINDS, .context = CONTEXT, .norm_eps = 1e-5f});
    Rng rng = rng_seed(seed);
    gpt_randomise(&gpt, &rng, 0.2f); /* ten times what training begins with, so that a wrong key would be seen */
    return gpt;
}

static void whole_pass(const Gpt *gpt, Workers *workers, Mask mask, const int *ids, Mat logits) {
    Trace trace = gpt_trace_new(gpt, logits.rows);
    gpt_trace(gpt, workers, ids, (Run){.mask = mask}, &trace);
    Mat all = gpt_logits(gpt, workers, &trace);
    mat_copy(logits, all);
    mat_free(&all), trace_free(&trace);
}

/* A prefix is read as a whole, for its tokens see each other; from its last token on, every row is compared. */
void prove_cache(const Gpt *gpt, Workers *workers, Mask mask, const int *ids, int n) {
    int together = mask.prefix <= 1 ? 1 : mask.prefix < n ? mask.prefix : n;
    Mat whole = mat_new(n, gpt->config.vocab), cached = mat_new(n, gpt->config.vocab);
    GptCache cache = gpt_cache_new(gpt, n);
    whole_pass(gpt, workers, mask, ids, whole);
    gpt_read(gpt, workers, &cache, ids, together, mask, mat_row(cached, together - 1));
    for (int t = together; t < n; t++) gpt_read(gpt, workers, &cache, ids + t, 1, mask, mat_row(cached, t));
    float apart;
    int first = together - 1;
    bool agree = mat_agree(mat_rows(cached, first, n - first), mat_rows(whole, first, n - first), 1e-5f, &apart);
    gpt_cache_free(&cache, gpt), mat_free(&whole), mat_free(&cached);
    if (!agree) fail(EXIT_DATA, "cache and whole pass differ: by %g in the logits", (double)apart);
    printf("the cache and whole passes agree on %d token%s: max difference < 1e-5\n", n, PLURAL(n));
}

/* ---- what it costs ---- */

/* Multiplications for token number n: every weight matrix once, and for each earlier token a score and a share of the
 * mixture, C each, in every block. */
static double newest_cost(const GptConfig *c, double n) {
    double weights = c->layers * (4.0 * c->width * c->width + 2.0 * c->width * c->inner) + (double)c->vocab * c->width;
    return weights + c->layers * 2.0 * n * c->width;
}

static void print_work(const GptConfig *c) {
    printf("writing n tokens with %d blocks of width %d, in millions of multiplications\n", c->layers, c->width);
    printf("  %6s %14s %12s %8s %18s\n", "n", "whole passes", "with a cache", "less by", "of it, looking back");
    for (int n = 16; n <= CONTEXT; n *= 4) {
        double whole = 0, cached = 0;
        for (int t = 1; t <= n; t++) {
            cached += newest_cost(c, t);
            whole += cached; /* pass number t does again all that was done before it */
        }
        double looking = 1 - n * newest_cost(c, 0) / cached;
        printf("  %6d %14.1f %12.1f %7.0fx %17.0f%%\n", n, whole / 1e6, cached / 1e6, whole / cached, 100 * looking);
    }
}

typedef struct {
    const char *name;
    Mask mask;
    bool cached;
} Way;
static const Way WAYS[] = {{"a whole pass for each token", {.causal = true}, false},
                           {"with a cache", {.causal = true}, true},
                           {"with a cache, and a window of 32", {.causal = true, .window = 32}, true}};
enum { WAY_COUNT = sizeof WAYS / sizeof *WAYS, POINTS = 7 }; /* 16 .. 1024 tokens */

/* n tokens, written in one of the ways on one thread. */
typedef struct {
    const Gpt *gpt;
    const Way *way;
    const int *ids; /* [n] */
    int n;
    GptCache cache;
    Mat logits; /* (n, KINDS) */
} Writing;

static void write_once(void *writing) {
    Writing *w = writing;
    w->cache.n = 0;
    for (int t = 0; t < w->n; t++)
        if (w->way->cached) gpt_read(w->gpt, NULL, &w->cache, w->ids + t, 1, w->way->mask, w->logits.data);
        else whole_pass(w->gpt, NULL, w->way->mask, w->ids, mat_rows(w->logits, 0, t + 1));
}

static double seconds_for(const Gpt *gpt, const Way *way, const int *ids, int n) {
    Writing w = {gpt, way, ids, n, gpt_cache_new(gpt, n), mat_new(n, KINDS)};
    double seconds = time_fastest(10, 0.2, write_once, &w);
    mat_free(&w.logits), gpt_cache_free(&w.cache, gpt);
    return seconds;
}

/* Times are this machine's, so they are drawn and never printed. A curve ends where a point takes long. */
static void draw_times(const Choices *ask, const Gpt *gpt, const int *ids) {
    float n[POINTS], times[WAY_COUNT][POINTS];
    Curve curves[WAY_COUNT];
    for (int i = 0; i < POINTS; i++) n[i] = (float)(16 << i);
    for (int w = 0; w < WAY_COUNT; w++) {
        int count = 0;
        for (double seconds = 0; count < POINTS && seconds < 0.1; count++) {
            seconds = seconds_for(gpt, &WAYS[w], ids, 16 << count);
            times[w][count] = (float)(seconds * 1e3);
        }
        curves[w] = (Curve){WAYS[w].name, n, times[w], count, false};
    }
    Sheet sheet = show_sheet(&ask->show, "cache", "Time to write n tokens",
                             "2 blocks of width 64, untrained; both axes in powers of ten");
    curves_draw(sheet, curves, WAY_COUNT,
                (CurvesOptions){.x_axis = "tokens", .y_axis = "milliseconds", .log_x = true, .log_y = true});
}

void tell_cache(const Choices *ask, Workers *workers) {
    Gpt gpt = untrained_new(ask->common.seed);
    Rng rng = rng_seed(ask->common.seed);
    int ids[CONTEXT];
    for (int t = 0; t < CONTEXT; t++) ids[t] = (int)(rng_bits(&rng) % KINDS);
    print_work(&gpt.config);
    prove_cache(&gpt, workers, (Mask){.causal = true}, ids, 200);
    if (!ask->show.terminal) draw_times(ask, &gpt, ids);
    gpt_free(&gpt);
}
