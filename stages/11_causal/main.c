/* Stage 11 - Causal attention: no word may look at what comes after it. One mask turns into a promise about time, and
 * the promise is tested: change a word, and nothing before it may move by a single bit. Then dropout.
 * Run: make run-11 */
#include "tool.h"
#include "base/error.h"
#include "base/progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- 1. Two ways to forbid the future ---- */

/* scores (n, n) = q k^T / sqrt(d): how well each key (n, d) answers each query (n, d). As in stage 09. */
static void compare_told(Paper scores, Paper q, Paper k) {
    for (int i = 0; i < q.rows; i++)
        for (int j = 0; j < k.rows; j++) {
            scores.at[i][j] = 0;
            for (int c = 0; c < q.cols; c++) scores.at[i][j] += q.at[i][c] * k.at[j][c];
            scores.at[i][j] /= sqrt(q.cols);
        }
}

/* Scores (n, n) become weights, in place: each row sums to 1. */
static void softmax_told(Paper scores) {
    for (int i = 0; i < scores.rows; i++) {
        double top = -INFINITY, sum = 0;
        for (int j = 0; j < scores.cols; j++) top = fmax(top, scores.at[i][j]);
        for (int j = 0; j < scores.cols; j++) sum += exp(scores.at[i][j] - top);
        for (int j = 0; j < scores.cols; j++) scores.at[i][j] = exp(scores.at[i][j] - top) / sum;
    }
}

/* Before the softmax: a forbidden score becomes minus infinity, and exp(-inf) is 0. */
static void causal_told(Paper scores) {
    for (int i = 0; i < scores.rows; i++)
        for (int j = i + 1; j < scores.cols; j++) scores.at[i][j] = -INFINITY;
    softmax_told(scores);
}

/* After it: forbidden weights of a full softmax (n, n) become 0, and the rest of the row is divided by what is left,
 * which goes to kept (1, n). */
static void zero_and_renormalise_told(Paper weights, Paper kept) {
    for (int i = 0; i < weights.rows; i++) {
        double sum = 0;
        for (int j = 0; j <= i; j++) sum += weights.at[i][j];
        for (int j = 0; j < weights.cols; j++) weights.at[i][j] = j <= i ? weights.at[i][j] / sum : 0;
        kept.at[0][i] = sum;
    }
}

/* out (n, d) = weights (n, n) times v (n, d). */
static void mix_told(Paper out, Paper weights, Paper v) {
    for (int i = 0; i < out.rows; i++)
        for (int c = 0; c < out.cols; c++) {
            out.at[i][c] = 0;
            for (int j = 0; j < v.rows; j++) out.at[i][c] += weights.at[i][j] * v.at[j][c];
        }
}

/* ---- 2. The leak test, and dropout ---- */

static void run_under(ToyHeads *h, Mask mask) {
    h->attention.mask = mask;
    toy_heads_run(h);
}

/* Another word altogether in place of word t, for each t: how many of the rows before it move by even one bit? *most
 * is the largest change of a number. */
static int leak_told(ToyHeads *h, Mask mask, double *most) {
    int moved = 0;
    Mat x = h->from, other = mat_new(x.rows, x.cols);
    run_under(h, mask);
    Paper before = paper_of(h->out);
    h->from = other;
    h->to = other;
    *most = 0;
    for (int t = 1; t < x.rows; t++) {
        mat_copy(other, x);
        for (int c = 0; c < x.cols; c++) mat_row(other, t)[c] = -mat_at(x, t, c);
        run_under(h, mask);
        Paper after = paper_of(h->out);
        for (int i = 0; i < t; i++) {
            moved += memcmp(after.at[i], before.at[i], (size_t)after.cols * sizeof(double)) != 0;
            for (int c = 0; c < after.cols; c++) *most = fmax(*most, fabs(after.at[i][c] - before.at[i][c]));
        }
        paper_free(&after);
    }
    h->from = x;
    h->to = x;
    mat_free(&other), paper_free(&before);
    return moved;
}

/* Each weight is kept with probability 1 - p and then multiplied by 1 / (1 - p), so that a row's sum stays what it was
 * on average. Only while training. The row's own sum may become anything, even 0. */
static void dropout_told(Paper weights, Rng *rng, double p) {
    for (int i = 0; i < weights.rows; i++)
        for (int j = 0; j < weights.cols; j++) weights.at[i][j] *= rng_double(rng) < 1 - p ? 1 / (1 - p) : 0;
}

/* ---- 3. The lesson ---- */

static const Mask CAUSAL = {.causal = true};

/* Both ways from the same scores, beside common/. Leaves the weights (n, n) without a mask and with it. */
static void tell_two_ways(const Choices *ask, ToyHeads *h, Mat before, Mat causal) {
    run_under(h, (Mask){0});
    mat_copy(before, h->maps);
    const Attention *a = &h->attention;
    int n = ask->toy.n;
    Paper q = paper_of(a->q), k = paper_of(a->k), v = paper_of(a->v), out = paper_new(n, v.cols);
    Paper one = paper_new(n, n), other = paper_new(n, n), kept = paper_new(1, n);
    compare_told(one, q, k), compare_told(other, q, k);
    causal_told(one);
    softmax_told(other);
    prove_equal("the weights without a mask", before, other);
    zero_and_renormalise_told(other, kept);
    mix_told(out, one, v);
    run_under(h, CAUSAL);
    print_causal(ask, h, kept);
    prove_equal("the weights", h->maps, one);
    prove_equal("the weights of the second way", h->maps, other);
    prove_equal("the contexts", h->out, out);
    printf("zero and renormalise = minus infinity before softmax: max difference < 1e-5\n");
    prove_done();
    paper_to_mat(causal, one);
    papers_free((Paper *[]){&q, &k, &v, &out, &one, &other, &kept, NULL});
}

static void tell_leak(ToyHeads *h) {
    int n = h->from.rows, pairs = n * (n - 1) / 2;
    double most, most_causal;
    int moved = leak_told(h, (Mask){0}, &most), moved_causal = leak_told(h, CAUSAL, &most_causal);
    print_leak(moved, moved_causal, pairs, most);
    if (moved_causal)
        fail(EXIT_DATA, "the future leaks: %d of %d rows moved, by up to %g", moved_causal, pairs, most_causal);
}

/* Drops from a matrix of ones, where it is easy to see, and from the causal weights, by the same draws. Leaves the
 * second in `dropped`. */
static void tell_dropout(const Choices *ask, Mat dropped, Mat causal) {
    int n = causal.rows;
    Mat common = mat_new(n, n);
    Paper ones = paper_new(n, n), weights = paper_of(causal);
    Rng rng = rng_seed(ask->common.seed), again = rng, once_more = rng;
    for (int i = 0; i < n * n; i++) ones.at[0][i] = 1;
    dropout_told(ones, &rng, ask->dropout), dropout_told(weights, &again, ask->dropout);
    rng_dropout(&once_more, common.data, (size_t)n * (size_t)n, ask->dropout);
    prove_equal("dropout", common, ones);
    print_dropout(ask, ones, weights);
    paper_to_mat(dropped, weights);
    mat_free(&common), paper_free(&ones), paper_free(&weights);
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    Rng rng = rng_seed((uint64_t)ask.head_seed);
    ToyHeads head = toy_heads_new(ask.toy.x, ask.toy.x, 1, ask.head_width, TOY_LINEAR, &rng, ask.head_width);
    if (ask.common.time) {
        head.attention.mask = CAUSAL;
        time_report(ask.common.time, toy_heads_run, &head, ask.toy.n, "words");
    } else {
        int n = ask.toy.n;
        Mat before = mat_new(n, n), causal = mat_new(n, n), dropped = mat_new(n, n);
        tell_two_ways(&ask, &head, before, causal);
        tell_leak(&head);
        tell_dropout(&ask, dropped, causal);
        draw_maps(&ask, before, causal, dropped);
        mat_free(&before), mat_free(&causal), mat_free(&dropped);
    }
    toy_heads_free(&head);
    choices_free(&ask);
    return finish();
}
