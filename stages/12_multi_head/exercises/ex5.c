/* Exercise 12.5 (code, 6 points, 25 minutes): multi-head attention, from words to words.
 *
 * x (n, C) are n words. query, key, value and mix are Linear layers (math/layers.h): weight (C, C) and bias [C], y = x
 * weight^T + bias. Cut q, k and v into `heads` heads of d = C / heads columns each: head h has columns h d to
 * (h + 1) d - 1. Each head is 09.6's, on its own columns, over the keys that the mask allows: mask_allows(mask, i, j)
 * (attention/mask.h) says whether word i may look at word j. A word that may look at none has a context of zeros.
 * The heads' contexts, side by side (n, C), go through mix into out (n, C).
 *
 * linear_forward(NULL, y, x, layer, ACTIVATION_NONE) is a Linear layer. Write the heads yourself: attention_forward
 * would do it all, and you would have learnt nothing. Scores may be as large as 10,000. Free what you make.
 *
 * Example: C = 2, two heads, one word x = 3 5; value and mix leave a row as it is, biases 0: out = 3 5
 *
 * A Mat may be a view, with its rows `stride` numbers apart: mat_at(m, i, j) reads, mat_row(m, i)[j] = ... writes.
 * Replace NOT_STARTED() by your code. Check: make check-12.5    Hint: make hint-12.5 */
#include "course.h"
#include "attention/mask.h"
#include "math/layers.h"
#include <math.h>

void multi_head(Mat out, Mat x, Linear query, Linear key, Linear value, Linear mix, int heads, Mask mask) {
    NOT_STARTED();
}
