/* 11.2: zero and renormalise equals minus infinity before the softmax; a row without a past stays zeros, and a row with
 * hardly any does not. */
#include "judge.h"
#include "attention/attention.h"

static void check_cells(float *cells, float *expected, int n) {
    give_mat((Mat){cells, n, n, n});
    ask();
    check_mat("the weights", got_mat(), (Mat){expected, n, n, n}, 1e-6);
}

static void check_softmax(Rng *rng, int n) {
    Mat weights = mat_new(n, n), expected = mat_new(n, n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) mat_row(weights, i)[j] = rng_float(rng, -3, 3);
    mat_copy(expected, weights);
    attention_softmax(expected, 1, (Mask){.causal = true});
    attention_softmax(weights, 1, (Mask){0});
    input("a softmax of %d x %d scores, as a view with gaps between its rows; its first row begins %g", n, n,
          (double)mat_at(weights, 0, 0));
    give_mat(weights);
    ask();
    check_mat("the causal weights", got_mat(), expected, 1e-5);
    mat_free(&weights), mat_free(&expected);
}

void check(void) {
    input("0.5 0.5 | 0.2 0.8");
    check_cells((float[]){0.5f, 0.5f, 0.2f, 0.8f}, (float[]){1, 0, 0.2f, 0.8f}, 2);
    input("0 1 | 0.25 0.75: the first row has given all its weight to the future");
    check_cells((float[]){0, 1, 0.25f, 0.75f}, (float[]){0, 0, 0.25f, 0.75f}, 2);
    input("1");
    check_cells((float[]){1}, (float[]){1}, 1);
    input("0.5 0.5 0 0 | 0 0 1 0 | 0 0.25 0.25 0.5 | 0 0 0 1: the second row has given all its weight to the future");
    check_cells((float[]){0.5f, 0.5f, 0, 0, 0, 0, 1, 0, 0, 0.25f, 0.25f, 0.5f, 0, 0, 0, 1},
                (float[]){1, 0, 0, 0, 0, 0, 0, 0, 0, 0.5f, 0.5f, 0, 0, 0, 0, 1}, 4);
    input("0.25 0.5 0.25 | 0.5 0 0.5 | 0.25 0.75 0: the second and the third word have no weight for themselves");
    check_cells((float[]){0.25f, 0.5f, 0.25f, 0.5f, 0, 0.5f, 0.25f, 0.75f, 0},
                (float[]){1, 0, 0, 1, 0, 0, 0.25f, 0.75f, 0}, 3);
    input("0.99995 0.00005 | 0.5 0.5: hardly any weight in the future, but not none");
    check_cells((float[]){0.99995f, 0.00005f, 0.5f, 0.5f}, (float[]){1, 0, 0.5f, 0.5f}, 2);
    input("1e-30 1 0 | 1e-30 3e-30 1 | 0 0 1: hardly any weight in the past, but not none");
    check_cells((float[]){1e-30f, 1, 0, 1e-30f, 3e-30f, 1, 0, 0, 1}, (float[]){1, 0, 0, 0.25f, 0.75f, 0, 0, 0, 1}, 3);
    input("2e-38 1 0 | 2e-38 6e-38 1 | 0 0 1: nearly the smallest weights that a float has");
    check_cells((float[]){2e-38f, 1, 0, 2e-38f, 6e-38f, 1, 0, 0, 1}, (float[]){1, 0, 0, 0.25f, 0.75f, 0, 0, 0, 1}, 3);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 60 : 10); i++) check_softmax(&rng, 1 + (int)(rng_bits(&rng) % 24));
    check_softmax(&rng, 1100);
}
