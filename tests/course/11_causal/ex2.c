/* 11.2: zero and renormalise equals minus infinity before the softmax; and a row without a past stays zeros. */
#include "judge.h"
#include "attention/attention.h"
#include <math.h>

extern void zero_and_renormalise(Mat weights);

static void check_softmax(Rng *rng, int n) {
    Mat whole = mat_new(n, n + 3), weights = mat_cols(whole, 1, n), expected = mat_new(n, n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) mat_row(weights, i)[j] = rng_float(rng, -3, 3);
    mat_copy(expected, weights);
    attention_softmax(expected, 1, (Mask){.causal = true});
    attention_softmax(weights, 1, (Mask){0});
    input("a softmax of %d x %d scores, as a view with stride %d; its first row begins %g", n, n, weights.stride,
          (double)mat_at(weights, 0, 0));
    zero_and_renormalise(weights);
    check_mat("the causal weights", weights, expected, 1e-5);
    for (int i = 0; i < n; i++)
        check_that(mat_row(whole, i)[0] == 0 && mat_row(whole, i)[n + 1] == 0, "only the n x n cells may be written");
    mat_free(&whole), mat_free(&expected);
}

void check(void) {
    float example[] = {0.5f, 0.5f, 0.2f, 0.8f}, empty[] = {0, 1, 0.25f, 0.75f};
    input("0.5 0.5 | 0.2 0.8");
    zero_and_renormalise((Mat){example, 2, 2, 2});
    check_floats("the weights", example, (const float[]){1, 0, 0.2f, 0.8f}, 4, 1e-6);
    input("0 1 | 0.25 0.75: the first row has given all its weight to the future");
    zero_and_renormalise((Mat){empty, 2, 2, 2});
    check_floats("the weights", empty, (const float[]){0, 0, 0.25f, 0.75f}, 4, 1e-6);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 60 : 10); i++) check_softmax(&rng, 1 + (int)(rng_bits(&rng) % 24));
}
