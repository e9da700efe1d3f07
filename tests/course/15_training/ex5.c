/* 15.5: small models, a text that ends within a window or goes round often, a clip that bites or does not, a warm-up;
 * against a loop of the judge's own, whose AdamW is the formula in double. */
#include "judge.h"
#include "base/memory.h"
#include "gpt_given.h"
#include "model/gpt_pass.h"

#include <math.h>
#include <string.h>

typedef struct {
    int layers, heads, width, vocab, n, length, steps, warmup;
    double rate, clip;
    int spare; /* so many tokens more than a window has, the model could read */
} Case;

/* One step of AdamW as Loshchilov and Hutter have it, on numbers in double. */
static void step_down(double *p, double *m, double *v, const float *gradient, const Gpt *gpt, AdamW plan, int step) {
    double squares = 0, rate = plan.rate;
    if (step < plan.warmup) rate *= (step + 1.0) / plan.warmup;
    for (size_t i = 0; i < gpt->count; i++) squares += (double)gradient[i] * (double)gradient[i];
    double shrink = plan.clip > 0 && sqrt(squares) > plan.clip ? plan.clip / (sqrt(squares) + 1e-6) : 1;
    for (size_t i = 0; i < gpt->count; i++) {
        double g = shrink * (double)gradient[i];
        m[i] = plan.beta1 * m[i] + (1 - plan.beta1) * g;
        v[i] = plan.beta2 * v[i] + (1 - plan.beta2) * g * g;
        if (i < gpt->decayed) p[i] -= rate * plan.decay * p[i];
        p[i] -=
            rate * (m[i] / (1 - pow(plan.beta1, step + 1))) / (sqrt(v[i] / (1 - pow(plan.beta2, step + 1))) + plan.eps);
    }
}

static void learn(Gpt *gpt, float *losses, const int *ids, const Case *c) {
    GptPass pass = gpt_pass_new(gpt, 1, c->length, 0);
    GptWeights gradient = gpt_weights_new(gpt);
    double *p = memory_new(gpt->count, sizeof *p, "p"), *m = memory_new(gpt->count, sizeof *m, "m");
    double *v = memory_new(gpt->count, sizeof *v, "v");
    for (size_t i = 0; i < gpt->count; i++) p[i] = (double)gpt->weights.numbers[i];
    for (int step = 0, first = 0; step < c->steps; step++, first += c->length) {
        while (first >= c->n - c->length) first -= c->n - c->length;
        double sum = gpt_learn(gpt, &pass, &gradient, 0, ids + first, ids + first + 1, 1, (Mask){.causal = true},
                               1 / (float)c->length, NULL);
        losses[step] = (float)(sum / c->length);
        step_down(p, m, v, gradient.numbers, gpt, plan_of(c->rate, c->clip, c->warmup), step);
        for (size_t i = 0; i < gpt->count; i++) gpt->weights.numbers[i] = (float)p[i];
    }
    memory_free(p), memory_free(m), memory_free(v);
    gpt_weights_free(&gradient), gpt_pass_free(&pass, gpt);
}

static void ask_case(Rng *rng, Case c) {
    Gpt gpt = gpt_new(form_of(c.layers, c.heads, c.width, c.vocab, c.length + c.spare));
    float *losses = memory_new((size_t)c.steps, sizeof *losses, "losses");
    int *ids = memory_new((size_t)c.n, sizeof *ids, "ids");
    gpt_randomise(&gpt, rng, 0.3f);
    for (int i = 0; i < c.n; i++) ids[i] = (int)(rng_bits(rng) % (unsigned)c.vocab);
    input(
        "a GPT of %d layer%s, %d heads, width %d, %d words; context %d; n = %d, length %d, %d steps, rate %g, clip %g, "
        "warm-up %d",
        c.layers, c.layers == 1 ? "" : "s", c.heads, c.width, c.vocab, c.length + c.spare, c.n, c.length, c.steps,
        c.rate, c.clip, c.warmup);
    give_int(c.layers), give_int(c.heads), give_int(c.width), give_int(c.vocab), give_int(c.length), give_int(c.spare),
        give_int(c.steps);
    give_double(c.rate), give_double(c.clip), give_int(c.warmup);
    give_floats(gpt.weights.numbers, gpt.count), give_ints(ids, (size_t)c.n);
    ask();
    learn(&gpt, losses, ids, &c);
    check_floats("the losses", got_floats((size_t)c.steps), losses, (size_t)c.steps, 1e-4);
    check_floats("the parameters", got_floats(gpt.count), gpt.weights.numbers, gpt.count, 2e-4);
    gpt_free(&gpt), memory_free(losses), memory_free(ids);
}

void check(void) {
    Rng rng = check_rng();
    ask_case(&rng, (Case){1, 1, 4, 3, 5, 2, 1, 0, 0.1, 0, 0});
    ask_case(&rng, (Case){1, 1, 4, 3, 5, 2, 7, 0, 0.02, 0, 0});
    ask_case(&rng, (Case){1, 2, 8, 5, 40, 6, 9, 0, 0.01, 0.1, 3});
    ask_case(&rng, (Case){2, 2, 6, 11, 23, 7, 12, 5, 0.02, 1, 0});
    ask_case(&rng, (Case){1, 1, 4, 4, 9, 8, 5, 0, 0.05, 0, 8});
    ask_case(&rng, (Case){1, 2, 16, 30, 300, 20, 30, 0, 0.003, 1, 0});
    for (int i = 0; i < (hidden() ? 8 : 1); i++)
        ask_case(&rng,
                 (Case){1 + (int)(rng_bits(&rng) % 2), 2, 8, 7, 31, 1 + (int)(rng_bits(&rng) % 9), 9, 3, 0.01, 0.5, 2});
}
