/* layers_backward - the layers of layers.h run backwards: from the gradient of what came out (d-prefix, the loss's
 * derivative) to the gradients of what went in. Told in stages/14_backprop; checked by central differences and against
 * PyTorch in tests/unit. All run on the calling thread, allocate nothing, and ADD to what they are given where it says
 * so, because a number that is used twice gets two gradients. */
#ifndef MATH_LAYERS_BACKWARD_H
#define MATH_LAYERS_BACKWARD_H
#include "base/rng.h"
#include "math/layers.h"

/* y (n, m) = x (n, k) W^T + b, W (m, k). dweight = dy^T x + keep * dweight and dbias = column sums of dy + keep *
 * dbias, keep 0 or 1: with 0 nothing needs to be zeroed first. dx = dy W; dx.data NULL: not wanted; dbias NULL: no
 * bias. */
void linear_backward(Mat dx, Mat dweight, float *dbias, Mat dy, Mat x, Mat weight, float keep);

/* dtable (V, C): row ids[i] += dout's row i. A word that occurs twice gets both. */
void embedding_backward(Mat dtable, Mat dout, const int *ids);

/* dx, dgain, dbias: ADDED to. dy, x (n, C): the gradient of layer_norm_forward's out, and its x. */
void layer_norm_backward(Mat dx, float *dgain, float *dbias, Mat dy, Mat x, LayerNorm norm);

/* y (n, m) = activation(y) in place, and slope (n, m) = its derivative; then backwards dy *= slope, and dbias [m] = its
 * column sums + keep * dbias, keep 0 or 1, as linear_backward would have them of the layer before, whose bias stands in
 * y; dbias NULL: not wanted. */
void activation_forward(Mat y, Mat slope, Activation activation);
void activation_backward(Mat dy, Mat slope, float *dbias, float keep);

/* d arrives as the gradient of y = softmax of each row of (scale * x) and leaves as the gradient of x. */
void softmax_backward(Mat d, Mat y, float scale);

/* x *= keep, where keep (n, m) is drawn by nn.Dropout's recipe (base/rng.h): 0 with probability p, else 1/(1-p).
 * Backwards is the same multiplication of the gradient by the same keep. */
void dropout_forward(Mat x, Mat keep, double p, Rng *rng);
void dropout_backward(Mat dx, Mat keep);
#endif
