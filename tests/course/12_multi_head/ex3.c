/* 12.3: layer norm against PyTorch's digits for 1 2 3 4, against its own definition, far from 0, and on equal rows. */
#include "judge.h"
#include <math.h>

extern void layer_norm(Mat x, float eps);

static void check_definition(Rng *rng, int n, int width, float far) {
    Mat x = mat_new(n, width), before = mat_new(n, width);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < width; j++) mat_row(x, i)[j] = far + rng_float(rng, -2, 2);
    mat_copy(before, x);
    input("%d x %d, numbers around %g, eps 1e-5", n, width, (double)far);
    layer_norm(x, 1e-5f);
    for (int i = 0; i < n; i++) {
        double mean = 0, squares = 0;
        for (int j = 0; j < width; j++) mean += (double)mat_at(x, i, j) / width;
        for (int j = 0; j < width; j++) squares += (double)mat_at(x, i, j) * (double)mat_at(x, i, j) / width;
        check_float("the mean of a row", mean, 0, 1e-3);
        check_float("the variance of a row", squares - mean * mean, 1, 1e-3);
        for (int j = 1; j < width; j++)
            check_that((mat_at(x, i, j) > mat_at(x, i, j - 1)) == (mat_at(before, i, j) > mat_at(before, i, j - 1)),
                       "what was larger stays larger");
    }
    mat_free(&x), mat_free(&before);
}

void check(void) {
    float row[] = {1, 2, 3, 4}, even[] = {7, 7, 7};
    input("1 2 3 4, eps 1e-5");
    layer_norm((Mat){row, 1, 4, 4}, 1e-5f);
    check_floats("the row", row, (const float[]){-1.341635f, -0.447212f, 0.447212f, 1.341635f}, 4, 1e-5);
    input("7 7 7, eps 1e-5");
    layer_norm((Mat){even, 1, 3, 3}, 1e-5f);
    check_floats("the row", even, (const float[]){0, 0, 0}, 3, 1e-6);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 40 : 8); i++)
        check_definition(&rng, 1 + (int)(rng_bits(&rng) % 5), 8 + (int)(rng_bits(&rng) % 32), (float)(i * 12));
}
