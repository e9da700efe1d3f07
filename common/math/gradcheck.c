#include "math/gradcheck.h"

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
