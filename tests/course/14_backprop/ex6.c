/* 14.6: the starter's example; then random heads, with forbidden keys and rows that see nothing, more keys than
 * queries, and many words: each slope measured, by moving its number up and down, in double. */
#include "judge.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/* A head in double: numbers[0] are q's, then k's, then v's. */
typedef struct {
    int n, m, d;
    double *numbers[3];
    const bool *allowed; /* [n * m] */
    Mat dout;
} Head;

/* The weights of query i, [m]; all 0 when it may look at nothing. */
static void weigh(double *weights, const Head *h, int i) {
    double sum = 0;
    for (int j = 0; j < h->m; j++) {
        double dot = 0;
        for (int c = 0; c < h->d; c++) dot += h->numbers[0][i * h->d + c] * h->numbers[1][j * h->d + c];
        weights[j] = h->allowed[i * h->m + j] ? exp(dot / sqrt(h->d)) : 0;
        sum += weights[j];
    }
    for (int j = 0; j < h->m; j++) weights[j] /= sum > 0 ? sum : 1;
}

/* The sum of dout * out: a loss whose slopes along out are dout. */
static double loss(const Head *h) {
    double sum = 0, *weights = calloc((size_t)h->m, sizeof *weights);
    for (int i = 0; i < h->n; i++) {
        weigh(weights, h, i);
        for (int j = 0; j < h->m; j++)
            for (int c = 0; c < h->d; c++)
                sum += weights[j] * h->numbers[2][j * h->d + c] * (double)mat_at(h->dout, i, c);
    }
    free(weights);
    return sum;
}

static void measure(Mat slopes, Head *h, int which) {
    const double step = 1e-5;
    for (int i = 0; i < slopes.rows; i++)
        for (int c = 0; c < slopes.cols; c++) {
            double *number = &h->numbers[which][i * slopes.cols + c], kept = *number;
            *number = kept + step;
            double up = loss(h);
            *number = kept - step;
            mat_row(slopes, i)[c] = (float)((up - loss(h)) / (2 * step));
            *number = kept;
        }
}

static void ask_head(const Mat parts[3], Mat dout, const bool *allowed, double tolerance) {
    Head h = {parts[0].rows, parts[1].rows, parts[0].cols, {0}, allowed, dout};
    Mat map = mat_new(h.n, h.m), slopes[3];
    double *weights = calloc((size_t)h.m, sizeof *weights);
    for (int p = 0; p < 3; p++) {
        h.numbers[p] = calloc((size_t)parts[p].rows * (size_t)h.d, sizeof(double));
        for (int i = 0; i < parts[p].rows; i++)
            for (int c = 0; c < h.d; c++) h.numbers[p][i * h.d + c] = (double)mat_at(parts[p], i, c);
        slopes[p] = mat_new(parts[p].rows, h.d);
    }
    for (int i = 0; i < h.n; i++) {
        weigh(weights, &h, i);
        for (int j = 0; j < h.m; j++) mat_row(map, i)[j] = (float)weights[j];
    }
    for (int p = 0; p < 3; p++) measure(slopes[p], &h, p);
    give_mat(parts[0]), give_mat(parts[1]), give_mat(parts[2]), give_mat(map), give_mat(dout);
    ask();
    check_mat("dv", got_mat(), slopes[2], tolerance);
    check_mat("dq", got_mat(), slopes[0], tolerance);
    check_mat("dk", got_mat(), slopes[1], tolerance);
    for (int p = 0; p < 3; p++) mat_free(&slopes[p]), free(h.numbers[p]);
    mat_free(&map), free(weights);
}

static void by_chance(Rng *rng, int n, int m, int d, unsigned allowed_of_8) {
    Mat parts[3] = {mat_new(n, d), mat_new(m, d), mat_new(m, d)}, dout = mat_new(n, d);
    Mat all[] = {parts[0], parts[1], parts[2], dout};
    bool *allowed = memory_new((size_t)n * (size_t)m, sizeof *allowed, "a mask");
    for (int a = 0; a < 4; a++)
        for (int i = 0; i < all[a].rows; i++)
            for (int c = 0; c < d; c++) mat_row(all[a], i)[c] = rng_float(rng, -1.5f, 1.5f);
    for (int i = 0; i < n * m; i++) allowed[i] = rng_bits(rng) % 8 < allowed_of_8;
    input("random: %d queries, %d keys, width %d, %u eighths of all pairs allowed", n, m, d, allowed_of_8);
    ask_head(parts, dout, allowed, 2e-5);
    for (int p = 0; p < 3; p++) mat_free(&parts[p]);
    mat_free(&dout), memory_free(allowed);
}

/* Terms of 1e8 and -1e8 of which a sum in float loses the 1 and the 3 between them. */
static void large_terms(void) {
    float q[] = {1, 0, 0, 0}, k[] = {0, 1, 0, 0, 0, 0, 2, 0}, v[] = {1e8f, 1, -1e8f, 0, 1e8f, 3, -1e8f, 0};
    float dout[] = {1, 1, 1, 1}, map[] = {0.5f, 0.5f};
    float dv[] = {.5f, .5f, .5f, .5f, .5f, .5f, .5f, .5f}, dq[] = {0, -.25f, .5f, 0};
    float dk[] = {-.25f, 0, 0, 0, .25f, 0, 0, 0};
    input("d = 4, q = 1 0 0 0, k = 0 1 0 0 / 0 0 2 0, v = 1e8 1 -1e8 0 / 1e8 3 -1e8 0, dout = 1 1 1 1, map = 0.5 0.5");
    give_mat((Mat){q, 1, 4, 4}), give_mat((Mat){k, 2, 4, 4}), give_mat((Mat){v, 2, 4, 4});
    give_mat((Mat){map, 1, 2, 2}), give_mat((Mat){dout, 1, 4, 4});
    ask();
    check_mat("dv", got_mat(), (Mat){dv, 2, 4, 4}, 1e-5);
    check_mat("dq", got_mat(), (Mat){dq, 1, 4, 4}, 1e-5);
    check_mat("dk", got_mat(), (Mat){dk, 2, 4, 4}, 1e-5);
}

void check(void) {
    float q[] = {1}, k[] = {0, 0}, v[] = {1, 3}, dout[] = {1};
    const bool both[] = {true, true};
    input("d = 1, q = 1, k = 0 / 0, v = 1 / 3, dout = 1, map = 0.5 0.5");
    ask_head((const Mat[]){{q, 1, 1, 1}, {k, 2, 1, 1}, {v, 2, 1, 1}}, (Mat){dout, 1, 1, 1}, both, 1e-5);
    large_terms();
    Rng rng = check_rng();
    by_chance(&rng, 2, 2, 1, 8), by_chance(&rng, 3, 3, 2, 8), by_chance(&rng, 4, 7, 3, 8), by_chance(&rng, 7, 4, 5, 5);
    by_chance(&rng, 6, 6, 4, 2), by_chance(&rng, 1, 1, 3, 8), by_chance(&rng, 24, 70, 2, 7);
    by_chance(&rng, 1, 1100, 1, 7), by_chance(&rng, 1100, 1, 2, 7), by_chance(&rng, 2, 3, 140, 8);
    for (int i = 0; i < (hidden() ? 20 : 2); i++)
        by_chance(&rng, 1 + (int)(rng_bits(&rng) % 6), 1 + (int)(rng_bits(&rng) % 6), 1 + (int)(rng_bits(&rng) % 6), 5);
}
