/* Exercise 16.3 (code, 2 points, 8 minutes): a penalty for what has been said.
 *
 * Greedy text runs in circles. One remedy (Keskar et al. 2019) makes every token that has been written less likely,
 * before anything is drawn: a positive logit is divided by the penalty, a negative one multiplied by it, so that both
 * become smaller. A token that was written five times is punished once.
 *
 * In place: logits [vocab]; written [n] are ids below vocab, many of them more than once. penalty >= 1.
 *
 * Example: logits 2 -1 4, written 0 1 0, penalty 2    ->    1 -2 4
 *
 * Replace NOT_STARTED() by your code. Check: make check-16.3    Hint: make hint-16.3 */
#include "course.h"

void punish_repetition(float *logits, int vocab, const int *written, int n, float penalty) {
    NOT_STARTED();
}
