#include "math/init.h"

#include <assert.h>
#include <math.h>

static void fill_uniform(Rng *rng, float *at, int n, float low, float high) {
    for (int i = 0; i < n; i++) at[i] = rng_float(rng, low, high);
}

void init_linear(Rng *rng, Mat weight, float *bias) {
    float bound = 1 / sqrtf((float)weight.cols);
    for (int i = 0; i < weight.rows; i++) fill_uniform(rng, mat_row(weight, i), weight.cols, -bound, bound);
    if (bias) fill_uniform(rng, bias, weight.rows, -bound, bound);
}

void init_uniform(Rng *rng, Mat m) {
    for (int i = 0; i < m.rows; i++) fill_uniform(rng, mat_row(m, i), m.cols, 0, 1);
}

Mat init_normal_new(Rng *rng, int rows, int cols) {
    Mat m = mat_new(rows, cols);
    init_normal(rng, m);
    return m;
}

void init_normal(Rng *rng, Mat table) {
    assert(table.stride == table.cols);
    rng_normal(rng, table.data, (size_t)table.rows * (size_t)table.cols, 0, 1);
}
