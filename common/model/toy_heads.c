#include "model/toy_heads.h"
#include "math/init.h"
#include "math/layers.h"

/* Ours keeps W^T, as files store it. */
static void draw(Rng *rng, Mat w, ToyWeights weights) {
    if (weights == TOY_LINEAR) {
        init_linear(rng, w, NULL);
        return;
    }
    Mat drawn = mat_new(w.cols, w.rows);
    init_uniform(rng, drawn);
    for (int i = 0; i < w.rows; i++)
        for (int c = 0; c < w.cols; c++) mat_row(w, i)[c] = mat_at(drawn, c, i);
    mat_free(&drawn);
}

ToyHeads toy_heads_new(Mat from, Mat to, int heads, int d, ToyWeights weights, Rng *rng, int part) {
    int rows = heads * d, n = from.rows, m = to.rows;
    ToyHeads h = {.from = from, .to = to};
    Mat *w[] = {&h.wq, &h.wk, &h.wv};
    for (int i = 0; i < 3; i++) *w[i] = mat_new(rows, from.cols);
    for (int first = 0; first < rows; first += part)
        for (int i = 0; i < 3; i++) draw(rng, mat_rows(*w[i], first, part), weights);
    h.attention = attention_of(mat_new(n, rows), mat_new(m, rows), mat_new(m, rows), heads, (Mask){0});
    return h;
}

void toy_heads_free(ToyHeads *h) {
    Attention *a = &h->attention;
    mats_free((Mat *[]){&h->wq, &h->wk, &h->wv, &a->q, &a->k, &a->v, &h->maps, &h->out, NULL});
}

void toy_heads_project(ToyHeads *h) {
    LinearJob jobs[] = {{h->attention.k, {h->wk, NULL}}, {h->attention.v, {h->wv, NULL}}};
    linear_forward(NULL, h->attention.q, h->from, (Linear){h->wq, NULL}, ACTIVATION_NONE);
    linear_forward_all(NULL, jobs, 2, h->to, ACTIVATION_NONE);
}

void toy_heads_run(void *heads) {
    ToyHeads *h = heads;
    Mat q = h->attention.q;
    if (!h->out.data) h->out = mat_new(q.rows, q.cols), h->maps = mat_new(h->attention.heads * q.rows, h->to.rows);
    toy_heads_project(h);
    attention_forward(h->attention, h->out, h->maps);
}
