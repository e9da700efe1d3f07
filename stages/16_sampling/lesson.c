/* lesson - nine candidates for the next word, and what common/model/sampling makes of them under several rules. */
#include "tool.h"

#include <math.h>
#include <stdio.h>

static const char *const WORD[WORDS] = {"closer", "every", "effort", "forward", "inches",
                                        "moves",  "pizza", "toward", "you"};
static const float LOGITS[WORDS] = {4.51f, 0.89f, -1.90f, 6.75f, 1.63f, -1.62f, -1.89f, 6.28f, 1.79f};

static void add_rule(Lesson *l, const char *name, SampleRule rule) {
    l->name[l->n] = name;
    l->rule[l->n++] = rule;
}

Lesson lesson_run(const Choices *ask) {
    Lesson l = {.word = WORD, .logits = LOGITS};
    add_rule(&l, "T = 0.1", (SampleRule){.temperature = 0.1});
    add_rule(&l, "T = 1", (SampleRule){.temperature = 1});
    add_rule(&l, "T = 5", (SampleRule){.temperature = 5});
    add_rule(&l, "top-k 3", (SampleRule){.temperature = 1, .top_k = 3});
    add_rule(&l, "top-p 0.9", (SampleRule){.temperature = 1, .top_p = 0.9});
    add_rule(&l, "greedy", (SampleRule){0});
    if (ask->has_rule) add_rule(&l, "yours", ask->rule);
    for (int r = 0; r < l.n; r++) {
        Rng rng = rng_seed(ask->common.seed);
        float scratch[WORDS];
        sampling_probabilities(l.shares[r], LOGITS, WORDS, l.rule[r]);
        for (int i = 0; i < DRAWS; i++) l.counts[r][sampling_next(&rng, scratch, LOGITS, WORDS, l.rule[r])]++;
    }
    return l;
}

static double entropy(const float *shares) {
    double sum = 0;
    for (int i = 0; i < WORDS; i++)
        if (shares[i] > 0) sum -= (double)shares[i] * log((double)shares[i]);
    return sum;
}

void print_lesson(const Lesson *l, uint64_t seed) {
    printf("the next word after `every effort moves you`: nine candidates of a model, and their shares\n");
    printf("  %-8s %7s", "", "logit");
    for (int r = 0; r < l->n; r++) printf(" %9s", l->name[r]);
    for (int i = 0; i < WORDS; i++) {
        printf("\n  %-8s %7.2f", WORD[i], (double)LOGITS[i]);
        for (int r = 0; r < l->n; r++) printf(" %9.4f", (double)l->shares[r][i]);
    }
    printf("\n  %-16s", "entropy, nats");
    for (int r = 0; r < l->n; r++) printf(" %9.4f", entropy(l->shares[r]));
    printf("\n%d draws each, seed %llu\n", DRAWS, (unsigned long long)seed);
    for (int i = 0; i < WORDS; i++) {
        printf("  %-16s", WORD[i]);
        for (int r = 0; r < l->n; r++) printf(" %9d", l->counts[r][i]);
        printf("\n");
    }
}
