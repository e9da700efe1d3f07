/* 09.1: q . k of `one` and `journey` under torch.nn.Linear's weights, seed 789. */
#include "judge.h"
#include "math/init.h"
#include "model/toy.h"

void check(void) {
    enum { ONE = 4, JOURNEY = 1, D = 2 };
    input("the book's six words, --weights linear --seed 789");
    Toy toy = toy_book();
    Mat wq = mat_new(D, toy.x.cols), wk = mat_new(D, toy.x.cols), q = mat_new(toy.n, D), k = mat_new(toy.n, D);
    Rng rng = rng_seed(789);
    init_linear(&rng, wq, NULL), init_linear(&rng, wk, NULL);
    mat_mul_nt(q, 1, toy.x, wq, 0), mat_mul_nt(k, 1, toy.x, wk, 0);
    double score = 0;
    for (int c = 0; c < D; c++) score += (double)mat_at(q, ONE, c) * (double)mat_at(k, JOURNEY, c);
    mat_free(&wq), mat_free(&wk), mat_free(&q), mat_free(&k);
    toy_free(&toy);
    answer_number("q . k", score, 2e-4);
}
