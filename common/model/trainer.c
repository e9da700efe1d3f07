#include "model/trainer.h"
#include "base/error.h"
#include "base/fingerprint.h"
#include "base/memory.h"
#include "base/plural.h"
#include "base/ranks.h"
#include "base/room.h"
#include "math/loss.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

enum { ROWS_TOGETHER = 512 };

/* ---- memory ---- */

/* What one worker's pass takes, in floats: see GptPass. */
static double pass_floats(const GptConfig *c, int together, int length, bool drops) {
    double rows = (double)together * length, map = rows * c->heads * length;
    double layer = rows * (8.0 * c->width + 2.0 * c->inner) + map + (drops ? map + 2 * rows * c->width : 0);
    return c->layers * layer + rows * (8.0 * c->width + c->inner) + (double)length * length + 16.0 * c->vocab;
}

/* Rows of all windows that are in memory at once: a batch, or, for an evaluation, what all our shares take together. */
static size_t rows_there(const Trainer *t) {
    size_t batch = (size_t)t->plan.batch, shares = (size_t)t->here * (size_t)t->together, rows;
    if (!size_multiply(shares > batch ? shares : batch, (size_t)t->plan.length, &rows)) return SIZE_MAX;
    return rows;
}

static void check_memory(const Trainer *t) {
    const Gpt *gpt = t->gpt;
    double passes = t->here * pass_floats(&gpt->config, t->together, t->plan.length, t->plan.dropout > 0);
    double numbers = (double)gpt->count * (t->here + 4.0); /* saving takes one more copy */
    double needed = sizeof(float) * (passes + numbers) + 2 * sizeof(int) * (double)rows_there(t); /* ids, targets */
    room_check(needed, "training needs", "fewer layers, a smaller width, batch or context");
}

/* Word by word. */
static uint64_t fingerprint(uint64_t hash, const void *words, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint32_t word;
        memcpy(&word, (const char *)words + i * sizeof word, sizeof word);
        hash = fingerprint_add(hash, word);
    }
    return hash;
}

/* Ranks that differ would wait for each other for ever, or learn nonsense. On one rank there is nothing to compare. */
static void check_ranks(const Trainer *t) {
    if (ranks_count() == 1) return;
    const int shape[] = {t->shares, t->plan.batch, t->plan.length, t->plan.adamw.steps};
    uint64_t setting = fingerprint(FINGERPRINT_OF_NOTHING, shape, 4);
    if (!ranks_agree(fingerprint(setting, t->text.at, t->text.n)))
        fail(EXIT_DATA, "the ranks have different texts, sizes or numbers of threads (expected the same everywhere). "
                        "Try: --threads 1, and the same --data on every machine");
    if (!trainer_ranks_equal(t))
        fail(EXIT_DATA, "the ranks begin with different parameters (expected the same bits). Try: the same --seed");
}

bool trainer_ranks_equal(const Trainer *t) {
    return ranks_count() == 1 ||
           ranks_agree(fingerprint(FINGERPRINT_OF_NOTHING, t->gpt->weights.numbers, t->gpt->count));
}

Trainer trainer_new(Gpt *gpt, Workers *workers, TrainPlan plan, Ids text, const Rng *rng) {
    if (text.n <= (size_t)plan.length)
        fail(EXIT_DATA, "the text to learn from has %zu token%s (expected more than the context of %d)", text.n,
             PLURAL(text.n), plan.length);
    assert(plan.length <= gpt->config.context && plan.batch >= 1 && text.n <= INT_MAX);
    if (ranks_count() > plan.batch)
        fail(EXIT_USAGE, "--batch %d on %d ranks leaves some without a sequence. Try: mpirun -n %d", plan.batch,
             ranks_count(), plan.batch);
    gpt_train_under(gpt, plan.mask);
    Trainer t = {.plan = plan, .gpt = gpt, .workers = workers, .text = text, .rng = *rng, .writes = ranks_first()};
    long long all = (long long)ranks_count() * workers_count(workers);
    t.shares = all < plan.batch ? (int)all : plan.batch;
    RankPart ours = ranks_part(t.shares);
    t.first = ours.first, t.here = ours.end - ours.first;
    assert(t.here >= 1 && t.here <= workers_count(workers));
    int most = (plan.batch + t.shares - 1) / t.shares, fitting = ROWS_TOGETHER / plan.length;
    t.together = fitting < 1 ? 1 : fitting < most ? fitting : most;
    check_memory(&t);
    t.passes = memory_new((size_t)t.here, sizeof *t.passes, "the workers' passes");
    t.gradients = memory_new((size_t)t.here, sizeof *t.gradients, "the workers' gradients");
    t.sums = memory_new((size_t)t.here, sizeof *t.sums, "the workers' gradients");
    for (int i = 0; i < t.here; i++) {
        t.passes[i] = gpt_pass_new(gpt, t.together, plan.length, plan.dropout);
        t.gradients[i] = gpt_weights_new(gpt);
        t.sums[i] = t.gradients[i].numbers;
    }
    t.mean = memory_new(gpt->count, sizeof *t.mean, "the optimizer");
    t.square = memory_new(gpt->count, sizeof *t.square, "the optimizer");
    t.ids = memory_new(rows_there(&t), sizeof *t.ids, "a batch");
    t.targets = memory_new(rows_there(&t), sizeof *t.targets, "a batch");
    t.losses = memory_new((size_t)t.shares, sizeof *t.losses, "the losses");
    check_ranks(&t);
    return t;
}

void trainer_free(Trainer *t) {
    for (int i = 0; i < t->here; i++) gpt_pass_free(&t->passes[i], t->gpt), gpt_weights_free(&t->gradients[i]);
    memory_free(t->passes), memory_free(t->gradients), memory_free(t->sums), memory_free(t->mean);
    memory_free(t->square), memory_free(t->ids), memory_free(t->targets), memory_free(t->losses);
    *t = (Trainer){0};
}

/* ---- what is asked ---- */

/* One window of n tokens that begins at `from`: each token is to predict the next one; or, masked, 15 of 100 tokens are
 * to be found again, of which 80% show [MASK], 10% a random token, and 10% themselves. Devlin et al. 2018, 3.1. */
static void fill_window(const Trainer *t, const int *from, int *ids, int *targets, Rng *rng) {
    int n = t->plan.length, mask = t->gpt->config.vocab - 1;
    memcpy(ids, from, (size_t)n * sizeof *ids);
    if (!t->plan.masked) {
        memcpy(targets, from + 1, (size_t)n * sizeof *targets);
        return;
    }
    for (int i = 0; i < n; i++) {
        targets[i] = NO_TARGET;
        if (rng_double(rng) >= 0.15 || ids[i] == mask) continue; /* a [MASK] of the text has nothing behind it */
        double what = rng_double(rng);
        targets[i] = ids[i];
        if (what < 0.8) ids[i] = mask;
        else if (what < 0.9) ids[i] = (int)(rng_bits(rng) % (uint32_t)mask);
    }
}

/* Random windows, as torch.randint draws their starts; returns how many targets there are. */
static size_t draw_batch(Trainer *t) {
    size_t asked = 0, length = (size_t)t->plan.length, tokens = (size_t)t->plan.batch * length;
    uint32_t starts = (uint32_t)t->text.n - (uint32_t)t->plan.length;
    for (size_t at = 0; at < tokens; at += length) {
        uint32_t from = rng_bits(&t->rng) % starts;
        fill_window(t, t->text.at + from, t->ids + at, t->targets + at, &t->rng);
    }
    for (size_t i = 0; i < tokens; i++) asked += t->targets[i] != NO_TARGET;
    return asked;
}

/* ---- a step ---- */

typedef struct {
    Trainer *trainer;
    float scale;
} StepWork;

/* Dropout draws from a generator of this step and this share: nothing to store, and the same bits after a resume. */
static Rng dropout_rng(const Trainer *t, int share) {
    return rng_seed(t->plan.seed * 1000003u + (uint64_t)t->step * 8191u + (uint64_t)share + 1);
}

static void learn_share(void *context, int piece, int worker) {
    const StepWork *work = context;
    Trainer *t = work->trainer;
    int share = t->first + piece; /* its number among those of all ranks */
    int first = (int)((long long)t->plan.batch * share / t->shares), length = t->plan.length;
    int end = (int)((long long)t->plan.batch * (share + 1) / t->shares);
    Rng dropout;
    if (t->plan.dropout > 0) dropout = dropout_rng(t, share);
    (void)worker;
    double loss = 0;
    for (int s = first; s < end; s += t->together) {
        int count = end - s < t->together ? end - s : t->together;
        size_t at = (size_t)s * (size_t)length;
        loss += gpt_learn(t->gpt, &t->passes[piece], &t->gradients[piece], s > first, t->ids + at, t->targets + at,
                          count, t->plan.mask, work->scale, t->plan.dropout > 0 ? &dropout : NULL);
    }
    t->losses[share] = loss;
}

TrainStep trainer_step(Trainer *t) {
    size_t asked = draw_batch(t);
    if (asked == 0) asked = 1; /* a tiny batch may have nothing masked: then it teaches nothing */
    StepWork work = {t, 1 / (float)asked};
    workers_run(t->workers, t->here, learn_share, &work);
    ranks_gather(t->losses, t->shares);
    TrainStep done = {0};
    for (int i = 0; i < t->shares; i++) done.loss += t->losses[i] / (double)asked;
    done.norm = gradients_reduce(t->workers, t->sums, t->here, t->gpt->count);
    done.is_finite = isfinite(done.loss) && isfinite(done.norm);
    if (!done.is_finite) return done;
    adamw_step(t->workers, &t->plan.adamw, t->step, t->gpt->weights.numbers, t->mean, t->square, t->sums[0],
               t->gpt->count, t->gpt->decayed, done.norm);
    t->step++;
    return done;
}

/* ---- evaluation ---- Groups of windows are pieces of work; each group's sum has its own place, and they are added in
 * order. */

typedef struct {
    Trainer *trainer;
    Ids text;
    int windows, begin;   /* our first group: the ranks share them out */
    double *sums, *asked; /* [groups] */
} LossWork;

static void loss_piece(void *context, int piece, int worker) {
    const LossWork *work = context;
    Trainer *t = work->trainer;
    int length = t->plan.length, group = work->begin + piece, first = group * t->together;
    int count = work->windows - first < t->together ? work->windows - first : t->together;
    size_t at = (size_t)worker * (size_t)t->together * (size_t)length; /* this worker's room in the batch */
    int *ids = t->ids + at, *targets = t->targets + at;
    for (int i = 0; i < count; i++) {
        Rng rng;
        if (t->plan.masked) rng = rng_seed(t->plan.seed + 77 + (uint64_t)(first + i));
        fill_window(t, work->text.at + (size_t)(first + i) * (size_t)length, ids + i * length, targets + i * length,
                    &rng);
    }
    work->sums[group] = gpt_loss(t->gpt, &t->passes[worker], ids, targets, count, t->plan.mask);
    for (int i = 0; i < count * length; i++) work->asked[group] += targets[i] != NO_TARGET;
}

double trainer_loss(Trainer *t, Ids text) {
    assert(text.n <= INT_MAX);
    int windows = ((int)text.n - 1) / t->plan.length, groups = (windows + t->together - 1) / t->together;
    if (windows < 1) return NAN;
    RankPart ours = ranks_part(groups);
    LossWork work = {t, text, windows, ours.first, NULL, NULL};
    work.sums = memory_new((size_t)groups, sizeof *work.sums, "the losses");
    work.asked = memory_new((size_t)groups, sizeof *work.asked, "the losses");
    /* a worker's number chooses its pass: with more workers than sequences there is none for the last ones */
    bool all = t->here == workers_count(t->workers);
    workers_run(all ? t->workers : NULL, ours.end - ours.first, loss_piece, &work);
    ranks_gather(work.sums, groups), ranks_gather(work.asked, groups);
    double sum = 0, asked = 0;
    for (int i = 0; i < groups; i++) sum += work.sums[i], asked += work.asked[i];
    memory_free(work.sums), memory_free(work.asked);
    return asked > 0 ? sum / asked : NAN;
}
