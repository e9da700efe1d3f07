#include "math/gradcheck.h"

#include <assert.h>
#include <math.h>

double slope_by_difference(float *number, float nudge, LossFunction loss, void *context) {
    float before = *number;
    volatile float above = before + nudge, below = before - nudge; /* what a float can hold of them */
    *number = above;
    double up = loss(context);
    *number = below;
    double down = loss(context);
    *number = before;
    return (up - down) / ((double)above - (double)below);
}

double gradient_error(Mat x, Mat analytic, Mat numeric, float nudge, LossFunction loss, void *context) {
    assert(x.rows == analytic.rows && x.cols == analytic.cols);
    double worst = 0;
    for (int i = 0; i < x.rows; i++)
        for (int j = 0; j < x.cols; j++) {
            double slope = slope_by_difference(mat_row(x, i) + j, nudge, loss, context);
            double apart = fabs(slope - (double)mat_at(analytic, i, j));
            if (isnan(apart)) return INFINITY;
            if (numeric.data) mat_row(numeric, i)[j] = (float)slope;
            worst = fmax(worst, apart);
        }
    return worst;
}
