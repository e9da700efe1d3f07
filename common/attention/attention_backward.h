/* attention_backward - multi-head attention run backwards, under any mask: the maps know it, for a forbidden cell has
 * weight 0 and so gradient 0. Told in stages/14_backprop. Shapes as in attention.h. */
#ifndef ATTENTION_ATTENTION_BACKWARD_H
#define ATTENTION_ATTENTION_BACKWARD_H
#include "math/mat.h"
#include "math/fast/rows.h"

/* From dout (n, C), the gradient of attention_forward's out, to dq (n, C), dk and dv (m, C), which are ADDED to. maps
 * (heads * n, m), q, k, v as attention_forward had and left them. */
void attention_backward(Mat dq, Mat dk, Mat dv, Mat dout, Mat maps, Mat q, Mat k, Mat v, int heads);

/* Outside keys[i] (of n) row i of a map is zero, outside queries[j] (of m) column j: what need not be multiplied. NULL
 * is all of them. */
typedef struct {
    const RowRange *keys, *queries;
} MapRanges;

/* One head for the training loop: q, k, v, dout and the results are this head's columns, map (n, m) its map, scratch
 * (n, m) room for the scores' gradient. keep (n, m) holds dropout's factors of the map, or data NULL. Nothing is
 * allocated; dq, dk, dv are WRITTEN. scale is that of the scores. */
void attention_head_backward(Mat dq, Mat dk, Mat dv, Mat dout, Mat map, Mat keep, Mat q, Mat k, Mat v, float scale,
                             Mat scratch, MapRanges seen);
#endif
