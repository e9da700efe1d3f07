/* loss - how wrong a prediction is: cross-entropy, in nats. Told in stages/14_backprop. */
#ifndef MATH_LOSS_H
#define MATH_LOSS_H
#include "math/mat.h"

enum { NO_TARGET = -1 }; /* a place that is not asked about */

/* The sum over rows of -log softmax(logits)[target], logits (n, V), targets [n] below V or NO_TARGET. logits is used
 * up: it becomes the gradient of scale * that sum, which is scale * (softmax - one-hot), and 0 where there is no
 * target. */
double cross_entropy_backward(Mat logits, const int *targets, float scale);

/* The same sum without the gradient; logits is used up here too. */
double cross_entropy(Mat logits, const int *targets);
#endif
