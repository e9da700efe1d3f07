/* Exercise 18.2 (code, 4 points, 15 minutes): the decoder's block.
 *
 * x (n, C) is the stream; it goes in as the block's input and comes out as its output:
 *
 *   x = x + mix(attention(q, k, v)),   where q, k, v side by side are qkv(norm of x)
 *   x = x + narrow(gelu(widen(norm of x)))
 *
 * Each norm reads the stream, leaves it as it is, and has an eps of its own. Attention has `heads` heads and is causal;
 * scores may be thousands. common/ has the parts (math/layers.h, attention/attention.h, ACTIVATION_GELU_TANH in
 * math/activation.h); Workers may be NULL. GptLayer is in model/gpt.h: q is the first C rows of qkv, then come k's and
 * v's; between widen and narrow a row is as wide as widen.weight has rows, 4C or not. Free what you make.
 *
 * Example: one token, one head, C = 2, inner = 2, both norms with gain 1, bias 0 and eps 0, all biases 0, q and k of
 * zeros, and v, mix, widen, narrow that leave a row as it is:
 *   x = 1 3; its norm is -1 1, and a token alone looks at itself: x becomes 0 4; the norm is -1 1 again;
 *   gelu makes it -0.1588 0.8412; x becomes -0.1588 4.8412
 *
 * A Mat may be a view, with its rows `stride` numbers apart: mat_at(m, i, j) reads, mat_row(m, i)[j] = ... writes.
 * Replace NOT_STARTED() by your code. Check: make check-18.2    Hint: make hint-18.2 */
#include "course.h"
#include "attention/attention.h"
#include "model/gpt.h"

void decoder_block(Mat x, const GptLayer *layer, int heads) {
    NOT_STARTED();
}
