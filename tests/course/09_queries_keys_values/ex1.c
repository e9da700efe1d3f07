/* 09.1: q . k of `one` and `journey` under torch.nn.Linear's weights, seed 789. */
#include "judge.h"
#include "math/init.h"
#include "model/toy.h"

#include <string.h>

void check(void) {
    enum { D = 2 };
    const int seed = (int)variant_number("seed", 789);
    const char *from = variant_text("from", "one"), *to = variant_text("to", "journey");
    input("the book's six words, --weights linear --seed %d, from %s to %s", seed, from, to);
    Toy toy = toy_book();
    int query = 0, key = 0;
    while (strcmp(toy.words[query], from) != 0) query++;
    while (strcmp(toy.words[key], to) != 0) key++;
    Mat wq = mat_new(D, toy.x.cols), wk = mat_new(D, toy.x.cols), q = mat_new(toy.n, D), k = mat_new(toy.n, D);
    Rng rng = rng_seed((uint64_t)seed);
    init_linear(&rng, wq, NULL), init_linear(&rng, wk, NULL);
    mat_mul_nt(q, 1, toy.x, wq, 0), mat_mul_nt(k, 1, toy.x, wk, 0);
    double score = 0;
    for (int c = 0; c < D; c++) score += (double)mat_at(q, query, c) * (double)mat_at(k, key, c);
    mat_free(&wq), mat_free(&wk), mat_free(&q), mat_free(&k);
    toy_free(&toy);
    answer_number("q . k", score, 2e-4);
}
