/* Exercise 17.6 (code, 8 points, 40 minutes): BERT's layer, and all of MiniLM through it.
 *
 * x (n, C) goes in as the layer's input and comes out as its output; maps (heads * n, n) is to be filled, head h's map
 * in rows h n to (h + 1) n - 1. BERT is post-norm: it adds first and norms then.
 *
 *   x = after_attention norm of (x + mix(attention(q, k, v)))      q, k, v = query(x), key(x), value(x)
 *   x = after_feed_forward norm of (x + narrow(gelu(widen(x))))    gelu by erf: ACTIVATION_GELU_ERF
 *
 * Every token sees every token, scores may be thousands, and each norm has an eps of its own. BertLayer is in
 * model/bert.h. You may paste your 12.5, or use what common/ has (Workers may be NULL). Between widen and narrow a row
 * is as wide as widen.weight has rows, 4C or not. Free what you make.
 *
 * The check runs your layer on a small model, then on all six layers of MiniLM, the output of each as the input of the
 * next, when data/minilm is there. After it passes, `make draw-17.6` draws your 72 maps beside the course's.
 *
 * Example: one token 1 3, all weights and biases 0, norms of gain 1, bias 0 and eps 0: x = -1 1, and map = 1
 *
 * A Mat may be a view, with its rows `stride` numbers apart: mat_at(m, i, j) reads, mat_row(m, i)[j] = ... writes.
 * Replace NOT_STARTED() by your code. Check: make check-17.6    Hint: make hint-17.6 */
#include "course.h"
#include "attention/attention.h"
#include "model/bert.h"
#include <math.h>

void encoder_layer(Mat x, Mat maps, const BertLayer *layer, int heads) {
    NOT_STARTED();
}
