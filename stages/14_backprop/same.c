/* same - the head of main.c by common/, in floats: what stage 15 trains with. */
#include "attention/attention_backward.h"
#include "math/layers_backward.h"
#include "tool.h"

#include <math.h>

/* The matrices in turn, as torch.nn.Linear draws them, without bias: the book's CausalAttention. */
Same same_new(const Choices *ask) {
    int n = ask->toy.n, width = ask->toy.x.cols, d = ask->head_width;
    Rng rng = rng_seed(ask->common.seed);
    Same s = {.head = toy_heads_new(ask->toy.x, ask->toy.x, 1, d, TOY_LINEAR, &rng, d)};
    s.head.attention.mask = ask->mask.rule;
    s.dwq = mat_new(d, width), s.dwk = mat_new(d, width), s.dwv = mat_new(d, width);
    s.dq = mat_new(n, d), s.dk = mat_new(n, d), s.dv = mat_new(n, d);
    s.dx = mat_new(n, width), s.dx_part = mat_new(n, width);
    return s;
}

void same_free(Same *s) {
    mats_free((Mat *[]){&s->dx, &s->dwq, &s->dwk, &s->dwv, &s->dq, &s->dk, &s->dv, &s->dx_part, NULL});
    toy_heads_free(&s->head);
}

Mat same_input(const Same *s, int which) {
    const Mat inputs[INPUTS] = {s->head.wq, s->head.wk, s->head.wv, s->head.from};
    return inputs[which];
}

Mat same_gradient(const Same *s, int which) {
    const Mat gradients[INPUTS] = {s->dwq, s->dwk, s->dwv, s->dx};
    return gradients[which];
}

double same_forward(void *same) {
    Same *s = same;
    toy_heads_run(&s->head);
    double loss = 0;
    for (int i = 0; i < s->head.out.rows; i++)
        for (int c = 0; c < s->head.out.cols; c++) loss += pow((double)mat_at(s->head.out, i, c), 2) / 2;
    return loss;
}

/* linear_backward gives the summand of x that this use of it costs; the three are added up. */
static void project_back(Same *s, Mat dw, Mat dy, Mat w) {
    linear_backward(s->dx_part, dw, NULL, dy, s->head.from, w, 0);
    for (int i = 0; i < s->dx.rows; i++)
        for (int c = 0; c < s->dx.cols; c++) mat_row(s->dx, i)[c] += mat_at(s->dx_part, i, c);
}

void same_backward(Same *s) {
    const ToyHeads *h = &s->head;
    mat_fill(s->dq, 0), mat_fill(s->dk, 0), mat_fill(s->dv, 0), mat_fill(s->dx, 0);
    attention_backward(h->attention, h->maps, h->out, s->dq, s->dk, s->dv); /* d out is out: line (5) */
    project_back(s, s->dwq, s->dq, h->wq);
    project_back(s, s->dwk, s->dk, h->wk);
    project_back(s, s->dwv, s->dv, h->wv);
}

void same_run(void *same) {
    same_forward(same);
    same_backward(same);
}
