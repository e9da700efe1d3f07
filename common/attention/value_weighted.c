#include "attention/value_weighted.h"
#include "attention/rollout.h"

#include <assert.h>
#include <math.h>

/* |v_j| of one head. */
static double length_of(Mat v, int token) {
    double sum = 0;
    for (int c = 0; c < v.cols; c++) sum += (double)mat_at(v, token, c) * (double)mat_at(v, token, c);
    return sqrt(sum);
}

void attention_value_weighted(const Attention *a, int head, Mat map, Mat out, float *lengths) {
    Mat v = attention_head(*a, head).v;
    assert(v.rows == map.cols && map.rows == out.rows && map.cols == out.cols);
    for (int j = 0; j < map.cols; j++) {
        double length = length_of(v, j);
        if (lengths) lengths[j] = (float)length;
        for (int i = 0; i < map.rows; i++) mat_row(out, i)[j] = (float)(length * (double)mat_at(map, i, j));
    }
    map_shares(out);
}
