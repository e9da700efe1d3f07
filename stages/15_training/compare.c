/* Is one variant better than another, or was it luck? Each is trained from the same seeds: a seed chooses the windows,
 * and as far as sizes allow the first weights, so runs of one seed are a pair, and their difference tells more than two
 * means. */
#include "tool.h"
#include "base/error.h"
#include "base/progress.h"

#include <math.h>
#include <stdio.h>

enum { MOST_VARIANTS = 5 };

typedef struct {
    char name[48];
    GptConfig model;
    Mask mask;
    float *held; /* [seeds][points] owned: losses of what is held back at each evaluation */
    float *mean; /* [points] owned */
} Variant;

typedef struct {
    const Training *run; /* the text, the workers, and what was asked */
    Variant variant[MOST_VARIANTS];
    int count, points, seeds;
    bool writes; /* this process draws: see Trainer */
} Comparison;

/* ---- who is compared ---- */

static Variant *add(Comparison *c, GptConfig model, Mask mask, const char *name, int number) {
    Variant *v = &c->variant[c->count++];
    *v = (Variant){.model = model, .mask = mask};
    snprintf(v->name, sizeof v->name, number >= 0 ? "%s %d" : "%s", name, number);
    v->held = memory_new((size_t)c->seeds * (size_t)c->points, sizeof *v->held, "the losses");
    v->mean = memory_new((size_t)c->points, sizeof *v->mean, "the losses");
    return v;
}

static void add_masks(Comparison *c, GptConfig model) {
    bool causal = !c->run->ask->plan.masked;
    add(c, model, (Mask){.causal = causal}, causal ? "causal" : "none", -1);
    for (int window = 4; window <= 16; window *= 2)
        add(c, model, (Mask){.causal = causal, .window = window}, causal ? "sliding" : "local", window);
    add(c, model, (Mask){.causal = causal, .window = 8, .global = 4}, "global-local, 4 and", 8);
}

static void add_variants(Comparison *c) {
    GptConfig model = c->run->ask->model;
    Mask mask = c->run->mask.rule;
    model.vocab = tokenizer_count(c->run->story.tokenizer);
    switch (c->run->ask->compare) {
    case COMPARE_MASK: add_masks(c, model); break;
    case COMPARE_HEADS:
        for (int heads = 1; heads <= 8 && model.width % heads == 0; heads *= 2) {
            model.heads = heads;
            add(c, model, mask, "heads", heads);
        }
        break;
    case COMPARE_POSITIONS:
        for (int i = 0; (model.positions = gpt_position(i)); i++) add(c, model, mask, model.positions->name, -1);
        break;
    case COMPARE_SCALE:
        for (int i = 0; i < 2; i++) {
            model.unscaled = i;
            add(c, model, mask, i ? "not divided" : "divided by sqrt(d)", -1);
        }
        break;
    case COMPARE_WIDTH:
        for (int width = 16; width <= 128; width *= 2) {
            model.width = width, model.inner = 4 * width;
            if (width % model.heads == 0) add(c, model, mask, "width", width);
        }
        break;
    }
}

/* ---- one run ---- */

/* Every --evaluate steps, and at the last one. */
static int step_of(const Comparison *c, int point) {
    return point < c->points - 1 ? point * c->run->ask->evaluate : c->run->ask->steps;
}

static void train_one(Comparison *c, Variant *v, int seed_number) {
    TrainPlan plan = c->run->ask->plan;
    plan.mask = v->mask;
    plan.seed = c->run->ask->common.seed + (uint64_t)seed_number;
    Rng rng = rng_seed(plan.seed), windows = rng_seed(plan.seed + 1000003);
    Gpt gpt = gpt_new(v->model);
    gpt_randomise(&gpt, &rng, 0.02f);
    Trainer trainer =
        trainer_new(&gpt, c->run->workers, plan, c->run->story.train, &windows); /* the same for every size */
    c->writes = trainer.writes;
    if (c->writes) folder_make(c->run->ask->common.out); /* cannot be written? found before the work */
    for (int point = 0; point < c->points; point++) {
        while (trainer.step < step_of(c, point)) {
            TrainStep done = trainer_step(&trainer);
            if (!done.is_finite)
                fail(EXIT_DATA, "%s, seed %d, step %d: loss %g (expected a finite one). Try: a smaller --lr", v->name,
                     (int)plan.seed, trainer.step + 1, isnan(done.loss) ? NAN : done.loss);
        }
        float held = (float)trainer_loss(&trainer, c->run->story.held);
        v->held[(size_t)seed_number * (size_t)c->points + (size_t)point] = held;
        v->mean[point] += held / (float)c->seeds;
    }
    trainer_free(&trainer);
    gpt_free(&gpt);
}

/* ---- what came out ---- */

typedef struct {
    double mean, deviation;
} Spread;

/* Of the last losses of v, or of their differences from those of `base`, seed by seed. */
static Spread spread_of(const Comparison *c, const Variant *v, const Variant *base) {
    Spread s = {0};
    size_t points = (size_t)c->points;
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < c->seeds; i++) {
            double x = (double)v->held[(size_t)i * points + points - 1];
            if (base) x -= (double)base->held[(size_t)i * points + points - 1];
            if (pass == 0) s.mean += x / c->seeds;
            else s.deviation += (x - s.mean) * (x - s.mean) / (c->seeds - 1);
        }
    }
    s.deviation = sqrt(s.deviation);
    return s;
}

/* Student's t: a mean of n differences that is more standard errors away from 0 than this happens by chance in 1 of 20
 * cases. Few seeds know their own deviation badly, so they need more than the two of many. */
static double standard_errors_needed(int n) {
    static const double needed[] = {12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26}; /* for 2 to 10 */
    return n <= 10 ? needed[n - 2] : n <= 20 ? 2.23 : 2.09;
}

static void print_table(const Comparison *c) {
    double needed = standard_errors_needed(c->seeds);
    printf("loss on what is held back, step %d, %d seeds\n", step_of(c, c->points - 1), c->seeds);
    printf("  %-24s %8s %10s   %s\n", "", "mean", "deviation", "against the first, in pairs");
    for (int i = 0; i < c->count; i++) {
        const Variant *v = &c->variant[i];
        Spread own = spread_of(c, v, NULL), paired = spread_of(c, v, &c->variant[0]);
        double error = paired.deviation / sqrt(c->seeds);
        printf("  %-24s %8.4f %10.4f", v->name, own.mean, own.deviation);
        if (i)
            printf("   %+.4f, standard error %.4f: %s", paired.mean, error,
                   fabs(paired.mean) > needed * error && fabs(paired.mean) >= 5e-5 ? "more than noise"
                                                                                   : "could be noise");
        printf("\n");
    }
}

static void draw(const Comparison *c) {
    Curve curves[MOST_VARIANTS];
    float *steps = memory_new((size_t)c->points, sizeof *steps, "the steps");
    for (int i = 0; i < c->points; i++) steps[i] = (float)step_of(c, i);
    for (int i = 0; i < c->count; i++)
        curves[i] = (Curve){c->variant[i].name, steps, c->variant[i].mean, c->points, false};
    draw_comparison(c->run->ask, curves, c->count);
    memory_free(steps);
}

void compare_variants(const Training *run) {
    const Choices *ask = run->ask;
    Comparison c = {.run = run, .seeds = ask->seeds};
    c.points = (ask->steps + ask->evaluate - 1) / ask->evaluate + 1;
    add_variants(&c);
    if (c.count < 2)
        fail(EXIT_USAGE, "--compare %s: fewer than two variants fit these sizes", options_word(COMPARED, ask->compare));
    Progress progress = progress_begin("comparing", (size_t)(c.count * c.seeds));
    for (int i = 0; i < c.count * c.seeds; i++) {
        train_one(&c, &c.variant[i % c.count], i / c.count);
        progress_step(&progress, (size_t)i + 1);
    }
    progress_end(&progress);
    print_table(&c);
    if (c.writes) draw(&c);
    for (int i = 0; i < c.count; i++) memory_free(c.variant[i].held), memory_free(c.variant[i].mean);
}
