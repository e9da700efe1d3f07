/* Exercise 14.2 (code, 3 points, 8 minutes): a linear layer, backwards.
 *
 * Forwards it was y = x W^T: y(i, o) is the sum over c of x(i, c) W(o, c). You get dy, the slope of the loss along each
 * number of y, and ADD the slopes along W to dweight and those along x to dx.
 *
 * Example: x is 1 2, W is 3 4   and dy is 1 10. Then dweight gets  1  2   and dx gets 53 64
 *                         5 6                                    10 20
 * (53 = 1 * 3 + 10 * 5: x(0, 0) reached the loss on two ways.)
 *
 * A Mat may be a view, with its rows `stride` numbers apart: mat_at(m, i, j) reads, mat_row(m, i)[j] = ... writes.
 * Replace NOT_STARTED() by your code. Check: make check-14.2    Hint: make hint-14.2 */
#include "course.h"
#include "math/mat.h"

void linear_back(Mat dx, Mat dweight, Mat dy, Mat x, Mat weight) {
    NOT_STARTED();
}
