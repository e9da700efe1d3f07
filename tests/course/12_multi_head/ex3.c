/* 12.3: layer norm against PyTorch's digits for 1 2 3 4, and against its own definition in long double: near 0 and far
 * from it, under small and large eps, wide and long; and on equal rows, near 0 and far. */
#include "judge.h"
#include <math.h>

/* A sum in float may differ: the farther from 0 the numbers lie, the more. */
static void check_against_definition(Mat x, float eps, double tolerance) {
    Mat expected = mat_new(x.rows, x.cols);
    for (int i = 0; i < x.rows; i++) {
        long double mean = 0, variance = 0;
        for (int j = 0; j < x.cols; j++) mean += (long double)mat_at(x, i, j);
        mean /= x.cols;
        for (int j = 0; j < x.cols; j++) variance += powl((long double)mat_at(x, i, j) - mean, 2);
        const long double deviation = sqrtl(variance / x.cols + (long double)eps);
        for (int j = 0; j < x.cols; j++)
            mat_row(expected, i)[j] = (float)(((long double)mat_at(x, i, j) - mean) / deviation);
    }
    give_mat(x), give_double((double)eps);
    ask();
    check_mat("the rows", got_mat(), expected, tolerance);
    mat_free(&expected);
}

static void check_random(Rng *rng, int n, int width, float far, float eps) {
    Mat x = mat_new(n, width);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < width; j++) mat_row(x, i)[j] = far + rng_float(rng, -2, 2);
    input("%d x %d, numbers around %g, eps %g; a view, with gaps between its rows", n, width, (double)far, (double)eps);
    check_against_definition(x, eps, 2e-5 + 1e-5 * fabs((double)far));
    mat_free(&x);
}

/* Rows of equal numbers far from 0. A mean in float is off by more than a root of eps there, so nearly any number
 * between -1 and 1 may come; but a variance below 0 has no root. */
static void check_equal(Rng *rng) {
    enum { ROWS = 60, COLS = 1100 };
    static const float numbers[] = {257135, 905824, 1700000, 1e6f + 0.4375f};
    Mat x = mat_new(ROWS, COLS), zeros = mat_new(ROWS, COLS);
    for (int i = 0; i < ROWS; i++) {
        const float number = i < 4 ? numbers[i] : rng_float(rng, 1e5f, 2e6f);
        for (int j = 0; j < COLS; j++) mat_row(x, i)[j] = number;
    }
    input("%d x %d, all numbers of a row are equal: 257135 in the first, 905824 in the second, ...; eps 1e-5", ROWS,
          COLS);
    give_mat(x), give_double(1e-5);
    ask();
    check_mat("the rows", got_mat(), zeros, 1.5);
    mat_free(&x), mat_free(&zeros);
}

void check(void) {
    float row[] = {1, 2, 3, 4}, even[] = {7, 7, 7}, narrow[] = {0.003f, 0.001f, 0, 0}, one[] = {3, -5};
    float tiny[] = {3e-6f, 1e-6f, 0, 0}, two[] = {1, 3};
    input("1 2 3 4, eps 1e-5");
    give_mat((Mat){row, 1, 4, 4}), give_double(1e-5);
    ask();
    check_mat("the row", got_mat(), (Mat){(float[]){-1.341635f, -0.447212f, 0.447212f, 1.341635f}, 1, 4, 4}, 1e-5);
    input("7 7 7, eps 1e-5");
    check_against_definition((Mat){even, 1, 3, 3}, 1e-5f, 1e-3); /* 7/3 + 7/3 + 7/3 is not quite 7 in float */
    input("0.003 0.001 0 0, eps 1e-5");
    check_against_definition((Mat){narrow, 1, 4, 4}, 1e-5f, 1e-5);
    input("0.000003 0.000001 0 0, eps 1e-12");
    check_against_definition((Mat){tiny, 1, 4, 4}, 1e-12f, 1e-5);
    input("1 3, eps 1e-5");
    check_against_definition((Mat){two, 1, 2, 2}, 1e-5f, 1e-5);
    input("1 2 3 4, eps 2");
    check_against_definition((Mat){row, 1, 4, 4}, 2, 1e-5);
    input("two rows of one number, 3 and -5, eps 0.5");
    check_against_definition((Mat){one, 2, 1, 1}, 0.5f, 1e-5);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 40 : 8); i++)
        check_random(&rng, 1 + (int)(rng_bits(&rng) % 5), 8 + (int)(rng_bits(&rng) % 32), (float)(i * 12), 1e-5f);
    check_random(&rng, 5, 40, 1000, 1e-5f);
    check_random(&rng, 5, 40, -200, 1e-5f);
    check_random(&rng, 2, 2503, 0, 1e-12f);
    check_random(&rng, 2503, 4, 0, 0.1f);
    check_equal(&rng);
}
