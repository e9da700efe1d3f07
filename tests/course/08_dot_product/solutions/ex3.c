/* Exercise 08.3: a softmax that survives. */
#include "course.h"
#include <math.h>

void softmax(float *scores, int n) {
    float top = scores[0];
    for (int j = 1; j < n; j++)
        if (scores[j] > top) top = scores[j];
    double sum = 0;
    for (int j = 0; j < n; j++) sum += exp((double)scores[j] - (double)top);
    for (int j = 0; j < n; j++) scores[j] = (float)(exp((double)scores[j] - (double)top) / sum);
}
