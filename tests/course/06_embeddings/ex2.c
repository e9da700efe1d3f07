/* 06.2: one-hot rows; a product with a table must be a lookup. */
#include "judge.h"

extern void one_hot(Mat out, const int *ids);

static void check_product(Rng *rng, int n, int vocabulary) {
    enum { WIDTH = 5 };
    Mat table = mat_new(vocabulary, WIDTH), whole = mat_new(n, vocabulary + 2), out = mat_cols(whole, 1, vocabulary);
    Mat got = mat_new(n, WIDTH), expected = mat_new(n, WIDTH);
    int ids[16];
    for (int v = 0; v < vocabulary; v++)
        for (int c = 0; c < WIDTH; c++) mat_row(table, v)[c] = rng_float(rng, -1, 1);
    for (int i = 0; i < n; i++) {
        ids[i] = (int)(rng_bits(rng) % (uint32_t)vocabulary);
        mat_copy(mat_rows(expected, i, 1), mat_rows(table, ids[i], 1));
    }
    mat_fill(whole, 7);
    input("%d ids below %d, the first is %d; out is a view with stride %d and holds 7s", n, vocabulary, ids[0],
          out.stride);
    one_hot(out, ids);
    mat_mul(got, 1, out, table, 0);
    check_mat("one-hot rows times a table", got, expected, 0);
    check_that(mat_at(whole, 0, 0) == 7 && mat_at(whole, n - 1, vocabulary + 1) == 7,
               "only out's cells may be written");
    mat_free(&table), mat_free(&whole), mat_free(&got), mat_free(&expected);
}

void check(void) {
    float out[6] = {9, 9, 9, 9, 9, 9};
    input("ids 2 0, V = 3");
    one_hot((Mat){out, 2, 3, 3}, (const int[]){2, 0});
    check_floats("the rows", out, (const float[]){0, 0, 1, 1, 0, 0}, 6, 0);
    input("ids 3 -1, V = 3: neither has a column");
    one_hot((Mat){out, 2, 3, 3}, (const int[]){3, -1});
    check_floats("the rows", out, (const float[]){0, 0, 0, 0, 0, 0}, 6, 0);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 60 : 10); i++)
        check_product(&rng, 1 + (int)(rng_bits(&rng) % 16), 1 + (int)(rng_bits(&rng) % 40));
}
