/* 14.2: the starter's example; then any shapes, where the slopes are measured: with dy as weights, the loss
 * sum dy(i, o) y(i, o) is linear in x and in W, so a difference over any step is exact. Large shapes by products. */
#include "judge.h"

static double loss_of(Mat dy, Mat x, Mat weight) {
    double sum = 0;
    for (int i = 0; i < dy.rows; i++)
        for (int o = 0; o < dy.cols; o++)
            for (int c = 0; c < x.cols; c++)
                sum += (double)mat_at(dy, i, o) * (double)mat_at(x, i, c) * (double)mat_at(weight, o, c);
    return sum;
}

/* Adds to `slopes` the change of the loss when a number of m rises by 1. */
static void measure(Mat slopes, Mat m, Mat dy, Mat x, Mat weight) {
    double before = loss_of(dy, x, weight);
    for (int i = 0; i < m.rows; i++)
        for (int j = 0; j < m.cols; j++) {
            float kept = mat_at(m, i, j);
            mat_row(m, i)[j] = kept + 1;
            mat_row(slopes, i)[j] += (float)(loss_of(dy, x, weight) - before);
            mat_row(m, i)[j] = kept;
        }
}

/* The runner takes dx, dweight, dy, x, weight, and hands back dweight and dx. */
static void compare(const Mat given[5], Mat dx_expected, Mat dweight_expected) {
    for (int i = 0; i < 5; i++) give_mat(given[i]);
    ask();
    check_mat("dweight", got_mat(), dweight_expected, 1e-3);
    check_mat("dx", got_mat(), dx_expected, 1e-3);
}

/* Numbers with few digits, so that adding 1 is exact too, and so are sums in float. */
static Mat random_mat(Rng *rng, int rows, int cols) {
    Mat m = mat_new(rows, cols);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) mat_row(m, i)[j] = (float)((int)(rng_bits(rng) % 64) - 32) / 8;
    return m;
}

static void check_case(Rng *rng, int n, int k, int m, bool large) {
    Mat dx = random_mat(rng, n, k), dweight = random_mat(rng, m, k), dy = random_mat(rng, n, m);
    Mat x = random_mat(rng, n, k), weight = random_mat(rng, m, k);
    Mat dx_expected = mat_new(n, k), dweight_expected = mat_new(m, k);
    mat_copy(dx_expected, dx), mat_copy(dweight_expected, dweight);
    if (large) {
        mat_mul(dx_expected, 1, dy, weight, 1);
        mat_mul_tn(dweight_expected, 1, dy, x, 1);
    } else {
        measure(dx_expected, x, dy, x, weight);
        measure(dweight_expected, weight, dy, x, weight);
    }
    input("x %d x %d, W %d x %d, dy %d x %d, all of them views; dx and dweight hold numbers already", n, k, m, k, n, m);
    compare((const Mat[]){dx, dweight, dy, x, weight}, dx_expected, dweight_expected);
    mat_free(&dx), mat_free(&dweight), mat_free(&dy), mat_free(&x), mat_free(&weight);
    mat_free(&dx_expected), mat_free(&dweight_expected);
}

void check(void) {
    float x[] = {1, 2}, w[] = {3, 4, 5, 6}, dy[] = {1, 10}, dx[2] = {0}, dw[4] = {0}, down[] = {53, 64},
          side[] = {1, 2, 10, 20};
    input("x 1 2, W 3 4 | 5 6, dy 1 10; dx and dweight are 0");
    compare((const Mat[]){{dx, 1, 2, 2}, {dw, 2, 2, 2}, {dy, 1, 2, 2}, {x, 1, 2, 2}, {w, 2, 2, 2}},
            (Mat){down, 1, 2, 2}, (Mat){side, 2, 2, 2});
    float loud[] = {1000}, quiet[] = {0.001f}, zero[] = {0}, none[] = {0}, one[] = {1};
    input("x 1000, W 1000, dy 0.001; dx and dweight are 0");
    compare((const Mat[]){{zero, 1, 1, 1}, {none, 1, 1, 1}, {quiet, 1, 1, 1}, {loud, 1, 1, 1}, {loud, 1, 1, 1}},
            (Mat){one, 1, 1, 1}, (Mat){one, 1, 1, 1});
    Rng rng = check_rng();
    check_case(&rng, 1, 1, 1, false);
    for (int i = 0; i < (hidden() ? 40 : 8); i++)
        check_case(&rng, 1 + (int)(rng_bits(&rng) % 6), 1 + (int)(rng_bits(&rng) % 6), 1 + (int)(rng_bits(&rng) % 6),
                   false);
    check_case(&rng, 1100, 3, 5, true), check_case(&rng, 3, 1100, 5, true), check_case(&rng, 3, 5, 1100, true);
}
