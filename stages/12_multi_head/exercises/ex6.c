/* Exercise 12.6 (code, 5 points, 20 minutes): the block, of which models are stacked.
 *
 * x (n, C) goes in and comes out. The block is pre-norm, as in block_told:
 *
 *   x += mix(attention(q, k, v)),   q, k, v = the three parts of qkv(norm of x), in `heads` heads, under the mask
 *   x += narrow(gelu(widen(norm of x)))
 *
 * The layer's numbers are in a GptLayer (model/gpt.h): qkv.weight (3C, C) has the queries' rows first, then the keys',
 * then the values'; before_attention and before_feed_forward are the norms, each with its eps. GELU is the tanh form.
 *
 * Your 12.5 is the middle: paste it in. For the rest use what common/ has (math/layers.h, ACTIVATION_GELU_TANH;
 * Workers may be NULL), or loops. Between widen and narrow a row is as wide as widen.weight has rows, 4C or not.
 * Free what you make.
 *
 * Example: one word 1 3; norms of gain 1, bias 0, eps 0; all weights and biases 0 but the bias of narrow, 10 20:
 *   attention adds 0, feed-forward adds 10 20, and x = 11 23
 *
 * A Mat may be a view, with its rows `stride` numbers apart: mat_at(m, i, j) reads, mat_row(m, i)[j] = ... writes.
 * Replace NOT_STARTED() by your code. Check: make check-12.6    Hint: make hint-12.6 */
#include "course.h"
#include "attention/mask.h"
#include "math/layers.h"
#include "model/gpt.h"
#include <math.h>

void block(Mat x, const GptLayer *layer, int heads, Mask mask) {
    NOT_STARTED();
}
