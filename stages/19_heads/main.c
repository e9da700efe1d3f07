/* Stage 19 - Heads: 72 maps are too many to look at, so they are measured. Two measures are told here: the entropy of a
 * head, which says how undecided it is, and the rollout, which says whom a token has heard of through all layers. The
 * others are rows of a table, common/attention/measures.c; what is printed and drawn stands in common/view.
 * Run: make run-19 */
#include "attention/rollout.h"
#include "base/error.h"
#include "math/paper.h"
#include "tool.h"
#include "view/tables.h"
#include "view/why.h"

#include <math.h>
#include <stdio.h>

static const char DEFAULT_TEXT[] = "The artist painted the portrait of a woman with a brush";

/* ---- 1. How undecided is a head? ---- */

/* The entropy of one row of weights, in nats: the mean of -ln(weight), each weighted by itself. All on one word: 0. The
 * same on each of n words: ln n. */
static double entropy_told(const double *weights, int n) {
    double sum = 0;
    for (int j = 0; j < n; j++)
        if (weights[j] > 0) sum -= weights[j] * log(weights[j]);
    return sum;
}

/* A head's entropy is the mean of its rows'; exp of a row's is how many words it looks at, as if equally. */
static void head_told(double *entropy, double *words, Paper map) {
    *entropy = *words = 0;
    for (int i = 0; i < map.rows; i++) {
        double row = entropy_told(map.at[i], map.cols);
        *entropy += row / map.rows;
        *words += exp(row) / map.rows;
    }
}

/* ---- 2. Whom has a token heard of? ---- */

/* mix (n, n): what a layer does to a token's mixture of words. Half of it goes past the layer, by the residual sum; the
 * other half comes from where its heads look, on average. maps (heads * n, n). */
static void mix_told(Paper mix, Paper maps) {
    int n = mix.rows, heads = maps.rows / n;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            mix.at[i][j] = i == j ? 0.5 : 0;
            for (int h = 0; h < heads; h++) mix.at[i][j] += 0.5 * maps.at[h * n + i][j] / heads;
        }
}

/* rolled (n, n) = mix_L ... mix_1 mix_0: who looks at whom, who had looked at whom, and so on down to the words. */
static void rollout_told(Paper rolled, const Trace *t) {
    int n = t->n;
    Paper mix = paper_new(n, n), below = paper_new(n, n);
    for (int i = 0; i < n; i++) rolled.at[i][i] = 1;
    for (int l = 0; l < t->layers; l++) {
        Paper maps = paper_of(t->maps[l]);
        mix_told(mix, maps);
        paper_copy(below, rolled);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                rolled.at[i][j] = 0;
                for (int k = 0; k < n; k++) rolled.at[i][j] += mix.at[i][k] * below.at[k][j];
            }
        paper_free(&maps);
    }
    paper_free(&mix), paper_free(&below);
}

/* ---- 3. Told once, lives once, proven equal ---- */

static Mat rollout_of(const Trace *t) {
    Mat *mix = memory_new((size_t)t->layers, sizeof *mix, "the layers"), out = mat_new(t->n, t->n);
    Mat *rolled = memory_new((size_t)t->layers, sizeof *rolled, "the rollout");
    for (int l = 0; l < t->layers; l++) {
        mix[l] = mat_new(t->n, t->n), rolled[l] = mat_new(t->n, t->n);
        rollout_mix(mix[l], t->maps[l], t->heads);
    }
    rollout_roll(rolled, mix, t->layers);
    mat_copy(out, rolled[t->layers - 1]);
    for (int l = 0; l < t->layers; l++) mat_free(&mix[l]), mat_free(&rolled[l]);
    memory_free(mix), memory_free(rolled);
    return out;
}

static void prove(const Reading *r, const HeadTable *table) {
    const Trace *t = &r->trace;
    Paper entropy = paper_new(t->layers, t->heads), words = paper_new(t->layers, t->heads),
          rolled = paper_new(t->n, t->n);
    Mat entropies = mat_new(t->layers, t->heads), contexts = mat_new(t->layers, t->heads), common = rollout_of(t);
    Shown shown = shown_new();
    for (int l = 0; l < t->layers; l++)
        for (int h = 0; h < t->heads; h++) {
            Paper map = paper_of(shown_map(&shown, r, l, h));
            head_told(&entropy.at[l][h], &words.at[l][h], map);
            mat_row(entropies, l)[h] = (float)head_value(table, measure_place("entropy"), l, h);
            mat_row(contexts, l)[h] = (float)head_value(table, measure_place("effective_context"), l, h);
            paper_free(&map);
        }
    prove_equal("the entropy of each head", entropies, entropy);
    prove_equal("how many words each head looks at", contexts, words);
    rollout_told(rolled, t);
    prove_equal("the rollout", common, rolled);
    prove_done();
    shown_free(&shown), mat_free(&entropies), mat_free(&contexts), mat_free(&common);
    papers_free((Paper *[]){&entropy, &words, &rolled, NULL});
}

/* ---- 4. The program ---- */

static void tell(const Choices *ask, const Reading *r, const HeadTable *table) {
    Null null = null_new(r, ask->common.seed);
    if (ask->find) {
        print_found(r, table, &null, ask->find);
    } else {
        print_source(r), print_tokens(r), print_mask(r);
        prove(r, table);
        head_table_print(table);
        print_types(r, table, &null);
        draw_heads(ask, r, table, &null);
    }
    null_free(&null);
}

/* --why: all that can be wrong is said before the pass. */
static void explain_score(const Choices *ask, Reading *r) {
    reading_needs(r, NEEDS_MODEL, "--why");
    Why why = why_of(r, ask->why);
    View view = study_view(&ask->study, &ask->common, r, !ask->study.tsv);
    reading_run(r);
    view_why(&view, why, ask->study.tsv);
    view_free(&view);
}

static void measure(const Choices *ask, Reading *r) {
    reading_run(r);
    HeadTable table = head_table_new(r);
    bool written = ask->study.tsv || ask->json || relations_written(&ask->relations);
    if (ask->study.tsv) head_table_write_tsv(&table, ask->study.tsv);
    if (ask->json) head_table_write_json(&table, r, ask->json);
    relations_write(&ask->relations, r);
    if (ask->explain) measure_explain(ask->explain, &table, r);
    else if (relations_asked(&ask->relations)) relations_tell(&ask->relations, &ask->study, &ask->common, r);
    else if (ask->find || !written) tell(ask, r, &table);
    head_table_free(&table);
}

static void answer(const Choices *ask, const Reader *reader) {
    Reading reading = study_reading(&ask->study, &ask->common, reader, DEFAULT_TEXT);
    if (ask->common.time) time_heads(ask, &reading);
    else if (ask->why) explain_score(ask, &reading);
    else measure(ask, &reading);
    reading_free(&reading);
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    Reader reader = reader_of(&ask);
    if (ask.corpus.compare || ask.corpus.examples) corpus_answer(&ask.corpus, &ask.study, &ask.common, &reader);
    else answer(&ask, &reader);
    reader_free(&reader);
    study_free(&ask.study);
    return finish();
}
