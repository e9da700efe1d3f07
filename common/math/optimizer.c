#include "math/optimizer.h"
#include "base/ranks.h"
#include "math/fast/vecgrad.h"
#include "math/fast/vecmath.h"

#include <assert.h>
#include <math.h>

/* All parameters are one long row of numbers, cut into pieces of this many, whoever computes them: 16 KB of each row
 * stay in the first-level cache. */
enum { PIECE = 4096, MOST_SUMS = 64 };

double learning_rate(const AdamW *plan, int step) {
    if (step < plan->warmup) return plan->rate * (step + 1) / plan->warmup;
    if (!plan->cosine || plan->steps <= plan->warmup) return plan->rate;
    double done = step >= plan->steps ? 1 : (double)(step - plan->warmup) / (plan->steps - plan->warmup);
    return plan->rate * (0.1 + 0.9 * 0.5 * (1 + cos(acos(-1) * done)));
}

static int pieces_of(size_t n) {
    return (int)((n + PIECE - 1) / PIECE);
}

static size_t piece_length(size_t n, int piece) {
    size_t first = (size_t)piece * PIECE;
    return n - first < PIECE ? n - first : PIECE;
}

typedef struct {
    Workers *workers;
    float *const *sums;
    int count;
    const float *before; /* what the lower ranks have added up, or NULL */
    size_t first, n;     /* the stretch of the row that is added now */
} ReduceWork;

static void reduce_piece(void *context, int piece, int worker) {
    const ReduceWork *work = context;
    size_t at = (size_t)piece * PIECE, first = work->first + at, length = piece_length(work->n, piece);
    float *sum = work->sums[0] + first;
    (void)worker;
    if (work->before) vec_add(sum, work->before + at, sum, length);
    for (int i = 1; i < work->count; i++) vec_add(sum, sum, work->sums[i] + first, length);
}

/* A stretch of the row, shared out among this rank's workers: a RankAdd. */
static void reduce_stretch(void *context, const float *before, size_t first, size_t length) {
    ReduceWork *work = context;
    work->before = before, work->first = first, work->n = length;
    if (before || work->count > 1) workers_run(work->workers, pieces_of(length), reduce_piece, work);
}

double gradients_reduce(Workers *workers, float *const *sums, int count, size_t n) {
    assert(count >= 1);
    ReduceWork work = {.workers = workers, .sums = sums, .count = count};
    ranks_sum(sums[0], n, reduce_stretch, &work);
    return sqrt(vec_sum_squares(sums[0], n));
}

typedef struct {
    float *p, *m, *v;
    const float *g;
    size_t n, decayed;
    AdamStep decaying, plain;
} StepWork;

static void step_piece(void *context, int piece, int worker) {
    const StepWork *work = context;
    size_t at = (size_t)piece * PIECE, end = at + piece_length(work->n, piece);
    (void)worker;
    size_t middle = work->decayed < at ? at : work->decayed > end ? end : work->decayed;
    vec_adamw(work->p + at, work->m + at, work->v + at, work->g + at, middle - at, work->decaying);
    vec_adamw(work->p + middle, work->m + middle, work->v + middle, work->g + middle, end - middle, work->plain);
}

void adamw_step(Workers *workers, const AdamW *plan, int step, float *parameters, float *m, float *v,
                const float *gradient, size_t n, size_t decayed, double norm) {
    assert(decayed <= n && step >= 0);
    AdamStep now = {
        .rate = (float)learning_rate(plan, step),
        .beta1 = (float)plan->beta1,
        .beta2 = (float)plan->beta2,
        .eps = (float)plan->eps,
        .correct1 = (float)(1 - pow(plan->beta1, step + 1)),
        .correct2 = (float)(1 - pow(plan->beta2, step + 1)),
        .scale = plan->clip > 0 && norm > plan->clip ? (float)(plan->clip / (norm + 1e-6)) : 1,
    };
    StepWork work = {parameters, m, v, gradient, n, decayed, now, now};
    work.decaying.decay = (float)plan->decay;
    workers_run(workers, pieces_of(n), step_piece, &work);
}
