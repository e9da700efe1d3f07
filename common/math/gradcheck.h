/* gradcheck - is a gradient right? Nudge one number up and down, and see how the loss really moves: the central
 * difference (f(x + e) - f(x - e)) / 2e, whose error shrinks with e squared. Told in stages/14_backprop. */
#ifndef MATH_GRADCHECK_H
#define MATH_GRADCHECK_H

/* The loss, as a sum in double precision, for the numbers as they are now. */
typedef double (*LossFunction)(void *context);

/* The slope of the loss along one number, which is nudged by +-nudge and restored. The step is taken between the two
 * floats that really were stored, so rounding x + nudge costs nothing. */
double slope_by_difference(float *number, float nudge, LossFunction loss, void *context);
#endif
