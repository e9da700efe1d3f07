/* Exercise 15.5 (code, 6 points, 25 minutes): the training loop.
 *
 * Train gpt for `steps` steps on the text ids [n]. Step s = 0, 1, 2, ... reads one window of `length` tokens from
 * first = (s * length) % (n - length) on; token i of it is asked for the one behind it. In each step:
 *
 *   losses[s] = the mean loss over the window's `length` targets, before the step
 *   the gradient of that mean, in room of your own (gpt_weights_new), not added to that of the step before
 *   norm = the Euclidean length of the whole gradient, gradient.numbers [gpt->count]
 *   adamw_step on gpt->weights.numbers, of which the first gpt->decayed are matrices
 *
 * gpt_learn (model/gpt_pass.h) runs a window forwards and backwards; give it one sequence, the causal mask, no dropout
 * (rng NULL). adamw_step (math/optimizer.h) wants two rows of gpt->count zeros, m and v, that live through all steps.
 * Free what you make: gpt_pass_free, gpt_weights_free, free.
 *
 * Example: n = 5, length 2: the windows begin at 0, 2, 1, 0, 2, 1, ...
 *
 * Replace NOT_STARTED() by your code. Check: make check-15.5    Hint: make hint-15.5 */
#include "course.h"
#include "math/optimizer.h"
#include "model/gpt_pass.h"
#include <math.h>
#include <stdlib.h>

void train(Gpt *gpt, float *losses, const int *ids, int n, int length, int steps, AdamW plan) {
    NOT_STARTED();
}
