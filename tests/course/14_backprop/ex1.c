/* 14.1: the loss of the book's head with and without 0.01 more in one number of x, by common/. The slope alone misses
 * it by less than the tolerance. */
#include "attention/attention.h"
#include "judge.h"
#include "math/init.h"
#include "math/layers.h"
#include "model/toy.h"
#include <string.h>

/* 1/2 the sum of the squared contexts of stage 11's head, seed 123, with `more` added to x[row][column]. */
static double loss_with(float more, int row, int column) {
    Toy toy = toy_book();
    mat_row(toy.x, row)[column] += more;
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

static int place_of(const char *word, const char *const *words, int count) {
    int place = 0;
    while (place < count && strcmp(words[place], word) != 0) place++;
    check_that(place < count, "%s is a word of the question", word);
    return place;
}

void check(void) {
    const char *const words[] = {"Your", "journey", "starts", "with", "one", "step"};
    const char *const columns[] = {"first", "second", "third"};
    const int row = place_of(variant_text("word", "journey"), words, 6);
    const int column = place_of(variant_text("column", "third"), columns, 3);
    input("x[%d][%d] + 0.01", row, column);
    answer_number("change of the loss", loss_with(0.01f, row, column) - loss_with(0, row, column), 3e-5);
}
