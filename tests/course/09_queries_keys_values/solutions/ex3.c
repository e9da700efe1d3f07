/* Exercise 09.3: entropy. */
#include "course.h"
#include <math.h>

float entropy(const float *weights, int n) {
    double sum = 0;
    for (int j = 0; j < n; j++)
        if (weights[j] > 0) sum -= (double)weights[j] * log((double)weights[j]);
    return (float)sum;
}
