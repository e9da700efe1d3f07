/* Stage 08 - Dot product: attention with no weights at all. Each word asks every word "how alike are we?" by a dot
 * product, turns the answers into shares that sum to 1, and takes that mixture of all words. Run: make run-08 */
#include "tool.h"
#include "attention/attention.h"
#include "base/error.h"
#include "base/progress.h"

#include <math.h>

/* ---- 1. Attention without weights, as on paper: compare, share out, mix ---- */

/* score(i, j) = x_i . x_j = x_i0 x_j0 + x_i1 x_j1 + ...: large when both point the same way, and larger the longer
 * they are. */
static void compare_told(Paper scores, Paper x) {
    for (int i = 0; i < x.rows; i++)
        for (int j = 0; j < x.rows; j++) {
            scores.at[i][j] = 0;
            for (int c = 0; c < x.cols; c++) scores.at[i][j] += x.at[i][c] * x.at[j][c];
        }
}

/* exp makes every score positive, the division makes each row sum to 1. Taking the largest score away first changes
 * nothing, since exp(s - top) is exp(s) / exp(top), and keeps exp from overflowing. */
static void softmax_told(Paper weights, Paper scores) {
    for (int i = 0; i < scores.rows; i++) {
        double top = -INFINITY, sum = 0;
        for (int j = 0; j < scores.cols; j++) top = fmax(top, scores.at[i][j]);
        for (int j = 0; j < scores.cols; j++) sum += exp(scores.at[i][j] - top);
        for (int j = 0; j < scores.cols; j++) weights.at[i][j] = exp(scores.at[i][j] - top) / sum;
    }
}

/* context_i = sum over j of weight(i, j) x_j. */
static void mix_told(Paper context, Paper weights, Paper x) {
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) {
            context.at[i][c] = 0;
            for (int j = 0; j < x.rows; j++) context.at[i][c] += weights.at[i][j] * x.at[j][c];
        }
}

/* One word, step by step. Why softmax, and not simply each score divided by their sum? */
static void steps_told(Paper steps, const double *scores, const double *weights) {
    double sum = 0;
    for (int j = 0; j < steps.cols; j++) sum += scores[j];
    for (int j = 0; j < steps.cols; j++) {
        steps.at[0][j] = scores[j];
        steps.at[1][j] = scores[j] / sum;
        steps.at[2][j] = weights[j];
    }
}

static Lesson attention_told(Mat words, int query) {
    int n = words.rows;
    Lesson l = {paper_of(words), paper_new(n, n), paper_new(n, n), paper_new(n, words.cols), paper_new(3, n)};
    compare_told(l.scores, l.x);
    softmax_told(l.weights, l.scores);
    mix_told(l.context, l.weights, l.x);
    steps_told(l.steps, l.scores.at[query], l.weights.at[query]);
    return l;
}

static void lesson_free(Lesson *l) {
    paper_free(&l->x), paper_free(&l->scores), paper_free(&l->weights), paper_free(&l->context), paper_free(&l->steps);
}

/* ---- 2. The same as three calls: X X^T, softmax by rows, weights X ---- */

typedef struct {
    Mat x, weights, context;
} Same;

static void same_run(void *same) {
    Same *s = same;
    mat_mul_nt(s->weights, 1, s->x, s->x, 0); /* the scores; then their room is the weights' */
    attention_softmax(s->weights, 1, (Mask){0});
    mat_mul(s->context, 1, s->weights, s->x, 0);
}

static void prove(const Same *s, const Lesson *l) {
    prove_equal("the weights", s->weights, l->weights);
    prove_equal("the contexts", s->context, l->context);
    prove_done();
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    Mat x = ask.toy.x;
    Same same = {x, mat_new(x.rows, x.rows), mat_new(x.rows, x.cols)};
    if (ask.common.time) {
        time_report(ask.common.time, same_run, &same, ask.toy.n, "words");
    } else {
        Lesson lesson = attention_told(x, ask.query);
        same_run(&same);
        tell_word(&ask, &lesson);
        tell_all(&ask, &lesson);
        tell_symmetry(&ask, &lesson);
        prove(&same, &lesson);
        draw_weights(&ask, same.weights);
        lesson_free(&lesson);
    }
    mat_free(&same.weights), mat_free(&same.context);
    choices_free(&ask);
    return finish();
}
