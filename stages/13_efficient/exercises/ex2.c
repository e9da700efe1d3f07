/* Exercise 13.2 (code, 3 points, 10 minutes): a softmax that streams.
 *
 * Return the sum of weight_j * value_j, where the weights are the softmax of the scores. One pass: next_pair gives you
 * a score and a value, once, and false when there are no more. Nobody tells you how many there are, millions perhaps,
 * so you cannot keep them. Scores may be billions, and rise or fall: no exp may overflow. Sum in double. No pair at
 * all: return 0.
 *
 * Example: scores 0 0, values 1 3   ->   2      scores 1000 1001, values 1 0   ->   0.2689
 *
 * Replace NOT_STARTED() by your code. Check: make check-13.2    Hint: make hint-13.2 */
#include "course.h"
#include <math.h>

double streamed_mean(bool (*next_pair)(void *source, double *score, double *value), void *source) {
    NOT_STARTED();
}
