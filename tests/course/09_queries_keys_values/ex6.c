/* 09.6: a head by hand, a head that copies the word before (by its positions), scores too large for exp, and random
 * ones. The truth goes another way than q and k: a score is x_i (wq^T wk) x_j, one matrix, and out is wv times the mean
 * word. */
#include "judge.h"
#include <math.h>
#include <stdlib.h>

static double between(const double *both, Mat x, int i, int j) {
    double sum = 0;
    for (int a = 0; a < x.cols; a++)
        for (int b = 0; b < x.cols; b++)
            sum += (double)mat_at(x, i, a) * both[a * x.cols + b] * (double)mat_at(x, j, b);
    return sum;
}

/* both (C, C) = wq^T wk / sqrt(d) */
static double *both_of(Mat wq, Mat wk) {
    int C = wq.cols;
    double *both = calloc((size_t)C * (size_t)C, sizeof *both);
    for (int e = 0; e < wq.rows; e++)
        for (int a = 0; a < C; a++)
            for (int b = 0; b < C; b++)
                both[a * C + b] += (double)mat_at(wq, e, a) * (double)mat_at(wk, e, b) / sqrt(wq.rows);
    return both;
}

static void expect(Mat out, Mat map, Mat x, Mat wq, Mat wk, Mat wv) {
    double *both = both_of(wq, wk), *score = calloc((size_t)x.rows, sizeof *score);
    for (int i = 0; i < x.rows; i++) {
        double top = -INFINITY, sum = 0;
        for (int j = 0; j < x.rows; j++) score[j] = between(both, x, i, j), top = fmax(top, score[j]);
        for (int j = 0; j < x.rows; j++) sum += exp(score[j] - top);
        for (int j = 0; j < x.rows; j++) mat_row(map, i)[j] = (float)(exp(score[j] - top) / sum);
        for (int e = 0; e < wv.rows; e++) {
            double said = 0;
            for (int c = 0; c < x.cols; c++)
                for (int j = 0; j < x.rows; j++)
                    said += (double)mat_at(wv, e, c) * exp(score[j] - top) / sum * (double)mat_at(x, j, c);
            mat_row(out, i)[e] = (float)said;
        }
    }
    free(both), free(score);
}

static void ask_head(Mat x, Mat wq, Mat wk, Mat wv, double tolerance) {
    Mat out = mat_new(x.rows, wv.rows), map = mat_new(x.rows, x.rows);
    expect(out, map, x, wq, wk, wv);
    give_mat(x), give_mat(wq), give_mat(wk), give_mat(wv);
    ask();
    check_mat("the map", got_mat(), map, tolerance);
    check_mat("out", got_mat(), out, tolerance * 10);
    mat_free(&out), mat_free(&map);
}

static void by_hand(void) {
    float words[] = {1, 0, 0, 1}, none[4] = {0}, values[] = {2, 4, 6, 8}, turned[] = {0, 3, 0, 0};
    Mat x = {words, 2, 2, 2}, zero = {none, 2, 2, 2}, v = {values, 2, 2, 2};
    input("x = 1 0 / 0 1, wq and wk all 0, wv = 2 4 / 6 8");
    ask_head(x, zero, zero, v, 1e-6);
    input("x = 1 0 / 0 1, wq = 0 3 / 0 0, wk = 1 0 / 0 1, wv = 2 4 / 6 8: word 1 asks for word 0");
    ask_head(x, (Mat){turned, 2, 2, 2}, x, v, 1e-6);
    float one[] = {5};
    input("one word, 5, of width 1; wq, wk and wv are 5, d = 1: it looks at itself, with a score of 625");
    ask_head((Mat){one, 1, 1, 1}, (Mat){one, 1, 1, 1}, (Mat){one, 1, 1, 1}, (Mat){one, 1, 1, 1}, 1e-6);
}

static void by_chance(Rng *rng, int n, int C, int d, float size, double tolerance) {
    Mat x = mat_new(n, C), w[3];
    for (int i = 0; i < n; i++)
        for (int c = 0; c < C; c++) mat_row(x, i)[c] = rng_float(rng, -size, size);
    for (int m = 0; m < 3; m++) {
        w[m] = mat_new(d, C);
        for (int e = 0; e < d; e++)
            for (int c = 0; c < C; c++) mat_row(w[m], e)[c] = rng_float(rng, -1, 1);
    }
    input("%d random words of width %d, d = %d, numbers up to %g", n, C, d, (double)size);
    ask_head(x, w[0], w[1], w[2], tolerance);
    mat_free(&x);
    for (int m = 0; m < 3; m++) mat_free(&w[m]);
}

/* One word wins by little, and exp of the score alone is infinite, or 0. */
static void large_scores(void) {
    float words[] = {99.9f, 99.91f, 99.8f}, one[] = {1};
    Mat w = {one, 1, 1, 1};
    input("x = 99.9 / 99.91 / 99.8, wq = wk = wv = 1: scores of about 9,980");
    ask_head((Mat){words, 3, 1, 1}, w, w, w, 1e-3);
    float below[] = {-99.9f, -99.91f, -99.8f}, minus[] = {-1};
    input("x = -99.9 / -99.91 / -99.8, wq = 1, wk = -1: scores of about -9,980, whose exp is 0");
    ask_head((Mat){below, 3, 1, 1}, w, (Mat){minus, 1, 1, 1}, w, 1e-3);
}

/* Sums of 4e7, a small number and -4e7, of which a sum in float loses the small one: in a score, and in out. */
static void cancelling(void) {
    float words[] = {1, 0, 0, 1}, asks[] = {4e7f, 0, 1, 0, -4e7f, 0}, keys[] = {1, 0, 1, 0, 1, 0};
    input(
        "x = 1 0 / 0 1, the queries are 4e7 1 -4e7 / 0 0 0, the keys 1 1 1 / 0 0 0: word 0 has the scores 0.577 and 0");
    ask_head((Mat){words, 2, 2, 2}, (Mat){asks, 3, 2, 2}, (Mat){keys, 3, 2, 2}, (Mat){keys, 3, 2, 2}, 1e-5);
    float four[16] = {[0] = 1, [5] = 1, [10] = 1, [15] = 1}, none[4] = {0}, said[] = {4e7f, 1, -4e7f, 3};
    input("four words, wq and wk all 0, the values are 4e7 / 1 / -4e7 / 3: their mean is 1");
    ask_head((Mat){four, 4, 4, 4}, (Mat){none, 1, 4, 4}, (Mat){none, 1, 4, 4}, (Mat){said, 1, 4, 4}, 1e-5);
}

void check(void) {
    by_hand(), cancelling();
    large_scores();
    Rng rng = check_rng();
    by_chance(&rng, 3, 4, 2, 1, 1e-5), by_chance(&rng, 2, 2, 5, 1, 1e-5), by_chance(&rng, 6, 3, 2, 2, 1e-5);
    by_chance(&rng, 1, 9, 3, 1, 1e-5), by_chance(&rng, 70, 12, 7, 1, 1e-5), by_chance(&rng, 5, 140, 66, 0.3f, 1e-4);
    by_chance(&rng, 1100, 2, 1, 1, 1e-5), by_chance(&rng, 2, 600, 132, 0.1f, 1e-4);
    for (int i = 0; i < (hidden() ? 30 : 4); i++)
        by_chance(&rng, 1 + (int)(rng_bits(&rng) % 9), 1 + (int)(rng_bits(&rng) % 9), 1 + (int)(rng_bits(&rng) % 9), 1,
                  1e-5);
}
