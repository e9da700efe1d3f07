#include "attention/attention_backward.h"
#include "math/layers_backward.h"
#include "math/rows.h"

#include <assert.h>

/* Forward, line by line:  S = scale Q K^T + bias,  A = softmax(S) over allowed keys,  D = A * keep,  O = D V. Backward,
 * from the last line to the first; `add` is 1 or 0. */
void attention_head_backward(Attention head, Mat map, Mat keep, Mat dout, Mat dq, Mat dk, Mat dv, Mat scratch,
                             float add, const MaskRanges *ranges) {
    const RowRange *keys = ranges ? ranges->keys : NULL, *queries = ranges ? ranges->queries : NULL;
    if (keep.data) { /* O = D V needs D once more */
        mat_copy(scratch, map);
        dropout_backward(scratch, keep);
        columns_times(dv, scratch, dout, add, queries);
    }
    rows_times_weights_within(scratch, dout, head.v, keys); /* dD = dO V^T */
    if (keep.data) dropout_backward(scratch, keep);
    softmax_backward(scratch, map, attention_scale(&head)); /* dS, with the scale of S = scale Q K^T already in it */
    /* dV = D^T dO only now: its columns would wait for memory, had the map's rows not been read before. */
    if (!keep.data) columns_times(dv, map, dout, add, queries);
    rows_times(dq, scratch, head.k, add, keys);       /* dQ = dS K */
    columns_times(dk, scratch, head.q, add, queries); /* dK = dS^T Q */
}

void attention_backward(Attention a, Mat maps, Mat dout, Mat dq, Mat dk, Mat dv) {
    assert(a.heads > 0 && a.q.cols % a.heads == 0 && maps.rows == a.heads * a.q.rows);
    int d = a.q.cols / a.heads;
    Mat scratch = mat_new(a.q.rows, a.k.rows), none = {0};
    for (int h = 0; h < a.heads; h++)
        attention_head_backward(attention_head(a, h), attention_map(maps, a.q.rows, h), none, mat_cols(dout, h * d, d),
                                mat_cols(dq, h * d, d), mat_cols(dk, h * d, d), mat_cols(dv, h * d, d), scratch, 1,
                                NULL);
    mat_free(&scratch);
}
