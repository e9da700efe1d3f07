/* attention_backward - multi-head attention run backwards, under any mask: the maps know it, for a forbidden cell has
 * weight 0 and so gradient 0. Told in stages/14_backprop. Shapes as in attention.h. */
#ifndef ATTENTION_ATTENTION_BACKWARD_H
#define ATTENTION_ATTENTION_BACKWARD_H
#include "attention/attention.h"

/* From dout (n, C), the gradient of attention_forward's out, to dq (n, C), dk and dv (m, C), which are ADDED to. maps
 * (heads * n, m) as attention_forward left them. A bias has no part in it but by the maps. */
void attention_backward(Attention a, Mat maps, Mat dout, Mat dq, Mat dk, Mat dv);

/* One head for the training loop: `head` has one head's columns (attention_head), map (n, m) is its map, dout (n, d)
 * and the results are its columns, scratch (n, m) room for the scores' gradient. keep (n, m) holds dropout's factors of
 * the map, or data NULL. add 0 or 1: dq, dk, dv are WRITTEN, or ADDED to. ranges are the mask's; NULL: nothing is known
 * of it. Nothing is allocated. */
void attention_head_backward(Attention head, Mat map, Mat keep, Mat dout, Mat dq, Mat dk, Mat dv, Mat scratch,
                             float add, const MaskRanges *ranges);
#endif
