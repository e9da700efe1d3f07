#include "attention/rollout.h"

#include <assert.h>

void maps_mean(Mat out, Mat maps, int heads) {
    int n = out.rows;
    assert(heads > 0 && maps.rows == heads * n && maps.cols == out.cols);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < out.cols; j++) {
            double sum = 0;
            for (int h = 0; h < heads; h++) sum += (double)mat_at(maps, h * n + i, j);
            mat_row(out, i)[j] = (float)(sum / heads);
        }
}

void map_shares(Mat map) {
    for (int i = 0; i < map.rows; i++) {
        double sum = 0;
        for (int j = 0; j < map.cols; j++) sum += (double)mat_at(map, i, j);
        for (int j = 0; j < map.cols && sum > 0; j++) mat_row(map, i)[j] = (float)((double)mat_at(map, i, j) / sum);
    }
}

/* What sums to 0 has nothing to share out: the token keeps itself. */
static void make_one(Mat m, int row) {
    double sum = 0;
    for (int j = 0; j < m.cols; j++) sum += (double)mat_at(m, row, j);
    for (int j = 0; j < m.cols; j++) mat_row(m, row)[j] = sum > 0 ? (float)((double)mat_at(m, row, j) / sum) : row == j;
}

void rollout_mix(Mat out, Mat maps, int heads) {
    maps_mean(out, maps, heads);
    for (int i = 0; i < out.rows; i++) {
        for (int j = 0; j < out.cols; j++) mat_row(out, i)[j] = mat_at(out, i, j) / 2 + (i == j ? 0.5f : 0);
        make_one(out, i);
    }
}

void rollout_roll(Mat *rolled, const Mat *mix, int layers) {
    mat_copy(rolled[0], mix[0]);
    for (int l = 1; l < layers; l++) mat_mul(rolled[l], 1, mix[l], rolled[l - 1], 0);
}

void rollout_even_field(Mat mix, Mask mask) {
    for (int j = 0; j < mix.cols; j++) {
        int queries = 0;
        for (int i = 0; i < mix.rows; i++) queries += mask_allows(mask, i, j) || i == j; /* its residual sees itself */
        for (int i = 0; i < mix.rows; i++) mat_row(mix, i)[j] /= (float)queries;
    }
    for (int i = 0; i < mix.rows; i++) make_one(mix, i);
}
