/* same - a head with seeded weights, as a handful of calls of common/. */
#include "tool.h"
#include "attention/attention.h"
#include "math/init.h"

#include <math.h>

/* The book's first head multiplies from the right, x W with W = torch.rand(C, d); ours keeps W^T, as files store it. */
static void draw_rand(Rng *rng, Mat w) {
    Mat drawn = mat_new(w.cols, w.rows);
    init_uniform(rng, drawn);
    for (int i = 0; i < w.rows; i++)
        for (int c = 0; c < w.cols; c++) mat_row(w, i)[c] = mat_at(drawn, c, i);
    mat_free(&drawn);
}

static void draw_linear(Rng *rng, Mat w) {
    init_linear(rng, w, NULL);
}

Same same_new(const Choices *a) {
    int n = a->toy.n, d = a->head_width, width = a->toy.x.cols;
    void (*draw)(Rng *, Mat) = a->weights == WEIGHTS_RAND ? draw_rand : draw_linear;
    Rng rng = rng_seed(a->common.seed);
    Same s = {.x = a->toy.x, .temperature = a->temperature};
    s.wq = mat_new(d, width), s.wk = mat_new(d, width), s.wv = mat_new(d, width);
    draw(&rng, s.wq), draw(&rng, s.wk), draw(&rng, s.wv);
    s.q = mat_new(n, d), s.k = mat_new(n, d), s.v = mat_new(n, d);
    s.scores = mat_new(n, n), s.weights = mat_new(n, n), s.context = mat_new(n, d);
    return s;
}

void same_free(Same *s) {
    Mat *all[] = {&s->wq, &s->wk, &s->wv, &s->q, &s->k, &s->v, &s->scores, &s->weights, &s->context};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) mat_free(all[i]);
}

void same_run(void *same) {
    Same *s = same;
    mat_mul_nt(s->q, 1, s->x, s->wq, 0);
    mat_mul_nt(s->k, 1, s->x, s->wk, 0);
    mat_mul_nt(s->v, 1, s->x, s->wv, 0);
    mat_mul_nt(s->scores, 1 / sqrtf((float)s->q.cols), s->q, s->k, 0);
    mat_copy(s->weights, s->scores);
    attention_softmax(s->weights, (float)(1 / s->temperature), (Mask){0});
    mat_mul(s->context, 1, s->weights, s->v, 0);
}
