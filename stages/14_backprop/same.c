/* same - the head of main.c by common/, in floats: what stage 15 trains with. */
#include "attention/attention.h"
#include "attention/attention_backward.h"
#include "math/layers_backward.h"
#include "tool.h"

Same same_new(const Head *h) {
    int n = h->x.rows, width = h->x.cols, d = h->wq.rows;
    Same s = {.x = mat_new(n, width), .mask = h->mask, .maps = mat_new(n, n), .out = mat_new(n, d)};
    s.wq = mat_new(d, width), s.wk = mat_new(d, width), s.wv = mat_new(d, width);
    s.q = mat_new(n, d), s.k = mat_new(n, d), s.v = mat_new(n, d);
    s.dwq = mat_new(d, width), s.dwk = mat_new(d, width), s.dwv = mat_new(d, width);
    s.dq = mat_new(n, d), s.dk = mat_new(n, d), s.dv = mat_new(n, d);
    s.dx = mat_new(n, width), s.dx_part = mat_new(n, width);
    for (int i = 0; i < INPUTS; i++) paper_to_mat(same_input(&s, i), head_input(h, i));
    return s;
}

void same_free(Same *s) {
    Mat *all[] = {&s->x,  &s->wq,  &s->wk,  &s->wv,  &s->q,  &s->k,  &s->v,  &s->maps,   &s->out,
                  &s->dx, &s->dwq, &s->dwk, &s->dwv, &s->dq, &s->dk, &s->dv, &s->dx_part};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) mat_free(all[i]);
}

Mat same_input(const Same *s, int which) {
    const Mat inputs[INPUTS] = {s->wq, s->wk, s->wv, s->x};
    return inputs[which];
}

Mat same_gradient(const Same *s, int which) {
    const Mat gradients[INPUTS] = {s->dwq, s->dwk, s->dwv, s->dx};
    return gradients[which];
}

double same_forward(void *same) {
    Same *s = same;
    LinearJob jobs[] = {{s->q, {s->wq, NULL}}, {s->k, {s->wk, NULL}}, {s->v, {s->wv, NULL}}};
    linear_forward_all(NULL, jobs, 3, s->x, ACTIVATION_NONE);
    attention_forward(attention_of(s->q, s->k, s->v, 1, s->mask), s->out, s->maps);
    double loss = 0;
    for (int i = 0; i < s->out.rows; i++)
        for (int c = 0; c < s->out.cols; c++) loss += (double)mat_at(s->out, i, c) * (double)mat_at(s->out, i, c) / 2;
    return loss;
}

/* linear_backward gives the summand of x that this use of it costs; the three are added up. */
static void project_back(Same *s, Mat dw, Mat dy, Mat w) {
    linear_backward(s->dx_part, dw, NULL, dy, s->x, w, 0);
    for (int i = 0; i < s->dx.rows; i++)
        for (int c = 0; c < s->dx.cols; c++) mat_row(s->dx, i)[c] += mat_at(s->dx_part, i, c);
}

void same_backward(Same *s) {
    mat_fill(s->dq, 0), mat_fill(s->dk, 0), mat_fill(s->dv, 0), mat_fill(s->dx, 0);
    attention_backward(attention_of(s->q, s->k, s->v, 1, (Mask){0}), s->maps, s->out, s->dq, s->dk,
                       s->dv); /* d out is out: line (5) */
    project_back(s, s->dwq, s->dq, s->wq);
    project_back(s, s->dwk, s->dk, s->wk);
    project_back(s, s->dwv, s->dv, s->wv);
}

void same_run(void *same) {
    same_forward(same);
    same_backward(same);
}
