/* Exercise 14.5: clip a gradient. */
#include "course.h"
#include <math.h>

double clip_gradient(float *g, size_t n, double most) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)g[i] * (double)g[i];
    double length = sqrt(sum);
    if (length > most)
        for (size_t i = 0; i < n; i++) g[i] = (float)((double)g[i] * (most / length));
    return length;
}
