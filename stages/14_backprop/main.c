/* Stage 14 - Backprop: how a loss tells every number which way to go. One head is told forwards in five lines and
 * backwards in five, each the inverse of one; then every gradient is checked by moving its number. Run: make run-14 */
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "lesson.h"
#include "math/init.h"
#include "show/label.h"
#include "show/panels.h"
#include "show/table.h"
#include "show/terminal.h"

#include <math.h>
#include <stdio.h>

/* ---- 1. Forwards: five lines ---- */

void project(Paper y, Paper x, Paper w) {
    for (int i = 0; i < y.rows; i++)
        for (int o = 0; o < y.cols; o++) {
            y.at[i][o] = 0;
            for (int c = 0; c < x.cols; c++) y.at[i][o] += x.at[i][c] * w.at[o][c];
        }
}

/* scores (n, n) = q k^T / sqrt(d) */
static void compare(Paper scores, Paper q, Paper k) {
    for (int i = 0; i < q.rows; i++)
        for (int j = 0; j < k.rows; j++) {
            scores.at[i][j] = 0;
            for (int c = 0; c < q.cols; c++) scores.at[i][j] += q.at[i][c] * k.at[j][c] / sqrt(q.cols);
        }
}

/* weights = softmax of each row of scores, over the allowed keys; 0 for the others, and in a row without any. */
static void share_out(Paper weights, Paper scores, Mask mask) {
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
static void mix(Paper context, Paper weights, Paper v) {
    for (int i = 0; i < context.rows; i++)
        for (int c = 0; c < context.cols; c++) {
            context.at[i][c] = 0;
            for (int j = 0; j < v.rows; j++) context.at[i][c] += weights.at[i][j] * v.at[j][c];
        }
}

/* Any loss would do; this one wants all contexts to be 0. */
static double half_squares(Paper context) {
    double sum = 0;
    for (int i = 0; i < context.rows; i++)
        for (int c = 0; c < context.cols; c++) sum += context.at[i][c] * context.at[i][c] / 2;
    return sum;
}

double head_forward(Head *h) {
    project(h->q, h->x, h->wq), project(h->k, h->x, h->wk), project(h->v, h->x, h->wv); /* (1) */
    compare(h->scores, h->q, h->k);                                                     /* (2) */
    share_out(h->weights, h->scores, h->mask);                                          /* (3) */
    mix(h->context, h->weights, h->v);                                                  /* (4) */
    return half_squares(h->context);                                                    /* (5) */
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

/* (1) y(i, o) += x(i, c) w(o, c) */
void project_backward(Paper dx, Paper dw, Paper dy, Paper x, Paper w) {
    for (int i = 0; i < dy.rows; i++)
        for (int o = 0; o < dy.cols; o++)
            for (int c = 0; c < x.cols; c++) {
                dw.at[o][c] += dy.at[i][o] * x.at[i][c];
                dx.at[i][c] += dy.at[i][o] * w.at[o][c];
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

/* ---- 3. A head with seeded weights ---- */

const char *const INPUT_NAMES[INPUTS] = {"dWq", "dWk", "dWv", "dx"};

Paper head_input(const Head *h, int which) {
    const Paper inputs[INPUTS] = {h->wq, h->wk, h->wv, h->x};
    return inputs[which];
}

static Head head_new(int n, int width, int d, Mask mask) {
    return (Head){paper_new(n, width),
                  paper_new(d, width),
                  paper_new(d, width),
                  paper_new(d, width),
                  paper_new(n, d),
                  paper_new(n, d),
                  paper_new(n, d),
                  paper_new(n, n),
                  paper_new(n, n),
                  paper_new(n, d),
                  mask};
}

static void head_free(Head *h) {
    Paper *all[] = {&h->x, &h->wq, &h->wk, &h->wv, &h->q, &h->k, &h->v, &h->scores, &h->weights, &h->context};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) paper_free(all[i]);
}

/* Wq, Wk and Wv in turn, as torch.nn.Linear draws them, without bias: the book's CausalAttention. */
static Head head_seeded(const Toy *toy, int d, Mask mask, uint64_t seed) {
    Head h = head_new(toy->n, toy->x.cols, d, mask);
    Paper *drawn[] = {&h.wq, &h.wk, &h.wv};
    Mat w = mat_new(d, toy->x.cols);
    Rng rng = rng_seed(seed);
    for (int i = 0; i < 3; i++) {
        init_linear(&rng, w, NULL);
        paper_free(drawn[i]);
        *drawn[i] = paper_of(w);
    }
    paper_free(&h.x);
    h.x = paper_of(toy->x);
    mat_free(&w);
    return h;
}

/* ---- 4. The lesson ---- */

static void tell_gradients(const Head *d, const Toy *toy) {
    const char **words = toy->words;
    table_print_paper(stdout, d->scores, (TableOptions){"d scores: every row sums to 0", words, words, 6, 0, 0});
    for (int i = 0; i < INPUTS; i++)
        table_print_paper(stdout, head_input(d, i),
                          (TableOptions){INPUT_NAMES[i], .rows = i == 3 ? words : NULL, .decimals = 6});
}

static void prove(Same *same, const Head *h, const Head *d) {
    same_run(same);
    prove_equal("the weights", same->maps, h->weights);
    prove_equal("the contexts", same->out, h->context);
    for (int i = 0; i < INPUTS; i++) prove_equal(INPUT_NAMES[i], same_gradient(same, i), head_input(d, i));
    prove_done();
}

/* What arrives at the weights, and what the softmax lets through. */
static void draw_flow(const Choices *a, const Head *h, const Head *d, const Toy *toy, const char *mask_title) {
    const char **words = toy->words;
    int n = toy->n;
    bool *hidden = memory_new((size_t)n * (size_t)n, sizeof *hidden, "hidden cells");
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) hidden[i * n + j] = !mask_allows(h->mask, i, j);
    Mat weights = paper_rounded(h->weights), dweights = paper_rounded(d->weights), dscores = paper_rounded(d->scores);
    if (a->show.terminal) {
        terminal_map(terminal_of(stdout), "d scores", dscores,
                     (TerminalMap){words, words, hidden, SCALE_SIGNED, a->show.values});
    } else {
        Panel panels[] = {{"weights", weights, SCALE_FIXED, hidden},
                          {"d weights: what comes back", dweights, SCALE_SIGNED, hidden},
                          {"d scores: what softmax lets through", dscores, SCALE_SIGNED, hidden}};
        Sheet sheet = {.folder = a->common.out,
                       .name = "flow",
                       .title = "Backwards through a softmax",
                       .subtitle = mask_title,
                       .formats = a->show.format,
                       .command = a->command};
        panels_draw(sheet, panels, 3, (PanelsOptions){words, words, n <= 10 || a->show.values});
    }
    mat_free(&weights), mat_free(&dweights), mat_free(&dscores);
    memory_free(hidden);
}

static void tell(const Choices *a, Head *h, Same *same, const Toy *toy, const char *mask_title) {
    Head d = head_new(toy->n, toy->x.cols, h->wq.rows, h->mask);
    printf("one head under the mask `%s`: loss = 1/2 sum(context^2) = %.6f\n", mask_title, head_forward(h));
    head_backward(&d, h);
    tell_gradients(&d, toy);
    prove(same, h, &d);
    tell_check(a, h, &d);
    tell_steps(a, h, &d, same);
    tell_parts(a, toy);
    tell_step(a, h, &d);
    tell_shortcuts();
    draw_flow(a, h, &d, toy, mask_title);
    if (!a->show.terminal) note("drawn into %s: gradients, step, flow", a->common.out);
    head_free(&d);
}

/* ---- 5. The program ---- */

static Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"},
                 .mask = mask_options_new(MASK_CAUSAL),
                 .width = 3,
                 .head_width = 2,
                 .eps = 1e-5,
                 .rate = 0.01};
    Options list = {0};
    option_heading(&list, "the head");
    option_int(&list, "width", "C", &a.width, 1, 64, "numbers in each word's vector (default 3; not for the book's)");
    option_int(&list, "head-width", "D", &a.head_width, 1, 64, "numbers in a query, key or value (default 2)");
    option_heading(&list, "its gradient");
    option_real(&list, "eps", "E", &a.eps, 1e-12, 1, "how far a number is moved to check it (default 1e-5)");
    option_real(&list, "rate", "R", &a.rate, 1e-9, 1e3, "the learning rate of the one step (default 0.01)");
    mask_options_add(&list, &a.mask);
    show_options_add(&list, &a.show);
    Program program = {"14_backprop", "the backward pass of one head, checked number by number, and one step downhill",
                       "  14_backprop                                         the book's six words, causal\n"
                       "  14_backprop --mask local --window 1 \"a rose is a rose\"\n"
                       "  14_backprop --eps 0.1                               too long a step: what happens?\n"};
    options_parse(&a.common, program, &list, argc, argv);
    show_options_check(&a.show, a.common.out);
    a.command = label_command(argc, argv);
    return a;
}

int main(int argc, char **argv) {
    Choices a = choices_parse(argc, argv);
    Toy toy = toy_read(&a.common, a.width);
    if (toy.n > MOST_WORDS)
        fail(EXIT_DATA, "%d words are too many to check every gradient (expected at most %d). Try: a shorter text",
             toy.n, MOST_WORDS);
    NamedMask mask = mask_from_options(&a.mask, toy.n);
    Head head = head_seeded(&toy, a.head_width, mask.rule, a.common.seed);
    Same same = same_new(&head);
    if (a.common.time) {
        time_report(a.common.time, same_run, &same, toy.n, "words");
    } else {
        tell(&a, &head, &same, &toy, mask.title);
    }
    same_free(&same);
    head_free(&head);
    named_mask_free(&mask);
    toy_free(&toy);
    memory_free(a.command);
    return finish();
}
