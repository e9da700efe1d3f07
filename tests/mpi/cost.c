/* cost: where the time of a training step goes, on any number of ranks. Prints one line; docs/scale.md quotes them.
 *     make MPI=1 build/mpi/tests/cost && mpirun -n 2 build/mpi/tests/cost --threads 1
 * Each figure is the smallest of --time N measurements; `compute` is what is left of the step; `loss` is the first
 * step's. The text is made up: what the ids are does not change the time. */
#include "base/error.h"
#include "base/memory.h"
#include "base/options.h"
#include "base/progress.h"
#include "base/ranks.h"
#include "model/trainer.h"

#include <stdio.h>

static void step(Trainer *t) {
    trainer_step(t);
}

static void reduce(Trainer *t) {
    gradients_reduce(t->workers, t->sums, t->here, t->gpt->count);
}

static void optimize(Trainer *t) {
    adamw_step(t->workers, &t->plan.adamw, t->step, t->gpt->weights.numbers, t->mean, t->square, t->sums[0],
               t->gpt->count, t->gpt->decayed, 1);
}

/* The smallest of `runs` measurements after one to warm up, in milliseconds. Ranks that share a processor do not begin
 * together; the one that began first, and waited for the others, has the true time: the longest. */
static double smallest(void (*work)(Trainer *), Trainer *t, int runs) {
    double best = 1e300;
    for (int run = -1; run < runs; run++) {
        ranks_most(0);
        double began = clock_seconds();
        work(t);
        double took = ranks_most((int)((clock_seconds() - began) * 1e7)) / 1e7;
        if (run >= 0 && took < best) best = took;
    }
    return best * 1e3;
}

int main(int argc, char **argv) {
    Common common;
    GptConfig form = {.layers = 2, .heads = 4, .width = 64, .vocab = 65, .context = 64, .norm_eps = 1e-5f};
    TrainPlan plan = {.batch = 16,
                      .mask = {.causal = true},
                      .adamw = {.rate = 1e-3, .beta1 = .9, .beta2 = .99, .eps = 1e-8, .decay = .1, .clip = 1}};
    Options list = {0};
    option_int(&list, "layers", "L", &form.layers, 1, 1024, "blocks (default 2)");
    option_int(&list, "heads", "H", &form.heads, 1, 1024, "heads in each (default 4)");
    option_int(&list, "width", "C", &form.width, 1, 65536, "numbers for each token (default 64)");
    option_int(&list, "context", "T", &form.context, 1, 1 << 20, "tokens in a window (default 64)");
    option_int(&list, "vocab", "V", &form.vocab, 2, 1 << 20, "kinds of tokens (default 65)");
    option_int(&list, "batch", "B", &plan.batch, 1, 65536, "windows in a step (default 16)");
    ranks_begin();
    options_parse(&common, (Program){"cost", "where the time of a training step goes", NULL}, &list, argc, argv);
    if (ranks_count() > plan.batch) fail(EXIT_USAGE, "%d ranks (expected at most --batch)", ranks_count());
    form.inner = 4 * form.width, plan.length = form.context;
    Rng rng = rng_seed(common.seed);
    Ids text = {0};
    for (int i = 0; i < form.context * 64; i++) ids_add(&text, (int)(rng_bits(&rng) % (uint32_t)form.vocab));
    Gpt gpt = gpt_new(form);
    gpt_randomise(&gpt, &rng, 0.02f);
    Workers *workers = workers_new(common.threads);
    Trainer t = trainer_new(&gpt, workers, plan, text, &rng);
    TrainStep first = trainer_step(&t);
    int runs = common.time ? common.time : 50;
    double whole = smallest(step, &t, runs), adding = smallest(reduce, &t, runs),
           stepping = smallest(optimize, &t, runs);
    printf("ranks %d x %d  parameters %zu  step %.2f ms: compute %.2f, reduction %.2f, optimizer %.2f  %.0f tokens/s  "
           "loss %.9g\n",
           ranks_count(), common.threads, gpt.count, whole, whole - adding - stepping, adding, stepping,
           plan.batch * plan.length / whole * 1e3, first.loss);
    trainer_free(&t), workers_free(workers), gpt_free(&gpt), ids_free(&text);
    return 0;
}
