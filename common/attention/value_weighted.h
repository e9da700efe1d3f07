/* value_weighted - a head's map with the length of the values in it. A token that gets half of the weight but whose
 * value vector is nearly zero adds nearly nothing: looking there is a way of looking nowhere, and [SEP] is often used
 * so. Drawn in stages/19_heads. Source: Kobayashi et al. 2020 (whose vectors have gone through the output matrix too;
 * these have not). */
#ifndef ATTENTION_VALUE_WEIGHTED_H
#define ATTENTION_VALUE_WEIGHTED_H
#include "attention/attention.h"

/* out (n, m) = map_ij |v_j|, made to sum to 1 in each row, so that it can be held against the map (n, m), the weights
 * of one head of `a`. A row whose sum is 0 stays 0. lengths [m] |v_j|; NULL: not wanted. */
void attention_value_weighted(const Attention *a, int head, Mat map, Mat out, float *lengths);
#endif
