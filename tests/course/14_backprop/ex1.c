/* 14.1: the loss of the book's head with and without 0.01 more in one number of x, by common/. The slope alone misses
 * it by less than the tolerance. */
#include "attention/attention.h"
#include "judge.h"
#include "math/init.h"
#include "math/layers.h"
#include "model/toy.h"

/* 1/2 the sum of the squared contexts of stage 11's head, seed 123, with `more` added to x[1][2]. */
static double loss_with(float more) {
    Toy toy = toy_book();
    mat_row(toy.x, 1)[2] += more;
    Rng rng = rng_seed(123);
    Mat w[3], y[3], maps = mat_new(6, 6), out = mat_new(6, 2);
    for (int i = 0; i < 3; i++) {
        w[i] = mat_new(2, 3), y[i] = mat_new(6, 2);
        init_linear(&rng, w[i], NULL);
        linear_forward(NULL, y[i], toy.x, (Linear){w[i], NULL}, ACTIVATION_NONE);
    }
    attention_forward(attention_of(y[0], y[1], y[2], 1, (Mask){.causal = true}), out, maps);
    double loss = 0;
    for (int i = 0; i < 6; i++)
        for (int c = 0; c < 2; c++) loss += (double)mat_at(out, i, c) * (double)mat_at(out, i, c) / 2;
    for (int i = 0; i < 3; i++) mat_free(&w[i]), mat_free(&y[i]);
    mat_free(&maps), mat_free(&out);
    toy_free(&toy);
    return loss;
}

void check(void) {
    input("x[1][2] + 0.01");
    answer_number("change of the loss", loss_with(0.01f) - loss_with(0), 3e-5);
}
