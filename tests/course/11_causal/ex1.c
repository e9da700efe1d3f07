/* 11.1: the weight that went to later words, all rows together, in a head with seed 5 (or another). */
#include "judge.h"
#include "attention/attention.h"
#include "math/init.h"
#include "model/toy.h"

void check(void) {
    enum { D = 2 };
    const uint32_t seed = (uint32_t)variant_number("seed", 5);
    input("the book's six words, no mask, seed %u", (unsigned)seed);
    Toy toy = toy_book();
    Mat wq = mat_new(D, toy.x.cols), wk = mat_new(D, toy.x.cols), q = mat_new(toy.n, D), k = mat_new(toy.n, D);
    Mat map = mat_new(toy.n, toy.n);
    Rng rng = rng_seed(seed);
    init_linear(&rng, wq, NULL), init_linear(&rng, wk, NULL);
    mat_mul_nt(q, 1, toy.x, wq, 0), mat_mul_nt(k, 1, toy.x, wk, 0);
    attention_maps(attention_of(q, k, (Mat){0}, 1, (Mask){0}), map);
    double future = 0;
    for (int i = 0; i < toy.n; i++)
        for (int j = i + 1; j < toy.n; j++) future += (double)mat_at(map, i, j);
    mat_free(&wq), mat_free(&wk), mat_free(&q), mat_free(&k), mat_free(&map);
    toy_free(&toy);
    answer_number("weight that went to later words", future, 6e-4);
}
