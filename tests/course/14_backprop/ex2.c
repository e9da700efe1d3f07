/* 14.2: the starter's example; then any shapes, where the slopes are measured: with dy as weights, the loss
 * sum dy(i, o) y(i, o) is linear in x and in W, so a difference over any step is exact. */
#include "judge.h"

extern void linear_back(Mat dx, Mat dweight, Mat dy, Mat x, Mat weight);

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

/* Numbers with few digits, so that adding 1 is exact too. The columns lie in a wider matrix. */
static Mat random_view(Rng *rng, Mat *room, int rows, int cols) {
    *room = mat_new(rows, cols + 3);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < room->cols; j++) mat_row(*room, i)[j] = (float)((int)(rng_bits(rng) % 64) - 32) / 8;
    return mat_cols(*room, 1, cols);
}

static void check_case(Rng *rng, int n, int k, int m) {
    Mat room[5], x = random_view(rng, &room[0], n, k), weight = random_view(rng, &room[1], m, k);
    Mat dy = random_view(rng, &room[2], n, m), dx = random_view(rng, &room[3], n, k);
    Mat dweight = random_view(rng, &room[4], m, k), dx_expected = mat_new(n, k), dweight_expected = mat_new(m, k);
    mat_copy(dx_expected, dx), mat_copy(dweight_expected, dweight);
    measure(dx_expected, x, dy, x, weight);
    measure(dweight_expected, weight, dy, x, weight);
    input("x %d x %d, W %d x %d, dy %d x %d; dx and dweight hold numbers already", n, k, m, k, n, m);
    linear_back(dx, dweight, dy, x, weight);
    check_mat("dweight", dweight, dweight_expected, 1e-3);
    check_mat("dx", dx, dx_expected, 1e-3);
    for (int i = 0; i < 5; i++) mat_free(&room[i]);
    mat_free(&dx_expected), mat_free(&dweight_expected);
}

void check(void) {
    float x[] = {1, 2}, w[] = {3, 4, 5, 6}, dy[] = {1, 10}, dx[2] = {0}, dw[4] = {0};
    input("x 1 2, W 3 4 | 5 6, dy 1 10");
    linear_back((Mat){dx, 1, 2, 2}, (Mat){dw, 2, 2, 2}, (Mat){dy, 1, 2, 2}, (Mat){x, 1, 2, 2}, (Mat){w, 2, 2, 2});
    check_floats("dweight", dw, (const float[]){1, 2, 10, 20}, 4, 1e-5);
    check_floats("dx", dx, (const float[]){53, 64}, 2, 1e-5);
    Rng rng = check_rng();
    check_case(&rng, 1, 1, 1);
    for (int i = 0; i < (hidden() ? 40 : 8); i++)
        check_case(&rng, 1 + (int)(rng_bits(&rng) % 6), 1 + (int)(rng_bits(&rng) % 6), 1 + (int)(rng_bits(&rng) % 6));
}
