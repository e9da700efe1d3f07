/* Stage 09 - Queries, keys and values: one attention head. Three matrices turn each word into what it asks (q), what it
 * answers to (k) and what it gives (v); stage 08's dot products then compare q with k instead of x with x, and are
 * divided by sqrt(d). Run: make run-09 */
#include "tool.h"
#include "base/error.h"
#include "base/progress.h"
#include "math/init.h"

#include <math.h>
#include <stdio.h>

/* ---- 1. One head, as on paper ---- */

/* y = x W^T: y (n, d), x (n, C), W (d, C). Row i of y is what word i asks, or answers to, or gives. */
static void project_told(Paper y, Paper x, Paper w) {
    for (int i = 0; i < x.rows; i++)
        for (int o = 0; o < w.rows; o++) {
            y.at[i][o] = 0;
            for (int c = 0; c < x.cols; c++) y.at[i][o] += x.at[i][c] * w.at[o][c];
        }
}

/* score(i, j) = q_i . k_j / sqrt(d). q (n, d), k (m, d), scores (n, m). */
static void compare_told(Paper scores, Paper q, Paper k) {
    for (int i = 0; i < q.rows; i++)
        for (int j = 0; j < k.rows; j++) {
            double dot = 0;
            for (int c = 0; c < q.cols; c++) dot += q.at[i][c] * k.at[j][c];
            scores.at[i][j] = dot / sqrt(q.cols);
        }
}

/* Each row of weights sums to 1: softmax(scores / temperature). */
static void softmax_told(Paper weights, Paper scores, double temperature) {
    for (int i = 0; i < scores.rows; i++) {
        double top = -INFINITY, sum = 0;
        for (int j = 0; j < scores.cols; j++) top = fmax(top, scores.at[i][j]);
        for (int j = 0; j < scores.cols; j++) sum += exp((scores.at[i][j] - top) / temperature);
        for (int j = 0; j < scores.cols; j++) weights.at[i][j] = exp((scores.at[i][j] - top) / temperature) / sum;
    }
}

/* context_i = sum over j of weight(i, j) v_j. */
static void mix_told(Paper context, Paper weights, Paper v) {
    for (int i = 0; i < weights.rows; i++)
        for (int c = 0; c < v.cols; c++) {
            context.at[i][c] = 0;
            for (int j = 0; j < v.rows; j++) context.at[i][c] += weights.at[i][j] * v.at[j][c];
        }
}

static void head_told(Head *h, Paper x, Paper wq, Paper wk, Paper wv, double temperature) {
    project_told(h->q, x, wq);
    project_told(h->k, x, wk);
    project_told(h->v, x, wv);
    compare_told(h->scores, h->q, h->k);
    softmax_told(h->weights, h->scores, temperature);
    mix_told(h->context, h->weights, h->v);
}

static Head head_of(const ToyHeads *seeded, double temperature) {
    int n = seeded->from.rows, d = seeded->wq.rows;
    Paper x = paper_of(seeded->from), wq = paper_of(seeded->wq), wk = paper_of(seeded->wk), wv = paper_of(seeded->wv);
    Head h = {paper_new(n, d), paper_new(n, d), paper_new(n, d), paper_new(n, n), paper_new(n, n), paper_new(n, d)};
    head_told(&h, x, wq, wk, wv, temperature);
    paper_free(&x), paper_free(&wq), paper_free(&wk), paper_free(&wv);
    return h;
}

static void head_free(Head *h) {
    papers_free((Paper *[]){&h->q, &h->k, &h->v, &h->scores, &h->weights, &h->context, NULL});
}

static void prove(const ToyHeads *common, const Head *h) {
    prove_equal("the weights", common->maps, h->weights);
    prove_equal("the contexts", common->out, h->context);
    prove_done();
}

/* ---- 2. Why / sqrt(d)? The variance of a dot product grows with d, softmax of large numbers is a switch, and a switch
 * has no slope ---- */

/* Adds one query's softmax to the means. scores (1, KEYS). */
static void peak_told(double *largest, double *slope, Paper scores) {
    Paper weights = paper_new(1, KEYS);
    softmax_told(weights, scores, 1);
    double top = 0;
    for (int j = 0; j < KEYS; j++) top = fmax(top, weights.at[0][j]);
    *largest += top / TRIALS;
    *slope += top * (1 - top) / TRIALS;
    paper_free(&weights);
}

static Saturation saturation_told(Rng *rng, int d) {
    Saturation s = {.width = d};
    Mat drawn = mat_new(1 + KEYS, d); /* row 0 is the query */
    Paper scores[2] = {paper_new(1, KEYS), paper_new(1, KEYS)};
    for (int t = 0; t < TRIALS; t++) {
        init_normal(rng, drawn);
        Paper q = paper_of(mat_rows(drawn, 0, 1)), k = paper_of(mat_rows(drawn, 1, KEYS));
        compare_told(scores[1], q, k);
        for (int j = 0; j < KEYS; j++) {
            double dot = scores[1].at[0][j] * sqrt(d);
            scores[0].at[0][j] = dot;
            s.variance += dot * dot / (TRIALS * KEYS); /* the mean of q.k is 0 */
        }
        for (int scaled = 0; scaled < 2; scaled++) peak_told(&s.largest[scaled], &s.slope[scaled], scores[scaled]);
        paper_free(&q), paper_free(&k);
    }
    paper_free(&scores[0]), paper_free(&scores[1]), mat_free(&drawn);
    return s;
}

/* The same knob from the other side: a factor f on all scores is a temperature of 1/f. */
static void tell_temperature(void) {
    static const double factors[] = {0, 0.5, 1, 2, 4, 8, 16, 32, 100};
    Paper scores = {1, 5, (double *[]){(double[]){0.1, -0.2, 0.3, -0.2, 0.5}}}, weights = paper_new(1, 5);
    printf("softmax of f * (0.1 -0.2 0.3 -0.2 0.5): a factor f is a temperature of 1/f\n");
    printf("  %4s %40s %9s %9s\n", "f", "weights", "entropy", "p(1-p)");
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        softmax_told(weights, scores, 1 / factors[i]);
        print_temperature(factors[i], weights);
    }
    paper_free(&weights);
}

static void tell_scaling(const Choices *ask) {
    static const int widths[WIDTHS] = {1, 4, 16, 64, 256, 1024};
    Saturation rows[WIDTHS];
    Rng rng = rng_seed(ask->common.seed);
    for (int w = 0; w < WIDTHS; w++) rows[w] = saturation_told(&rng, widths[w]);
    print_saturation(rows);
    tell_temperature();
    draw_scaling(ask, rows);
}

/* ---- 3. The program ---- */

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    int d = ask.head_width;
    Rng rng = rng_seed(ask.common.seed);
    ToyHeads common = toy_heads_new(ask.toy.x, ask.toy.x, 1, d, (ToyWeights)ask.weights, &rng, d);
    common.attention.scale = (float)(1 / (sqrt(d) * ask.temperature)); /* a temperature is a smaller scale */
    if (ask.common.time) {
        time_report(ask.common.time, toy_heads_run, &common, ask.toy.n, "words");
    } else {
        Head head = head_of(&common, ask.temperature);
        toy_heads_run(&common);
        tell_head(&ask, &head);
        tell_cell(&ask, &head);
        prove(&common, &head);
        draw_head(&ask, &head);
        tell_scaling(&ask);
        tell_order(&ask);
        show_drawn(&ask.show, "head, scaling, order");
        head_free(&head);
    }
    toy_heads_free(&common);
    choices_free(&ask);
    return finish();
}
