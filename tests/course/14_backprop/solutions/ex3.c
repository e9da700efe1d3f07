/* Exercise 14.3: softmax, backwards, for one row. */
#include "course.h"

void softmax_back(float *d, const float *y, int n) {
    float mean = 0;
    for (int k = 0; k < n; k++) mean += y[k] * d[k];
    for (int j = 0; j < n; j++) d[j] = y[j] * (d[j] - mean);
}
