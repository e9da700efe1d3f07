/* Stage 14 - Backprop: how a loss tells every number which way to go. One head is told forwards in five lines and
 * backwards in five, each the inverse of one; then every gradient is checked by moving its number. Run: make run-14 */
#include "base/error.h"
#include "base/progress.h"
#include "show/table.h"
#include "told.h"
#include "tool.h"

#include <math.h>
#include <stdio.h>

/* ---- 1. Forwards: five lines. The first, y = x W^T, stands in told.c with its way back: parts.c and step.c tell with
 * it, too. ---- */

/* scores (n, n) = q k^T / sqrt(d) */
static void compare_told(Paper scores, Paper q, Paper k) {
    for (int i = 0; i < q.rows; i++)
        for (int j = 0; j < k.rows; j++) {
            scores.at[i][j] = 0;
            for (int c = 0; c < q.cols; c++) scores.at[i][j] += q.at[i][c] * k.at[j][c] / sqrt(q.cols);
        }
}

/* weights = softmax of each row of scores, over the allowed keys; 0 for the others, and in a row without any. */
static void share_out_told(Paper weights, Paper scores, Mask mask) {
    for (int i = 0; i < scores.rows; i++) {
        double top = -INFINITY, sum = 0;
        for (int j = 0; j < scores.cols; j++)
            if (mask_allows(mask, i, j)) top = fmax(top, scores.at[i][j]);
        for (int j = 0; j < scores.cols; j++) {
            weights.at[i][j] = mask_allows(mask, i, j) ? exp(scores.at[i][j] - top) : 0;
            sum += weights.at[i][j];
        }
        for (int j = 0; j < scores.cols; j++) weights.at[i][j] /= sum > 0 ? sum : 1;
    }
}

/* context_i (d) = sum over j of weight(i, j) v_j */
static void mix_told(Paper context, Paper weights, Paper v) {
    for (int i = 0; i < context.rows; i++)
        for (int c = 0; c < context.cols; c++) {
            context.at[i][c] = 0;
            for (int j = 0; j < v.rows; j++) context.at[i][c] += weights.at[i][j] * v.at[j][c];
        }
}

/* Any loss would do; this one wants all contexts to be 0. */
static double half_squares_told(Paper context) {
    double sum = 0;
    for (int i = 0; i < context.rows; i++)
        for (int c = 0; c < context.cols; c++) sum += context.at[i][c] * context.at[i][c] / 2;
    return sum;
}

/* Fills q, k, v, scores, weights and context of a Head, and gives the loss. */
static double head_told(void *head) {
    Head *h = head;
    project_told(h->q, h->x, h->wq); /* (1), three times */
    project_told(h->k, h->x, h->wk);
    project_told(h->v, h->x, h->wv);
    compare_told(h->scores, h->q, h->k);            /* (2) */
    share_out_told(h->weights, h->scores, h->mask); /* (3) */
    mix_told(h->context, h->weights, h->v);         /* (4) */
    return half_squares_told(h->context);           /* (5) */
}

/* ---- 2. Backwards: the same five, from the last to the first. d-something is the slope of the loss along something.
 * All ADD: what is used twice gets two gradients. ---- */

/* (5) loss = sum of z^2 / 2, so dz = z */
static void half_squares_backward(Paper dcontext, Paper context) {
    for (int i = 0; i < context.rows; i++)
        for (int c = 0; c < context.cols; c++) dcontext.at[i][c] += context.at[i][c];
}

/* (4) context(i, c) += weight(i, j) v(j, c): each of the two factors gets the other one, times what came back. */
static void mix_backward(Paper dweights, Paper dv, Paper dcontext, Paper weights, Paper v) {
    for (int i = 0; i < dcontext.rows; i++)
        for (int j = 0; j < v.rows; j++)
            for (int c = 0; c < v.cols; c++) {
                dweights.at[i][j] += dcontext.at[i][c] * v.at[j][c];
                dv.at[j][c] += dcontext.at[i][c] * weights.at[i][j];
            }
}

/* (3) weights = softmax(scores): a weight can only grow at the others' expense, so from each gradient the row's mean,
 * weighted by the weights, is taken away. No mask here: a forbidden key has weight 0, and so gradient 0. */
static void share_out_backward(Paper dscores, Paper dweights, Paper weights) {
    for (int i = 0; i < weights.rows; i++) {
        double mean = 0;
        for (int j = 0; j < weights.cols; j++) mean += weights.at[i][j] * dweights.at[i][j];
        for (int j = 0; j < weights.cols; j++) dscores.at[i][j] += weights.at[i][j] * (dweights.at[i][j] - mean);
    }
}

/* (2) score(i, j) += q(i, c) k(j, c) / sqrt(d) */
static void compare_backward(Paper dq, Paper dk, Paper dscores, Paper q, Paper k) {
    for (int i = 0; i < q.rows; i++)
        for (int j = 0; j < k.rows; j++)
            for (int c = 0; c < q.cols; c++) {
                dq.at[i][c] += dscores.at[i][j] * k.at[j][c] / sqrt(q.cols);
                dk.at[j][c] += dscores.at[i][j] * q.at[i][c] / sqrt(q.cols);
            }
}

/* d: all zeros before, the gradient of *h after. */
static void head_backward(Head *d, const Head *h) {
    half_squares_backward(d->context, h->context);                /* (5) */
    mix_backward(d->weights, d->v, d->context, h->weights, h->v); /* (4) */
    share_out_backward(d->scores, d->weights, h->weights);        /* (3) */
    compare_backward(d->q, d->k, d->scores, h->q, h->k);          /* (2) */
    project_backward(d->x, d->wq, d->q, h->x, h->wq);             /* (1), three times: x was used three times */
    project_backward(d->x, d->wk, d->k, h->x, h->wk);
    project_backward(d->x, d->wv, d->v, h->x, h->wv);
}

/* ---- 3. The lesson ---- */

static void tell_gradients(const Choices *ask, const Head *d) {
    const char **words = ask->toy.words;
    table_print_paper(stdout, d->scores, (TableOptions){"d scores: every row sums to 0", words, words, 6, 0, 0});
    for (int i = 0; i < INPUTS; i++)
        table_print_paper(stdout, head_input(d, i),
                          (TableOptions){INPUT_NAMES[i], .rows = i == 3 ? words : NULL, .decimals = 6});
}

static void prove(Same *same, const Head *h, const Head *d) {
    same_run(same);
    prove_equal("the weights", same->head.maps, h->weights);
    prove_equal("the contexts", same->head.out, h->context);
    for (int i = 0; i < INPUTS; i++) prove_equal(INPUT_NAMES[i], same_gradient(same, i), head_input(d, i));
    prove_done();
}

static void tell(const Choices *ask, Head *h, Same *same) {
    Head d = head_new(ask);
    printf("one head under the mask `%s`: loss = 1/2 sum(context^2) = %.6f\n", ask->mask.title, head_told(h));
    head_backward(&d, h);
    tell_gradients(ask, &d);
    prove(same, h, &d);
    tell_check(ask, head_told, h, &d);
    tell_steps(ask, head_told, h, &d, same);
    tell_parts(ask);
    tell_step(ask, head_told, h, &d);
    tell_shortcuts();
    draw_flow(ask, h, &d);
    show_drawn(&ask->show, "gradients, step, flow");
    head_free(&d);
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    Same same = same_new(&ask);
    Head head = head_of(&ask, &same.head);
    if (ask.common.time) time_report(ask.common.time, same_run, &same, ask.toy.n, "words");
    else tell(&ask, &head, &same);
    same_free(&same);
    head_free(&head);
    choices_free(&ask);
    return finish();
}
