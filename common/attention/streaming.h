/* streaming - attention that keeps no maps and never makes the n x m matrix. Told in stages/13_efficient.
 *
 * Strips of queries walk over the tiles that their mask leaves over (banded.h). The softmax streams: a running maximum
 * and a running sum for each query, and what was summed under an older maximum is scaled down when a larger one
 * appears. Sources: Milakov and Gimelshein 2018 (online softmax), Dao et al. 2022 (FlashAttention), Beltagy et al. 2020
 * (banded attention). */
#ifndef ATTENTION_STREAMING_H
#define ATTENTION_STREAMING_H
#include "attention/attention.h"

/* out (n, C) = what attention_forward gives, within 1e-5 of it: time in proportion to the tiles that hold an allowed
 * cell, memory O(n + m). Any mask, any scale; a bias must be one by distance (asserted, as is first = 0). The numbers
 * do not depend on the workers. */
void attention_streaming(Workers *workers, Attention a, Mat out);

/* The scratch memory of that call, in bytes: no product n * m in it. */
size_t attention_streaming_bytes(int workers, int n, int m, int heads, int d_head, bool biased);
#endif
