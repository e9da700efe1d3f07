#include "attention/attention_backward.h"
#include "attention/attention.h"
#include "math/layers_backward.h"
#include "math/fast/rows.h"

#include <assert.h>
#include <math.h>

/* Forward, line by line:  S = scale Q K^T,  A = softmax(S) over allowed keys,  D = A * keep,  O = D V. Backward, from
 * the last line to the first; `add` is 1 or 0, and `seen` what the mask leaves of the map. */
static void head_backward(Mat dq, Mat dk, Mat dv, Mat dout, Mat map, Mat keep, Mat q, Mat k, Mat v, float scale,
                          Mat scratch, float add, MapRanges seen) {
    if (keep.data) { /* O = D V needs D once more */
        mat_copy(scratch, map);
        dropout_backward(scratch, keep);
        columns_times(dv, scratch, dout, add, seen.queries);
    }
    rows_times_weights_within(scratch, dout, v, seen.keys); /*             dD = dO V^T */
    if (keep.data) dropout_backward(scratch, keep);
    softmax_backward(scratch, map, scale); /* dS, with the scale of S = scale Q K^T already in it */
    /* dV = D^T dO only now: its columns would wait for memory, had the map's rows not been read before. */
    if (!keep.data) columns_times(dv, map, dout, add, seen.queries);
    rows_times(dq, scratch, k, add, seen.keys);       /* dQ = dS K */
    columns_times(dk, scratch, q, add, seen.queries); /* dK = dS^T Q */
}

void attention_head_backward(Mat dq, Mat dk, Mat dv, Mat dout, Mat map, Mat keep, Mat q, Mat k, Mat v, float scale,
                             Mat scratch, MapRanges seen) {
    head_backward(dq, dk, dv, dout, map, keep, q, k, v, scale, scratch, 0, seen);
}

void attention_backward(Mat dq, Mat dk, Mat dv, Mat dout, Mat maps, Mat q, Mat k, Mat v, int heads) {
    assert(heads > 0 && q.cols % heads == 0 && maps.rows == heads * q.rows);
    int d = q.cols / heads;
    float scale = 1 / sqrtf((float)d);
    Mat scratch = mat_new(q.rows, k.rows), none = {0};
    for (int h = 0; h < heads; h++)
        head_backward(mat_cols(dq, h * d, d), mat_cols(dk, h * d, d), mat_cols(dv, h * d, d), mat_cols(dout, h * d, d),
                      attention_map(maps, q.rows, h), none, mat_cols(q, h * d, d), mat_cols(k, h * d, d),
                      mat_cols(v, h * d, d), scale, scratch, 1, (MapRanges){0});
    mat_free(&scratch);
}
