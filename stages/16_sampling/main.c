/* Stage 16 - Sampling: a model gives a number to every token, and one of them must be written. Temperature, top-k and
 * top-p decide how bold the choice is; a race decides who is chosen. Told here on nine words, without any model. Then
 * the cache that makes the next token cheap; write.c goes on to whole texts. Run: make run-16 */
#include "attention/attention.h"
#include "base/error.h"
#include "math/init.h"
#include "math/paper.h"
#include "tool.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- 1. From numbers to shares, as on paper ---- */

/* share_i = exp(logit_i / T) / sum of all. */
static void softmax_told(double *shares, const float *logits, int n, double temperature) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += exp(logits[i] / temperature);
    for (int i = 0; i < n; i++) shares[i] = exp(logits[i] / temperature) / sum;
}

/* top-k: a word stays while fewer than k words are likelier. top-p: it stays while the words before it have together
 * less than p; before it are the likelier ones, and equal ones with a lower number. What stays shares all there is. */
static void filter_told(double *shares, int n, SampleRule rule) {
    double kept[WORDS], all = 0, sum = 0;
    for (int i = 0; i < n; i++) {
        int likelier = 0;
        for (int j = 0; j < n; j++) likelier += shares[j] > shares[i];
        kept[i] = rule.top_k == 0 || likelier < rule.top_k ? shares[i] : 0;
        all += kept[i];
    }
    for (int i = 0; i < n; i++) {
        double before = 0;
        for (int j = 0; j < n; j++)
            if (kept[j] > kept[i] || (kept[j] == kept[i] && j < i)) before += kept[j];
        shares[i] = rule.top_p <= 0 || rule.top_p >= 1 || before < rule.top_p * all ? kept[i] : 0;
        sum += shares[i];
    }
    for (int i = 0; i < n; i++) shares[i] /= sum;
}

/* A race: word i arrives after a random time, -log(1 - u) / share_i on average 1 / share_i, and the first to arrive is
 * drawn. The chance to win is the share itself. PyTorch draws like this, so the same seed draws the same words. */
static int race_told(Rng *rng, const double *shares, int n) {
    int first = -1;
    double earliest = INFINITY;
    for (int i = 0; i < n; i++) {
        double time = -log(1 - rng_double(rng)) / shares[i]; /* a share of 0 arrives never */
        if (time >= earliest) continue;
        first = i;
        earliest = time;
    }
    return first;
}

/* ---- 2. One head with a notebook ---- Under a causal mask no earlier token ever looks at a later one, so its key and
 * its value stay what they are; keeping them leaves one row of work for each new token. */

/* The newest token's query q [d] against the n keys and values that are in the notebook, its own among them. */
static void attend_newest_told(double *out, const double *q, Paper keys, Paper values, int n) {
    double sum = 0;
    for (int c = 0; c < values.cols; c++) out[c] = 0;
    for (int j = 0; j < n; j++) {
        double score = 0;
        for (int c = 0; c < keys.cols; c++) score += q[c] * keys.at[j][c];
        double weight = exp(score / sqrt(keys.cols));
        sum += weight;
        for (int c = 0; c < values.cols; c++) out[c] += weight * values.at[j][c];
    }
    for (int c = 0; c < values.cols; c++) out[c] /= sum;
}

/* Token after token: write the key and the value down, then let the query look at all of them. */
static void cached_told(Paper out, Paper q, Paper k, Paper v) {
    Paper keys = paper_new(k.rows, k.cols), values = paper_new(v.rows, v.cols);
    for (int t = 0; t < q.rows; t++) {
        for (int c = 0; c < k.cols; c++) keys.at[t][c] = k.at[t][c];
        for (int c = 0; c < v.cols; c++) values.at[t][c] = v.at[t][c];
        attend_newest_told(out.at[t], q.at[t], keys, values, t + 1);
    }
    paper_free(&keys), paper_free(&values);
}

/* The head of stage 11, all rows at once, has the same contexts. */
static void prove_head(uint64_t seed) {
    enum { TOKENS = 40, WIDTH = 16 };
    Rng rng = rng_seed(seed);
    Mat q = init_normal_new(&rng, TOKENS, WIDTH), k = init_normal_new(&rng, TOKENS, WIDTH);
    Mat v = init_normal_new(&rng, TOKENS, WIDTH), out = mat_new(TOKENS, WIDTH), maps = mat_new(TOKENS, TOKENS);
    Paper told_q = paper_of(q), told_k = paper_of(k), told_v = paper_of(v), told = paper_of(v); /* written over */
    cached_told(told, told_q, told_k, told_v);
    attention_forward(attention_of(q, k, v, 1, (Mask){.causal = true}), out, maps);
    prove_equal("the head", out, told);
    mat_free(&q), mat_free(&k), mat_free(&v), mat_free(&out), mat_free(&maps);
    papers_free((Paper *[]){&told_q, &told_k, &told_v, &told, NULL});
}

/* ---- 3. Told once, lives once, proven equal: nine words under several rules ---- */

/* Of eight words alike, and one that cannot come, half stay: those with the lower numbers. */
static void prove_ties(void) {
    const float logits[WORDS] = {0, -INFINITY};
    const SampleRule rule = {.temperature = 1, .top_k = 3, .top_p = 0.5};
    Mat common = mat_new(1, WORDS);
    Paper told = paper_new(1, WORDS);
    softmax_told(told.at[0], logits, WORDS, rule.temperature);
    filter_told(told.at[0], WORDS, rule);
    sampling_probabilities(common.data, logits, WORDS, rule);
    prove_equal("the shares of words alike", common, told);
    mat_free(&common), paper_free(&told);
}

static void prove_draws(const Choices *ask, const Lesson *l) {
    double apart = 0;
    prove_ties();
    for (int r = 0; r < l->n; r++) {
        double shares[WORDS];
        int counts[WORDS] = {0};
        Rng rng = rng_seed(ask->common.seed);
        if (l->rule[r].temperature < 0.01) continue; /* greedy is no softmax, and exp(6.75 / 0.001) is no number */
        softmax_told(shares, l->logits, WORDS, l->rule[r].temperature);
        if (l->rule[r].top_k > 0 || l->rule[r].top_p > 0) filter_told(shares, WORDS, l->rule[r]);
        for (int i = 0; i < WORDS; i++) apart = fmax(apart, fabs(shares[i] - l->shares[r][i]));
        for (int i = 0; i < DRAWS; i++) counts[race_told(&rng, shares, WORDS)]++;
        if (memcmp(counts, l->counts[r], sizeof counts) != 0)
            fail(EXIT_DATA, "told and common differ: in what is drawn under %s", l->name[r]);
    }
    if (!(apart <= 1e-5)) fail(EXIT_DATA, "told and common differ: by %g in the shares", apart);
    printf("told and common agree: max difference < 1e-5, and all draws\n");
}

/* ---- 4. The program ---- */

static void tell_lesson(const Choices *ask, Workers *workers) {
    Lesson lesson = lesson_run(ask);
    if (has_prompt(ask)) {
        prove_draws(ask, &lesson);
        return;
    }
    print_lesson(&lesson, ask->common.seed);
    prove_draws(ask, &lesson);
    draw_lesson(ask, &lesson);
    prove_head(ask->common.seed);
    tell_cache(ask, workers);
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    Workers *workers = workers_new(ask.common.threads);
    Source source = source_open(&ask, workers);
    if (ask.common.time) {
        time_writing(&ask, &source, workers);
    } else if (ask.print) {
        print_writing(&ask, &source, workers);
    } else {
        tell_lesson(&ask, workers);
        tell_writing(&ask, &source, workers);
        show_drawn(&ask.show, has_prompt(&ask) ? "next" : "bars, cache, next");
    }
    source_free(&source);
    workers_free(workers);
    show_options_free(&ask.show);
    return finish();
}
